/** Colours that can be read on dark and on light, as SGR parameters: blue is too dark on the one, bright yellow too light on the other. */
const COLOURS = [36, 33, 35, 32, 96, 95];

/** The colour of a node: always the same for the same name, on every terminal. */
export function colourOf(node: string): number {
  // FNV-1a: names that differ in one character differ in their colours.
  let hash = 0x811c9dc5;
  for (let i = 0; i < node.length; i++) hash = Math.imul(hash ^ node.charCodeAt(i), 0x01000193);
  return COLOURS[(hash >>> 0) % COLOURS.length] ?? 36;
}

/** A text in the colour of a node. */
export function coloured(node: string, text: string): string {
  return `\x1b[${String(colourOf(node))}m${text}\x1b[39m`;
}

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
