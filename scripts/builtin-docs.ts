/**
 * Writes `dist/builtins.json`: signature and documentation of what the language itself has, `Array.prototype.map`,
 * `JSON.parse`, taken from the declarations that come with TypeScript. The shell's `h()` shows them, and Tab knows from
 * them what a call gives.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Documentation } from "./docs.ts";

/** What no value is called by, and what is said of one kind of typed array holds for all. */
const LEFT_OUT =
  /^(?:Readonly|Template|Typed|Property|Generator|AsyncGenerator|I?Arguments|Import|ThisType|Decorator|Class\w+Decorator|ProxyHandler|CallableFunction|NewableFunction|Atomics)|^(?!Uint8A)(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array/u;

interface Entry {
  readonly signatures: string[];
  doc: string;
}

/** The documentation of the language's own names. */
export function builtinDocs(): Record<string, Documentation> {
  const entries = new Map<string, Entry>();
  const folder = join(dirname(fileURLToPath(import.meta.resolve("typescript"))), ".");
  const files = readdirSync(folder).filter((name) => /^lib\.es[\w.]*\.d\.ts$/u.test(name) && !/\.full\./u.test(name));
  const statements = files.sort().flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [...ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).statements];
  });
  /** What global variable holds a value of a type: `Math` one of `Math`, `Array` one of `ArrayConstructor`. */
  const holders = new Map<string, string>();
  for (const statement of statements.filter(ts.isVariableStatement)) {
    for (const { name, type } of statement.declarationList.declarations) {
      if (type !== undefined && ts.isTypeReferenceNode(type)) holders.set(type.typeName.getText(), name.getText());
    }
  }
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined)
      add(entries, statement.name.text, statement);
    else if (ts.isModuleDeclaration(statement)) addNamespace(entries, statement);
    else if (ts.isInterfaceDeclaration(statement)) {
      const name = statement.name.text;
      if (LEFT_OUT.test(name)) continue;
      const holder = holders.get(name) ?? `${name}.prototype`;
      for (const member of statement.members) {
        if (ts.isConstructSignatureDeclaration(member)) add(entries, holder, member, "new ");
        else if (ts.isCallSignatureDeclaration(member)) add(entries, holder, member);
        else if (member.name !== undefined && ts.isIdentifier(member.name) && isFunction(member))
          add(entries, `${holder}.${member.name.text}`, member);
      }
    }
  }
  return Object.fromEntries(
    [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { signatures, doc }]) => [name, { signature: [...new Set(signatures)].join("\n"), doc }]),
  );
}

function addNamespace(entries: Map<string, Entry>, { name, body }: ts.ModuleDeclaration): void {
  if (body === undefined || !ts.isModuleBlock(body)) return;
  for (const inner of body.statements)
    if (ts.isFunctionDeclaration(inner) && inner.name !== undefined)
      add(entries, `${name.text}.${inner.name.text}`, inner);
}

function isFunction(member: ts.TypeElement): member is ts.MethodSignature {
  return ts.isMethodSignature(member);
}

function add(entries: Map<string, Entry>, name: string, fn: ts.SignatureDeclaration, before = ""): void {
  const source = fn.getSourceFile().text;
  const start = fn.typeParameters?.pos ?? fn.parameters.pos;
  const text = source
    .slice(start - 1, fn.type?.end ?? fn.parameters.end + 1)
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/gu, "")
    .replace(/\s+/gu, " ")
    .replace(/\( /gu, "(")
    .replace(/,? \)/gu, ")")
    .trim();
  const short = name.replace(/^.*\.prototype\./u, "");
  const entry = entries.get(name) ?? { signatures: [], doc: "" };
  entry.signatures.push(`${before}${short}${text}`);
  if (entry.doc === "") entry.doc = docOf(fn);
  entries.set(name, entry);
}

/** The comment in front of it, the words on its parameters last. */
function docOf(node: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
  if (comment === undefined) return "";
  const text = (part: ts.JSDoc["comment"]): string =>
    (ts.getTextOfJSDocComment(part) ?? "").replace(/\s+/gu, " ").trim();
  const words = (ts.getTextOfJSDocComment(comment.comment) ?? "").trim();
  const tags = (comment.tags ?? []).flatMap((tag) => {
    const said = text(tag.comment).replace(/^-\s*/u, "");
    if (said === "") return [];
    if (ts.isJSDocParameterTag(tag)) return [`- \`${tag.name.getText()}\`: ${said}`];
    return /^(?:returns?|throws)$/u.test(tag.tagName.text) ? [`- ${tag.tagName.text}: ${said}`] : [];
  });
  return [words, ...(tags.length > 0 ? ["", ...tags] : [])].join("\n").trim();
}

/** Writes them where the shell finds them. */
export function writeBuiltinDocs(root: string): void {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist/builtins.json"), `${JSON.stringify(builtinDocs())}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeBuiltinDocs(fileURLToPath(new URL("..", import.meta.url)));
