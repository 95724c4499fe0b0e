import { escapeControls, MAX_SGR } from "../term/escape.ts";
import { changeRendition } from "./rendition.ts";

const ESC = "\u001b";
const RESET = `${ESC}[0m`;
const UNFINISHED = new RegExp(`^${ESC}(?:\\[[\\d;:]*)?$`);

/**
 * What a process on another node prints, made fit for this terminal: text, line feeds, tabs and colours (SGR) pass,
 * every other control is shown as an escape, so that nothing can move the cursor, set a title, or make the terminal
 * type an answer at the prompt. One filter per stream, because a sequence may be split between two writes.
 *
 * As the introducer of each sequence is escaped, what follows it is mere text to the terminal and needs no parsing.
 *
 * ```ts
 * const filter = new OutputFilter();
 * filter.write("\x1b[2J"); // "\\x1b[2J"
 * ```
 */
export class OutputFilter {
  /** The start of what may become a colour, a carriage return before its line feed, or half a surrogate pair. */
  #held = "";

  /**
   * The part of `chunk` that can be shown now, with what an earlier chunk held back. Colours that are left on are reset
   * at its end, before a final line feed. Linear in the chunk's length; holds back at most 63 characters; never fails.
   */
  write(chunk: string): string {
    const text = this.#held + chunk;
    const end = text.length - unfinishedLength(text);
    this.#held = text.slice(end);
    return render(text.slice(0, end));
  }

  /** What is held back, escaped, at the end of the stream. The filter may be used again. */
  end(): string {
    const text = this.#held;
    this.#held = "";
    return render(text);
  }
}

function unfinishedLength(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  if (last === 0x0d || (last >= 0xd800 && last <= 0xdbff)) return 1;
  const tail = text.slice(-(MAX_SGR - 1));
  const start = tail.lastIndexOf(ESC);
  if (start === -1) return 0;
  const sequence = tail.slice(start);
  return UNFINISHED.test(sequence) ? sequence.length : 0;
}

function render(text: string): string {
  const rendition = new Set<string>();
  const shown = escapeControls(text.replaceAll("\r\n", "\n"), {
    newlines: true,
    onColour: (parameters) => {
      changeRendition(rendition, parameters);
    },
  });
  if (rendition.size === 0) return shown;
  // Whoever draws the prompt looks at the last character to know where the cursor is.
  return shown.endsWith("\n") ? `${shown.slice(0, -1)}${RESET}\n` : shown + RESET;
}
