import { type NodeName, NONODE } from "../term/pid.ts";
import type { StatementPrompts } from "../io/device.ts";

/**
 * The prompts a person asked for by a template: `%node` is the node's name, `%counter` the number of the statement. A node
 * without a name has its number in the place of `(%node)`. The lines that continue a statement have `...` for the word
 * that the template begins with.
 */
export function promptsFor(template: string, node: NodeName, counter: number): StatementPrompts {
  const own = node === NONODE ? template.replace("(%node)%counter", "(%counter)") : template;
  const filled = (text: string): string => text.replaceAll("%node", () => node).replaceAll("%counter", String(counter));
  return { first: filled(own), continuation: filled(own.replace(/^\p{L}*/u, "...")) };
}
