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
