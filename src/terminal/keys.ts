/**
 * Bytes from a terminal to keys. A terminal sends what was typed in chunks that have nothing to do with keys: several
 * keys in one, or one key over several.
 */
import { graphemes } from "./graphemes.ts";

/**
 * One key, one character, or one paste. A chord is the key's name after its modifiers in the order ctrl, alt, shift:
 * `"enter"`, `"ctrl+a"`, `"alt+b"`, `"ctrl+left"`, `"shift+tab"`.
 */
export type Key =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "chord"; readonly chord: string }
  | { readonly type: "paste"; readonly text: string };

const ESC = "\x1b";
const PASTE_END = "\x1b[201~";

/** Longer than any key, so what goes on without its last byte is no sequence. */
const LONGEST_SEQUENCE = 64;
/** A colour or title report from the terminal, which nobody typed. */
const LONGEST_REPORT = 4096;

const CSI = /^\x1b\[([0-9:;<=>?]*)[ -/]*([@-~])/;
const SS3 = /^\x1bO(\d?)([A-Za-z])/;
const REPORT = /^\x1b(?:\]\d|P[0-9>+$]|_G)[^\x07\x1b]*(?:\x07|\x1b\\)/;
const REPORT_BEGINS = /^\x1b(?:\]\d|P[0-9>+$]|_G)/;

const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  M: "enter",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

const NUMBERS: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

const CODE_POINTS: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  127: "backspace",
};

const CONTROLS: Readonly<Record<string, string>> = {
  "\0": "ctrl+space",
  "\b": "backspace",
  "\t": "tab",
  "\r": "enter",
  "\x1c": "ctrl+\\",
  "\x1d": "ctrl+]",
  "\x1e": "ctrl+^",
  "\x1f": "ctrl+_",
  "\x7f": "backspace",
};

/** Splits what a terminal sends into keys. Pure: it has no timer, so its owner calls {@link KeyParser.flush}. */
export class KeyParser {
  #rest = "";
  #pasting = false;
  /** The Escape in front was told as a key already. */
  #told = false;
  readonly #decoder = new TextDecoder();

  /**
   * What the parser waits for the end of: an Escape, which may be a key of its own, a sequence that has begun, or a paste.
   * Its owner gives each its time after the last chunk, and then flushes.
   */
  get pending(): "escape" | "sequence" | "paste" | undefined {
    if (this.#pasting) return "paste";
    if (this.#rest === "") return undefined;
    return this.#rest === ESC || this.#rest === `${ESC}${ESC}` ? "escape" : "sequence";
  }

  /** The keys that `chunk` completes. A character cut between two chunks of bytes is put together. */
  push(chunk: string | Uint8Array): Key[] {
    this.#rest += typeof chunk === "string" ? chunk : this.#decoder.decode(chunk, { stream: true });
    return this.#take(false);
  }

  /**
   * The keys that `chunk` completes, where it may be the rest of a sequence whose Escape was flushed: on a slow connection
   * the one comes long before the other.
   */
  resume(chunk: string | Uint8Array): Key[] {
    this.#rest = ESC;
    this.#told = true;
    return this.push(chunk);
  }

  /** The keys in what is left, taken as it is: a lone Escape, or a paste whose end never came. */
  flush(): Key[] {
    return this.#take(true);
  }

  #take(flush: boolean): Key[] {
    const keys: Key[] = [];
    while (this.#rest !== "") {
      if (!(this.#pasting ? this.#takePaste(keys, flush) : this.#takeKey(keys, flush))) break;
    }
    // An empty paste that never ends would otherwise hold for ever.
    if (flush) this.#pasting = false;
    return keys;
  }

  #takePaste(keys: Key[], flush: boolean): boolean {
    const end = this.#rest.indexOf(PASTE_END);
    if (end < 0 && !flush) return false;
    const text = end < 0 ? this.#rest : this.#rest.slice(0, end);
    this.#rest = end < 0 ? "" : this.#rest.slice(end + PASTE_END.length);
    this.#pasting = false;
    if (text !== "") keys.push({ type: "paste", text });
    return true;
  }

  #takeKey(keys: Key[], flush: boolean): boolean {
    const rest = this.#rest;
    if (rest.startsWith(ESC)) return this.#takeEscape(keys, flush);
    const code = rest.charCodeAt(0);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      this.#rest = rest.slice(1);
      const chord = controlChord(rest.charAt(0));
      if (chord !== undefined) keys.push({ type: "chord", chord });
      return true;
    }
    const run = /^[^\x00-\x1f\x7f-\x9f]+/.exec(rest)?.[0] ?? rest;
    this.#rest = rest.slice(run.length);
    for (const text of graphemes(run)) keys.push({ type: "text", text });
    return true;
  }

  #takeEscape(keys: Key[], flush: boolean): boolean {
    const rest = this.#rest;
    const sequence = CSI.exec(rest);
    if (sequence) {
      const [whole, parameters = "", final = ""] = sequence;
      const pastes = final === "~" && parameters === "200";
      const key = pastes ? undefined : csiKey(parameters, final);
      if (this.#told && !pastes && key === undefined) return this.#takeTold();
      this.#told = false;
      this.#rest = rest.slice(whole.length);
      this.#pasting = pastes;
      pushDefined(keys, key);
      return true;
    }
    const application = SS3.exec(rest);
    if (application) {
      this.#rest = rest.slice(application[0].length);
      const [, modifier = "", letter = ""] = application;
      const name = LETTERS[letter];
      if (name !== undefined) keys.push({ type: "chord", chord: withModifiers(name, Number(modifier || 1)) });
      return true;
    }
    const report = REPORT.exec(rest);
    if (report) {
      this.#rest = rest.slice(report[0].length);
      return true;
    }
    if (!flush && mayContinue(rest)) return false;
    if (rest.length === 1) {
      this.#rest = "";
      keys.push({ type: "chord", chord: "escape" });
      return true;
    }
    if (rest.startsWith(ESC, 1)) {
      // Escape Escape [ A: some terminals send Alt this way. Without a sequence behind it, the first is a key of its own.
      this.#rest = rest.slice(1);
      const after: Key[] = [];
      const taken = this.#takeEscape(after, flush);
      if (!taken) {
        this.#rest = rest;
        return false;
      }
      const [first, ...others] = after;
      if (first?.type === "chord" && first.chord !== "escape" && !first.chord.includes("alt+"))
        keys.push(alt(first.chord), ...others);
      else keys.push({ type: "chord", chord: "escape" }, ...after);
      return true;
    }
    if (this.#told) return this.#takeTold();
    const character = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    this.#rest = rest.slice(1 + character.length);
    if (/^[\x00-\x1f\x7f]/.test(character)) {
      keys.push(alt(controlChord(character) ?? "escape"));
    } else {
      keys.push(alt(character));
    }
    return true;
  }

  /** What followed an Escape that was told was text after all. */
  #takeTold(): boolean {
    this.#told = false;
    this.#rest = this.#rest.slice(ESC.length);
    return true;
  }
}

/** Whether more input could still make a sequence of this. */
function mayContinue(rest: string): boolean {
  if (rest === ESC || rest === `${ESC}${ESC}`) return true;
  if (REPORT_BEGINS.test(rest)) return rest.length < LONGEST_REPORT;
  if (/^\x1b\x1b?\[[0-9:;<=>?]*[ -/]*$/.test(rest)) return rest.length < LONGEST_SEQUENCE;
  return /^\x1b(?:\x1b?O\d?|\]|P|_)$/.test(rest);
}

function csiKey(parameters: string, final: string): Key | undefined {
  const fields = parameters.split(";");
  const [modifier = "1", event = "1"] = (fields[1] ?? "1").split(":");
  const modifiers = Number(modifier || 1);
  if (event === "3") return undefined; // a key let go
  if (final === "Z") return { type: "chord", chord: "shift+tab" };
  // "~" with 27 is xterm's modifyOtherKeys: the code point is the third field.
  if (final === "u") return codePointKey(Number((fields[0] ?? "").split(":")[0]), modifiers);
  if (final === "~" && fields[0] === "27") return codePointKey(Number(fields[2]), modifiers);
  const name = final === "~" ? NUMBERS[fields[0] ?? ""] : LETTERS[final];
  // A final M after digits is a mouse report, an R the cursor's place, I and O are focus events: not keys.
  if (name === undefined || (/^[MR]$/.test(final) && parameters !== "")) return undefined;
  return { type: "chord", chord: withModifiers(name, modifiers) };
}

function codePointKey(code: number, modifiers: number): Key | undefined {
  const name = CODE_POINTS[code];
  if (name !== undefined) return { type: "chord", chord: withModifiers(name, modifiers) };
  // Kitty puts keys that print nothing (a keypad, a media key) into the private use area.
  if (!(code >= 0x20 && code <= 0x10ffff) || (code >= 0xe000 && code <= 0xf8ff) || (code >= 0x7f && code < 0xa0))
    return undefined;
  const character = String.fromCodePoint(code);
  const bits = modifiers - 1;
  if ((bits & 0b110) === 0) return { type: "text", text: (bits & 1) === 1 ? character.toUpperCase() : character };
  return { type: "chord", chord: withModifiers(character === " " ? "space" : character, modifiers) };
}

/** The modifier is one more than the sum of shift 1, alt 2 and ctrl 4. Others (super, caps lock) are left out. */
function withModifiers(name: string, modifier: number): string {
  const bits = modifier - 1;
  return `${(bits & 4) === 4 ? "ctrl+" : ""}${(bits & 2) === 2 ? "alt+" : ""}${(bits & 1) === 1 ? "shift+" : ""}${name}`;
}

function controlChord(character: string): string | undefined {
  const named = CONTROLS[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  return code >= 1 && code <= 26 ? `ctrl+${String.fromCharCode(code + 96)}` : undefined;
}

function alt(chord: string): Key {
  return { type: "chord", chord: chord.startsWith("ctrl+") ? `ctrl+alt+${chord.slice(5)}` : `alt+${chord}` };
}

function pushDefined(keys: Key[], key: Key | undefined): void {
  if (key !== undefined) keys.push(key);
}
