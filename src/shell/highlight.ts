import { type Hue, sgrOf } from "../term/palette.ts";
import { START, type TokenKind, tokenizeLine } from "./tokens.ts";

const STYLES: Readonly<Record<TokenKind, Hue | "1" | "2" | undefined>> = {
  keyword: "1",
  constant: "magenta",
  number: "magenta",
  string: "green",
  comment: "2",
  type: "cyan",
  bracket: undefined,
};

/** The SGR parameter of a token: bold, dim, or the colour that results have. */
export function styleOf(kind: TokenKind): string | undefined {
  const style = STYLES[kind];
  return style === undefined || style === "1" || style === "2" ? style : String(sgrOf(style));
}

const ENDS: Readonly<Record<string, string>> = { "1": "22", "2": "22" };

/** TypeScript with the colours that input has, line by line. What could steer the terminal is for the caller to escape first. */
export function highlighted(text: string): string {
  let state = START;
  return text
    .split("\n")
    .map((line) => {
      const read = tokenizeLine(line, state);
      state = read.state;
      let shown = "";
      let at = 0;
      for (const { kind, start, end } of read.tokens) {
        const colour = styleOf(kind);
        const piece = line.slice(start, end);
        shown += line.slice(at, start);
        shown += colour === undefined ? piece : `\u001b[${colour}m${piece}\u001b[${ENDS[colour] ?? "39"}m`;
        at = end;
      }
      return shown + line.slice(at);
    })
    .join("\n");
}
