/** What other nodes print, so that one sees whose it is. */
import { coloured } from "../shell/node-colour.ts";

/**
 * Whole lines from another node in the colour of that node, so that one sees whose they are; not a character is added.
 * What has colours of its own keeps them, and a line that is not at its end stays plain.
 */
export function tinted(node: string, text: string): string {
  if (!text.endsWith("\n") || text.includes("\x1b")) return text;
  return text.replace(/[^\n]+/g, (line) => coloured(node, line));
}

/**
 * The same with the name of the node before each line, for those who set it: where there are no colours, or too many nodes.
 * @param begun whether the text goes on with a line that was begun
 */
export function labelled(node: string, text: string, colors: boolean, begun: boolean): string {
  const label = colors ? coloured(node, `${node} │ `) : `${node} │ `;
  const shown = colors ? tinted(node, text) : text;
  return shown.replace(/[^\n]*\n|[^\n]+$/g, (line, at: number) => (begun && at === 0 ? line : label + line));
}
