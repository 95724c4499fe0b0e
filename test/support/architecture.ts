/** The rules that the source tree keeps, as functions from the texts of files to what breaks a rule. */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import ts from "typescript";

/** Texts by path from the repository's root, with `/` between folders. */
export type Files = ReadonlyMap<string, string>;

/** What each layer may import besides itself: what stands left of it in CONTRIBUTING's list. */
const layers: ReadonlyMap<string, readonly string[]> = new Map([
  ["term", []],
  ["code", ["term"]],
  ["process", ["term", "code"]],
  // Being remote is a property of a pid and of send, so behaviours know nothing of nodes.
  ["otp", ["term", "code", "process"]],
  ["node", ["term", "code", "process", "otp"]],
  ["io", ["term", "code", "process", "otp", "node"]],
  ["shell", ["term", "code", "process", "otp", "node", "io"]],
  ["terminal", ["term", "code", "process", "otp", "node", "io", "shell"]],
  // Where the layers come together: what a node is made of, and the names code finds on it.
  ["start-node", ["term", "code", "process", "otp", "node", "io"]],
  // A shell is loaded when somebody opens one from another node.
  ["library", ["term", "code", "process", "otp", "node", "io", "shell"]],
  // The library's entries: programs that import them have no terminal.
  ["index", ["term", "code", "process", "otp", "node", "io", "shell", "start-node", "library"]],
  ["testing", ["term", "code", "process", "otp", "node", "io", "shell", "start-node", "library", "index"]],
  ["examples", ["term", "code", "process", "otp", "node", "io", "shell", "index"]],
  [
    "cli",
    ["term", "code", "process", "otp", "node", "io", "shell", "terminal", "examples", "start-node", "library", "index"],
  ],
]);

/** Where a package may be imported: in a layer, or in one file. One that is not listed may be imported nowhere. */
const packages: ReadonlyMap<string, readonly string[]> = new Map([
  ["ink", ["terminal"]],
  ["react", ["terminal"]],
  ["chalk", ["terminal", "cli"]],
  ["string-width", ["io", "shell", "terminal", "cli"]],
  ["ws", ["src/node/wire/ws-transport.ts"]],
  ["yargs", ["cli"]],
  ["esbuild", ["code", "shell", "cli"]],
  ["acorn", ["code", "shell", "cli"]],
  // What is copied from there is a user's, and outside of this repository.
  ["moebi", ["application.ts", "greeter.ts", "greeter.test.ts"].map((file) => `src/examples/template/${file}`)],
]);

export const maxLines = 400;

function layerOf(path: string): string | undefined {
  return /^src\/([^/.]+)(?:\/|\.tsx?$)/.exec(path)?.[1];
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function importViolation(path: string, layer: string, specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  if (!specifier.startsWith(".")) {
    const allowed = packages.get(packageOf(specifier)) ?? [];
    if (allowed.includes(layer) || allowed.includes(path)) return undefined;
    return `${path} imports "${specifier}", which belongs in ${allowed.join(", ") || "no file"}`;
  }
  const target = posix.join(posix.dirname(path), specifier);
  const to = layerOf(target);
  if (to === layer || (to !== undefined && layers.get(layer)?.includes(to))) return undefined;
  return `${path} imports ${target}, but ${layer} may not import ${to ?? "it"}`;
}

/** Imports (of values and types, static and dynamic) that go against the order of the layers, or of packages out of place. */
export function importViolations(files: Files): string[] {
  const violations: string[] = [];
  for (const [path, text] of files) {
    if (!path.startsWith("src/")) continue;
    const layer = layerOf(path);
    if (layer === undefined || !layers.has(layer)) {
      violations.push(`${path} is in no layer`);
      continue;
    }
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const violation = importViolation(path, layer, fileName);
      if (violation !== undefined) violations.push(violation);
    }
  }
  return violations;
}

/** How many lines `text` has outside documentation comments. */
export function countLines(text: string): number {
  const source = text.replace(/^[ \t]*\/\*\*.*?\*\/[ \t]*\n/gms, "").trimEnd();
  return source === "" ? 0 : source.split("\n").length;
}

export function lengthViolations(files: Files): string[] {
  return [...files]
    .map(([path, text]) => ({ path, lines: countLines(text) }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path} has ${lines} lines beside its documentation, more than ${maxLines}`);
}

/** Whether nothing of `text` is left to run once types are gone. */
export function isTypesOnly(text: string): boolean {
  const { statements } = ts.createSourceFile("file.tsx", text, ts.ScriptTarget.Latest);
  return statements.every(
    (statement) =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly),
  );
}

function nameOf(path: string): string {
  return posix.basename(path).replace(/\.(?:tsx?|js)$/, "");
}

/** Whether a file has the test that belongs to it alone: other files may have its name. */
function hasOwnTest(files: Files, path: string): boolean {
  const test = path.replace(/^src\//, "test/").replace(/\.(tsx?|js)$/, ".test");
  return files.has(`${test}.ts`) || files.has(`${test}.tsx`);
}

/**
 * Source files without a test of the same name below `test/`. Indexes and files of types have none; `exceptions` are
 * those that have none for a reason, and one that is no longer true is a violation too.
 */
export function testViolations(files: Files, exceptions: ReadonlyMap<string, string>): string[] {
  const tested = new Set<string>();
  for (const path of files.keys()) {
    const name = /^test\/(?:.*\/)?([^/]+)\.test\.tsx?$/.exec(path)?.[1];
    if (name !== undefined) tested.add(name);
  }
  const violations: string[] = [];
  for (const [path, text] of files) {
    if (!path.startsWith("src/") || exceptions.has(path)) continue;
    if (nameOf(path) === "index" || isTypesOnly(text) || tested.has(nameOf(path))) continue;
    violations.push(`${path} has no test: expected ${nameOf(path)}.test.ts below test/`);
  }
  for (const path of exceptions.keys()) {
    if (!files.has(path)) violations.push(`${path} is an exception, but does not exist`);
    else if (hasOwnTest(files, path)) violations.push(`${path} is an exception, but has a test`);
  }
  return violations;
}
