/** How what is typed looks: its colours, the pair of brackets at the cursor, and what would not show or would steer the terminal. */
import stringWidth from "string-width";
import type { StatementPrompts } from "../io/device.ts";
import { escapeControls } from "../term/escape.ts";
import { matchingBracket } from "./brackets.ts";
import type { Buffer } from "./buffer.ts";
import type { EditorState } from "./state.ts";
import { styleOf } from "../shell/highlight.ts";
import { tokensOf, type Tokenize } from "../shell/tokens.ts";

/** How text is painted. */
export interface Look {
  readonly colors: boolean;
  /** Reads lines; it should remember them, as each key paints all of them. */
  readonly tokenize: Tokenize;
}

export const DIM = "2";
/** No colour, so it is there without colours as well. */
const PAIR = "1;4";
const TAB_WIDTH = 4;

/** Cells a grapheme takes: 0, 1 or 2, and a tab's. */
export function widthOf(grapheme: string): number {
  if (grapheme === "\t") return TAB_WIDTH;
  return grapheme.length === 1 && grapheme >= " " && grapheme <= "~" ? 1 : stringWidth(grapheme);
}

/**
 * What stands for a grapheme that has no cell of its own, or that would do something to the terminal or to the order of
 * what is around it; `undefined` for one that can be shown.
 */
export function substitute(grapheme: string): string | undefined {
  if (grapheme === "\t") return " ".repeat(TAB_WIDTH);
  if (grapheme.length === 1 && grapheme >= " " && grapheme <= "~") return undefined;
  const escaped = escapeControls(grapheme);
  if (escaped !== grapheme) return escaped;
  if (widthOf(grapheme) > 0) return undefined;
  return Array.from(grapheme, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
}

/** The SGR parameters of each grapheme of a buffer; `pair` for the brackets at its cursor. */
export function stylesOf(buffer: Buffer, look: Look | undefined, pair = true): readonly (string | undefined)[] {
  const styles: (string | undefined)[] = [];
  if (!look) return styles;
  if (look.colors) {
    for (const { kind, start, end } of tokensOf(buffer, look.tokenize)) {
      const style = styleOf(kind);
      if (style !== undefined) for (let at = start; at < end; at++) styles[at] = style;
    }
  }
  const brackets = pair ? matchingBracket(buffer, "near", look.tokenize) : undefined;
  if (brackets) styles[brackets.bracket] = styles[brackets.partner] = PAIR;
  return styles;
}

/** Text with a style for each part, plain and with SGR sequences. */
export class Styled {
  text = "";
  #styled = "";
  #style = "";
  #plain = true;

  put(text: string, style = ""): void {
    if (style !== this.#style) {
      this.#styled += (this.#style === "" ? "" : "\x1b[0m") + (style === "" ? "" : `\x1b[${style}m`);
      this.#style = style;
      this.#plain = false;
    }
    this.text += text;
    this.#styled += text;
  }

  /** With SGR sequences; `undefined` if there are none. */
  get styled(): string | undefined {
    if (this.#plain) return undefined;
    return this.#style === "" ? this.#styled : `${this.#styled}\x1b[0m`;
  }
}

/** What a read looks like when it is done: its prompts, and what was typed. */
export function typedLines({ reading, buffer }: EditorState, prompts: StatementPrompts, look?: Look): string {
  const styles = reading === "statement" ? stylesOf(buffer, look, false) : [];
  const lines: string[] = [];
  let line = new Styled();
  line.put(prompts.first);
  for (const [at, grapheme] of buffer.text.entries()) {
    if (grapheme === "\n") {
      lines.push(line.styled ?? line.text);
      line = new Styled();
      line.put(prompts.continuation);
    } else line.put(grapheme === "\t" ? grapheme : (substitute(grapheme) ?? grapheme), styles[at]);
  }
  return [...lines, line.styled ?? line.text].join("\n");
}
