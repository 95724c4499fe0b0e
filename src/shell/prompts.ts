import stringWidth from "string-width";
import { type NodeName, NONODE } from "../term/pid.ts";
import type { StatementPrompts } from "../io/device.ts";

/**
 * The prompts a person asked for by a template: `%node` is the node's name, `%counter` the number of the statement. A node
 * without a name has its number in the place of `(%node)`. The lines that continue a statement have `...` for the word
 * in front of a parenthesis, as the prompt has that nobody asked for; of another template the last words are dots, so
 * that what is typed stands in the same column.
 */
export function promptsFor(template: string, node: NodeName, counter: number): StatementPrompts {
  const own = node === NONODE ? template.replace("(%node)%counter", "(%counter)") : template;
  const filled = (text: string): string => text.replaceAll("%node", () => node).replaceAll("%counter", String(counter));
  const first = filled(own);
  return { first, continuation: WORD.test(own) ? filled(own.replace(WORD, "...")) : dotted(first) };
}

const WORD = /^\p{L}+(?=\()/u;
/** What a prompt ends with: ` $ `, `> `. */
const END = /[^\p{L}\p{N}]*$/u;
const DOTS = 3;

/** As wide as the last line of a prompt, with its end. */
function dotted(first: string): string {
  const line = first.slice(first.lastIndexOf("\n") + 1);
  const end = END.exec(line)?.[0] ?? "";
  const room = stringWidth(line) - stringWidth(end);
  if (room === 0) return line.replace(/\S/gu, (mark) => ".".repeat(stringWidth(mark)));
  const dots = ".".repeat(Math.min(DOTS, room));
  return " ".repeat(room - dots.length) + dots + end;
}
