/** A number typed before a command, by Alt and digits: how often it is done. Below zero, the other way. */
import type { EditorCommand } from "../shell/editor-commands.ts";

/** What has been typed of it: digits, with a `-` before them or alone. */
export type Digits = string;

/** More than a person means, and nothing that a prompt would stall at. */
const MOST = 10_000;

/** Each command that is done several times, and the one that undoes the way it goes. */
const OPPOSITES: Readonly<Partial<Record<EditorCommand, EditorCommand>>> = {
  left: "right",
  "word-left": "word-right",
  up: "down",
  "previous-entry": "next-entry",
  backspace: "delete",
  "kill-word-left": "kill-word-right",
  "kill-line-end": "kill-line-start",
};
const OTHER_WAY = new Map(
  Object.entries(OPPOSITES).flatMap(
    ([one, other]) =>
      [
        [one, other],
        [other, one as EditorCommand],
      ] as const,
  ),
);
const REPEATED = new Set<string>([
  ...OTHER_WAY.keys(),
  ...["newline", "transpose", "transpose-words", "uppercase-word", "lowercase-word", "capitalize-word"],
  ...["insert-space", "undo", "redo"],
]);

/** The first digit, or the `-`, that a chord begins an argument with. */
export function firstDigit(chord: string): Digits | undefined {
  return /^alt\+([\d-])$/u.exec(chord)?.[1];
}

/** What is typed so far with what a key adds to it; `undefined` for a key that the argument is for. */
export function nextDigits(digits: Digits, key: string): Digits | undefined {
  const added = firstDigit(key) ?? (/^\d$/u.test(key) ? key : undefined);
  if (added === "-") return digits.startsWith("-") ? digits.slice(1) || "1" : `-${digits}`;
  return added === undefined ? undefined : (digits + added).slice(0, 7);
}

/** The number; a `-` alone is one less than none. */
export function numberOf(digits: Digits): number {
  const number = digits === "-" ? -1 : Number(digits);
  return Math.max(-MOST, Math.min(MOST, number));
}

/** Which command is done how often, for one with an argument. What means nothing several times is done once. */
export function repeated(
  command: EditorCommand,
  number: number,
): { readonly command: EditorCommand; readonly times: number } {
  if (!REPEATED.has(command)) return { command, times: 1 };
  if (number >= 0) return { command, times: number };
  const other = OTHER_WAY.get(command);
  return other === undefined ? { command, times: 0 } : { command: other, times: -number };
}
