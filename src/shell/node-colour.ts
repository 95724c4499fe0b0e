import { nodeColours } from "../term/palette.ts";

/** The colour of a node: always the same for the same name, on every terminal with the same background. */
export function colourOf(node: string): number {
  // FNV-1a: names that differ in one character differ in their colours.
  let hash = 0x811c9dc5;
  for (let i = 0; i < node.length; i++) hash = Math.imul(hash ^ node.charCodeAt(i), 0x01000193);
  const colours = nodeColours();
  return colours[(hash >>> 0) % colours.length] ?? 36;
}

/** A text in the colour of a node. */
export function coloured(node: string, text: string): string {
  return `\x1b[${String(colourOf(node))}m${text}\x1b[39m`;
}
