/**
 * The code of a file that was loaded for a prompt, changed as typed code is: its loops make way and can be stopped, and
 * it can hand its variables over to whoever looks into it. Its functions are not made known one by one, as typed ones
 * are: that would cost something at each closure of a program. A changed function names its unit, and so is found.
 */

import type { AnyNode, Identifier, Program } from "acorn";
import { parseProgram } from "./ast.ts";
import { Edits } from "./edits.ts";
import { Instrumenter, unusedName } from "./instrument.ts";
import { type AnyFunction, originalOf } from "./registry.ts";
import { type Analysis, analyse } from "./scope.ts";
import { atSite, type Site, type SiteArguments } from "./site.ts";
import { originAt, readMappings, type Segment, writeMappings } from "./source-map.ts";
import { turn, turns } from "./turns.ts";

/** A source map, as far as it is looked at here. */
export interface SourceMap {
  readonly mappings: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** A place in a file that was written; lines and columns count from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a loaded file's code calls while it runs. */
interface FileInstruments {
  readonly turn: typeof turn;
  readonly turns: typeof turns;
  at(fn: unknown, ...site: SiteArguments): unknown;
  /** Keeps the unit for as long as any of its functions is there. */
  readonly unit: FileUnit | undefined;
}

/** The code of a file, with those it imports. */
export class FileUnit {
  /** As it was before it was changed: types and comments are gone from it. */
  readonly text: string;
  /** As it runs. */
  readonly code: string;
  readonly #edits: Edits;
  readonly #files: readonly string[];
  readonly #sources: readonly (string | null)[];
  readonly #lines: readonly (readonly Segment[])[];
  readonly #starts: readonly number[];
  /** What the instruments go by in the code. */
  readonly runtime: string;

  /** @param files the paths of the map's sources. Throws a `SyntaxError` for code that can't be read. */
  constructor(text: string, map: SourceMap, files: readonly string[], id: number) {
    const program = parseProgram(text);
    const analysis = analyse(program);
    const edits = new Edits(text);
    this.text = text;
    this.runtime = unusedName(`$$${String(id)}`, analysis);
    // Behind a line that names an interpreter.
    const start = program.body[0]?.start ?? text.length;
    edits.open(start, `const ${this.runtime} = globalThis[Symbol.for("${INSTRUMENTS}")](${String(id)}); `);
    new FileInstrumenter(text, analysis, edits, this.runtime).visit(program);
    this.code = edits.toString();
    this.#edits = edits;
    this.#files = files;
    this.#sources = map.sourcesContent ?? [];
    this.#lines = readMappings(map.mappings);
    this.#starts = lineStarts(text);
  }

  get program(): Program {
    return parseProgram(this.text);
  }

  /** The mappings of {@link code}: it has the lines of the text, with other columns. */
  mappings(): string {
    const starts = lineStarts(this.code);
    return writeMappings(
      this.#lines.map((segments, line) =>
        segments.map(({ column, origin }) => ({
          column: this.#edits.changed((this.#starts[line] ?? 0) + column) - (starts[line] ?? 0),
          origin,
        })),
      ),
    );
  }

  /** Where in a file that was written stands what is at a position of the text; `undefined` for what none says. */
  place(position: number): FilePlace | undefined {
    const line = this.#starts.findLastIndex((start) => start <= position);
    const origin = originAt(this.#lines, line, position - (this.#starts[line] ?? 0));
    const file = this.#files[origin?.source ?? -1];
    if (origin === undefined || file === undefined) return undefined;
    return { file, line: origin.line + 1, column: origin.column + 1 };
  }

  /** A file as it was when it was loaded; `undefined` if it is none of this unit. */
  source(file: string): string | undefined {
    return this.#sources[this.#files.indexOf(file)] ?? undefined;
  }

  /** What a rewritten call of the code tells of where it stands. */
  site([start, fun, argument, self, locals]: SiteArguments): Site {
    const { file, line } = this.place(start) ?? { file: "", line: 1 };
    return { file, line, source: this.source(file) ?? "", firstLine: 1, fun, argument, self, locals, scope: undefined };
  }

  /** Where in the text stands a function that is in the code as `shown`; the first, if several look so. */
  find(shown: string): { readonly start: number; readonly end: number } | undefined {
    const at = this.code.indexOf(shown);
    if (at < 0) return undefined;
    return { start: this.#edits.original(at), end: this.#edits.original(at + shown.length - 1) + 1 };
  }
}

const INSTRUMENTS = "moebi.instruments";

const same = (name: string): string => name;

/** Changes what awaits, and nothing else. */
class FileInstrumenter extends Instrumenter {
  /** What was imported by another name. */
  readonly #imported = new Map<string, string>();

  constructor(source: string, analysis: Analysis, edits: Edits, runtime: string) {
    super(source, analysis, edits, runtime, { read: same, write: same });
    if (analysis.root.type !== "Program") return;
    for (const statement of analysis.root.body) {
      if (statement.type !== "ImportDeclaration") continue;
      for (const specifier of statement.specifiers)
        if (specifier.type === "ImportSpecifier" && specifier.imported.type === "Identifier")
          this.#imported.set(specifier.local.name, specifier.imported.name);
    }
  }

  override visit(node: AnyNode): void {
    if (CHANGED.has(node.type)) super.visit(node);
    else this.below(node);
  }

  protected override calledName(callee: Identifier): string {
    return this.#imported.get(callee.name) ?? callee.name;
  }

  protected override readonly ownTop = true;
}

const CHANGED = new Set(["AwaitExpression", "CallExpression", "ForOfStatement"]);

/** As long as code runs that names them. */
const units = new Map<number, WeakRef<FileUnit>>();
let last = 0;

const forget = new FinalizationRegistry<number>((id) => units.delete(id));

/** The units whose code is about to run, which asks for its instruments then. */
const waiting = new Map<number, FileUnit>();

Object.defineProperty(globalThis, Symbol.for(INSTRUMENTS), {
  configurable: true,
  value: (id: number): FileInstruments => {
    const unit = waiting.get(id);
    waiting.delete(id);
    return {
      turn,
      turns,
      unit,
      at: (fn, ...site) => (unit === undefined ? fn : atSite(fn, () => unit.site(site))),
    };
  },
});

/** Makes the unit of a file's code, which may be run once. Throws as {@link FileUnit} does. */
export function makeFileUnit(text: string, map: SourceMap, files: readonly string[]): FileUnit {
  const id = ++last;
  const unit = new FileUnit(text, map, files, id);
  units.set(id, new WeakRef(unit));
  waiting.set(id, unit);
  forget.register(unit, id);
  return unit;
}

/** The unit that a function was changed in; `undefined` if it was not. */
export function fileUnitOf(fn: AnyFunction): FileUnit | undefined {
  const id = /\$\$(\d+)_*\./u.exec(Function.prototype.toString.call(originalOf(fn)))?.[1];
  return id === undefined ? undefined : units.get(Number(id))?.deref();
}

/** The text of a function as it was before it was changed. */
export function plainText(fn: AnyFunction): string {
  const shown = Function.prototype.toString.call(originalOf(fn));
  const unit = shown.includes("$$") ? fileUnitOf(fn) : undefined;
  const found = unit?.find(shown);
  return unit === undefined || found === undefined ? shown : unit.text.slice(found.start, found.end);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
