/** Puts generated code back on the lines it was typed on, so that stack frames name lines the reader can find. */

import { parse } from "acorn";
import { decode } from "./source-map.ts";

/** For each generated line the original line (from 0) of the first thing on it, `undefined` where the map is silent. */
function originalLines(mappings: string): (number | undefined)[] {
  let line = 0;
  return mappings.split(";").map((text) => {
    let first: number | undefined;
    for (const segment of text === "" ? [] : text.split(",")) {
      const delta = decode(segment)[2];
      if (delta === undefined) continue;
      line += delta;
      first ??= line;
    }
    return first;
  });
}

/** The lines (from 0) that begin inside a template literal, where a line break is part of the value. */
function linesInTemplates(code: string): Set<number> {
  const inside = new Set<number>();
  parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    onToken({ type, loc }) {
      if (type.label !== "template" || !loc) return;
      for (let line = loc.start.line; line < loc.end.line; line += 1) inside.add(line);
    },
  });
  return inside;
}

/** `code` with its line breaks moved to where the source map says its pieces came from. Throws a `SyntaxError` if it does not parse. */
export function realign(code: string, map: { mappings: string }): string {
  const origins = originalLines(map.mappings);
  const inTemplate = linesInTemplates(code);
  let out = "";
  let at = 0;
  code.split("\n").forEach((text, index) => {
    const origin = origins[index];
    if (inTemplate.has(index)) {
      out += "\n";
      at += 1;
    } else if (origin !== undefined && origin > at) {
      out += "\n".repeat(origin - at);
      at = origin;
    } else if (index > 0) {
      out += " ";
    }
    out += text;
  });
  return out;
}
