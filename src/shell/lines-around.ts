import type { Site } from "../code/site.ts";

/** The lines around a place, each with its number, and an arrow at the one that is meant: `=> 6:   await pry();`. Escaped by whoever prints. */
export function linesAround(
  { source, firstLine, line }: Pick<Site, "source" | "firstLine" | "line">,
  radius: number,
): string[] {
  const lines = source === "" ? [] : source.split(/\r?\n/u);
  const from = Math.max(firstLine, line - radius);
  const to = Math.min(firstLine + lines.length - 1, line + radius);
  const width = Math.max(4, String(to).length + 1);
  const shown: string[] = [];
  for (let number = from; number <= to; number++) {
    const mark = number === line ? "=>" : "  ";
    shown.push(`${mark}${String(number).padStart(width)}: ${lines[number - firstLine] ?? ""}`.trimEnd());
  }
  return shown;
}
