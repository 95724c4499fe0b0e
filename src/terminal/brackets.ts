/** The bracket that belongs to the one at the cursor. Those in strings, templates and comments are text. */
import type { Buffer } from "./buffer.ts";
import { tokensOf, type Tokenize } from "../shell/tokens.ts";

const PARTNERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export interface BracketPair {
  /** Where the bracket at the cursor is, as a position in the buffer. */
  readonly bracket: number;
  readonly partner: number;
}

/** The pair at the cursor: of the bracket it is on, or else, with `"near"`, of the one before it. */
export function matchingBracket(buffer: Buffer, which: "on" | "near", tokenize?: Tokenize): BracketPair | undefined {
  const candidates = which === "on" ? [buffer.cursor] : [buffer.cursor, buffer.cursor - 1];
  const isBracket = (position: number): boolean => "()[]{}".includes(buffer.text[position] ?? " ");
  if (!candidates.some(isBracket)) return undefined;
  const partners = partnersIn(buffer, tokenize);
  for (const bracket of candidates) {
    const partner = partners.get(bracket);
    if (partner !== undefined) return { bracket, partner };
  }
  return undefined;
}

/** Where each pair opens and closes. */
export function bracketPairs(buffer: Buffer): readonly (readonly [open: number, close: number])[] {
  return [...partnersIn(buffer)].filter(([bracket, partner]) => bracket < partner);
}

function partnersIn(buffer: Buffer, tokenize?: Tokenize): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (const { kind, start } of tokensOf(buffer, tokenize)) {
    if (kind !== "bracket") continue;
    const opening = PARTNERS[buffer.text[start] ?? ""];
    if (opening === undefined) {
      open.push(start);
      continue;
    }
    const last = open.pop();
    if (last === undefined || buffer.text[last] !== opening) {
      // From here on nothing is certain.
      open.length = 0;
      continue;
    }
    partners.set(start, last);
    partners.set(last, start);
  }
  return partners;
}
