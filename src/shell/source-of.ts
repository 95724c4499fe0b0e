/** The source of a function or module: what was typed, or what stands in the file it was loaded from. Runs nothing of theirs. */
import { fileUnitOf, plainText } from "../code/file-unit.ts";
import { type AnyFunction, originalOf, originOf, type Origin, unitOfModule } from "../code/registry.ts";
import { lineAt } from "../code/site.ts";
import type { Runtime } from "../process/runtime.ts";
import { cursorIn } from "./cursor.ts";
import { type Definition, definitionFrom, definitionOfNameAt, findDefinition } from "./definition.ts";
import { pathOf } from "./helpers/documentation.ts";
import { filesOf, textOfFile } from "./helpers/loaded-from.ts";

/** What there is to show. */
export interface Source {
  readonly text: string;
  /** `moebi(3)` for what was typed at the third prompt, the path of a file, `undefined` for code of which only the text is there. */
  readonly file: string | undefined;
  readonly line: number;
  /** The line its text begins on: comments stand above. */
  readonly firstLine: number;
  /** Whether it is a file that can be opened. */
  readonly isFile: boolean;
}

/** Finds the source of a function or module of this node; `undefined` for what is built in, bound, or compiled without a trace. */
export function sourceOf(runtime: Runtime, value: object): Source | undefined {
  const origin = typeof value === "function" ? originOf(value) : undefined;
  const name = pathOf(runtime, value);
  if (origin !== undefined) {
    const own = (value as AnyFunction).name;
    return typed(origin, own === "" ? (name?.split(".").at(-1) ?? "") : own);
  }
  const unit = unitOfModule(value);
  if (unit !== undefined && name !== undefined) {
    const { text, source = text, file, firstLine } = unit;
    const found = findDefinition(source, [name]) ?? { text: source.trim(), line: 1, firstLine: 1 };
    return placed(found, file, firstLine);
  }
  return (name === undefined ? undefined : inFiles(runtime, value, name)) ?? loaded(value) ?? compiled(value);
}

function typed({ unit, start, end }: Origin, name: string): Source {
  const { text, source = text, shown, file, firstLine = 1 } = unit;
  if (shown !== undefined || file === undefined) {
    const line = firstLine + lineAt(text, start);
    return { text: text.slice(start, end), file: file ?? "moebi(fn)", line, firstLine: line, isFile: false };
  }
  if (source === text) return placed(definitionFrom(source, start, end), file, firstLine);
  const at = placeInTyped(source, text, start, name);
  return placed(
    at === undefined ? wholeLines(source, text, start, end) : definitionOfNameAt(source, at),
    file,
    firstLine,
  );
}

/** Where types were taken off lines are the same, columns are not: the name is looked for, the same one of several. */
function placeInTyped(source: string, text: string, start: number, name: string): number | undefined {
  if (name === "") return undefined;
  const line = lineAt(text, start);
  const word = new RegExp(
    `(?<![\\p{ID_Continue}$])${name.replace(/[$.*+?^(){}|[\]\\]/gu, "\\$&")}(?![\\p{ID_Continue}$])`,
    "gu",
  );
  const lineStart = (of: string): number => of.split("\n").slice(0, line).join("\n").length + (line === 0 ? 0 : 1);
  const head = text.slice(lineStart(text), start + name.length + "async function* ".length);
  const before = [...head.matchAll(word)].filter(
    ({ index }) => lineStart(text) + index <= start + "async function* ".length,
  ).length;
  const from = lineStart(source);
  const { masked } = cursorIn(source);
  const there = [...(masked.slice(from).split("\n")[0] ?? "").matchAll(word)];
  const found = there[Math.max(0, before - 1)] ?? there[0];
  return found === undefined ? undefined : from + found.index;
}

function wholeLines(source: string, text: string, start: number, end: number): Definition {
  const line = lineAt(text, start);
  const lines = source.split("\n").slice(line, lineAt(text, end) + 1);
  return { text: lines.join("\n").trim(), line: line + 1, firstLine: line + 1 };
}

function placed(found: Definition, file: string | undefined, begins = 1): Source {
  const [line, firstLine] = [found.line + begins - 1, found.firstLine + begins - 1];
  return { text: found.text, file, line, firstLine, isFile: file !== undefined && /[\\/]/u.test(file) };
}

/** A module of a file, or a function of one: looked for in the file itself first, then in those it imports. */
function inFiles(runtime: Runtime, value: object, name: string): Source | undefined {
  const { modules } = runtime;
  const dot = name.lastIndexOf(".");
  const path = modules.get(name) === value || dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
  const module = modules.get(path[0] ?? "");
  if (module === undefined) return undefined;
  for (const file of filesOf(module)) {
    const text = textOfFile(module, file);
    const found = text === undefined ? undefined : findDefinition(text, path);
    if (found !== undefined) return { ...found, file, isFile: true };
  }
  return undefined;
}

/** A function of a loaded file that no module holds. */
function loaded(value: object): Source | undefined {
  if (typeof value !== "function") return undefined;
  const unit = fileUnitOf(value as AnyFunction);
  const found = unit?.find(Function.prototype.toString.call(originalOf(value as AnyFunction)));
  const place = found && unit?.place(found.start);
  const text = place && unit?.source(place.file);
  if (place === undefined || text === undefined) return undefined;
  const start =
    text
      .split("\n")
      .slice(0, place.line - 1)
      .join("\n").length +
    (place.line === 1 ? 0 : 1) +
    place.column -
    1;
  return { ...definitionFrom(text, start), file: place.file, isFile: true };
}

function compiled(value: object): Source | undefined {
  if (typeof value !== "function") return undefined;
  const text = plainText(value as AnyFunction);
  if (/\{\s*\[native code\]\s*\}\s*$/u.test(text)) return undefined;
  return { text, file: undefined, line: 1, firstLine: 1, isFile: false };
}
