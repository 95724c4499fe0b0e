/** Puts generated code back on the lines it was typed on, so that stack frames name lines the reader can find. */

import { parse } from "acorn";
import { readMappings } from "./source-map.ts";

/** For each generated line the original line (from 0) of the first thing on it, `undefined` where the map is silent. */
function originalLines(code: string, mappings: string): (number | undefined)[] {
  const texts = code.split("\n");
  return readMappings(mappings).map((segments, line) => {
    const indent = /^\s*/u.exec(texts[line] ?? "")?.[0].length ?? 0;
    // What stands before the indentation is mapped to the line above.
    const first = segments.find(({ column }) => column === indent) ?? segments[0];
    return first?.origin?.line;
  });
}

/** Line comments are taken out: what stood on the next line may come behind them. */
function withoutLineComments(code: string): string {
  let out = "";
  let at = 0;
  parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    onComment(block, _text, start, end) {
      if (block) return;
      out += code.slice(at, start) + " ".repeat(end - start);
      at = end;
    },
  });
  return out + code.slice(at);
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

/** `generated` with its line breaks moved to where the source map says its pieces came from. Throws a `SyntaxError` if it does not parse. */
export function realign(generated: string, map: { mappings: string }): string {
  const code = withoutLineComments(generated);
  const origins = originalLines(code, map.mappings);
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
