/**
 * Text that came from elsewhere must not steer the terminal it is shown on: control characters move the cursor, set
 * titles or make the terminal type answers, and bidirectional controls make a line read as another one. They are shown
 * as escapes instead.
 */

const LINE_FEED = 0x0a;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESC = 0x1b;

/** Longer than any colour a program sets. */
export const MAX_SGR = 64;
const SGR = new RegExp(`${String.fromCharCode(ESC)}\\[([\\d;:]{0,${MAX_SGR - 3}})m`, "y");

/** How {@link escapeControls} escapes. */
export interface EscapeOptions {
  /** Lets line feeds and tabs through. */
  readonly newlines?: boolean;
  /** Lets colours (SGR sequences of at most 64 characters) through, and is told the parameters of each. */
  readonly onColour?: (parameters: string) => void;
}

/**
 * `text` with everything that could steer a terminal shown as an escape, such as `\x1b` or `\u202e`: C0, DEL and C1, the
 * bidirectional controls, line and paragraph separators, lone surrogates (a terminal would get U+FFFD), deprecated
 * format characters and the byte order mark. Linear in its length; never fails.
 */
export function escapeControls(text: string, options: EscapeOptions = {}): string {
  const newlines = options.newlines === true;
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 0x20 && code < 0x7f) || (newlines && (code === LINE_FEED || code === TAB)) || !isUnsafe(text, i, code))
      continue;
    if (code === ESC && options.onColour !== undefined) {
      SGR.lastIndex = i;
      const parameters = SGR.exec(text)?.[1];
      if (parameters !== undefined) {
        options.onColour(parameters);
        i = SGR.lastIndex - 1;
        continue;
      }
    }
    out += text.slice(from, i) + visible(code);
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** `text` in double quotes with JSON's escapes, and such escapes for all that {@link escapeControls} escapes. */
export function quote(text: string): string {
  let out = '"';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== QUOTE && code !== BACKSLASH && ((code >= 0x20 && code < 0x7f) || !isUnsafe(text, i, code))) continue;
    out += text.slice(from, i) + (JSON_ESCAPES[code] ?? `\\u${hex(code, 4)}`);
    from = i + 1;
  }
  return `${out}${text.slice(from)}"`;
}

const ESCAPES: Readonly<Record<number, string>> = { [LINE_FEED]: "\\n", [TAB]: "\\t", 0x0d: "\\r" };
const JSON_ESCAPES: Readonly<Record<number, string>> = {
  ...ESCAPES,
  0x08: "\\b",
  0x0c: "\\f",
  [QUOTE]: '\\"',
  [BACKSLASH]: "\\\\",
};

function visible(code: number): string {
  return ESCAPES[code] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

/** Whether the unit `code` at `i` may not be shown as it is. */
function isUnsafe(text: string, i: number, code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  if (code < 0x600) return false;
  if (code >= 0xd800 && code <= 0xdfff) {
    return code <= 0xdbff ? !isTrail(text.charCodeAt(i + 1)) : !isLead(text.charCodeAt(i - 1));
  }
  return (
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x206f) ||
    code === 0xfeff
  );
}

function isLead(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isTrail(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/**
 * The first `length` UTF-16 units of `text`, one less where the cut would part a surrogate pair.
 */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isLead(text.charCodeAt(length - 1)) ? length - 1 : length);
}

/**
 * `text` fit for one line of a log: escaped, and cut between characters to at most `maxBytes` bytes of UTF-8, the mark
 * `…` that stands for the rest included.
 */
export function forLog(text: string, maxBytes = 255): string {
  const mark = "…";
  const markBytes = 3;
  let out = "";
  let bytes = 0;
  // Where to cut if the mark turns out to be needed.
  let room = "";
  for (const char of text) {
    const shown = escapeControls(char);
    bytes += utf8Length(shown);
    if (bytes > maxBytes) return maxBytes < markBytes ? room : room + mark;
    out += shown;
    if (bytes <= maxBytes - markBytes || maxBytes < markBytes) room = out;
  }
  return out;
}

function utf8Length(text: string): number {
  const code = text.codePointAt(0) ?? 0;
  if (code < 0x80) return text.length;
  return code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
