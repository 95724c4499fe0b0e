import { START, type TokenKind, tokenizeLine } from "./tokens.ts";

/** SGR parameters, those that results have. Yellow, blue and grey cannot be read on every background. */
export const TOKEN_COLORS: Readonly<Record<TokenKind, string | undefined>> = {
  keyword: "1",
  constant: "35",
  number: "35",
  string: "32",
  comment: "2",
  type: "36",
  bracket: undefined,
};

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
        const colour = TOKEN_COLORS[kind];
        const piece = line.slice(start, end);
        shown += line.slice(at, start);
        shown += colour === undefined ? piece : `\u001b[${colour}m${piece}\u001b[${ENDS[colour] ?? "39"}m`;
        at = end;
      }
      return shown + line.slice(at);
    })
    .join("\n");
}
