/**
 * Writes `dist/docs.json`, which the shell's `h()` shows: signature and doc comment of every name of the library, taken
 * from the syntax of the sources. The names are those of `src/library.ts` and `src/index.ts`, with what the objects
 * among them hold.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface Documentation {
  readonly signature: string;
  readonly doc: string;
  readonly options?: readonly Option[];
  /** The texts an argument may be, by its number from 0. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
}

/** A key of an object of options: its name, its type, and what is said of it. */
type Option = readonly [name: string, type: string, doc: string];

/** Where a name is declared: once, or once for each overload. */
interface Declaration {
  readonly source: ts.SourceFile;
  readonly nodes: readonly ts.Node[];
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(path: string): ts.SourceFile {
  let source = sources.get(path);
  if (source === undefined) {
    source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    sources.set(path, source);
  }
  return source;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** What a name means in a file, followed through imports. Types are not looked for. */
function find(source: ts.SourceFile, name: string): Declaration | undefined {
  const nodes: ts.Node[] = [];
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      nodes.push(...statement.declarationList.declarations.filter((declaration) => isNamed(declaration.name, name)));
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name !== undefined && isNamed(statement.name, name)) nodes.push(statement);
    } else if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
      const from = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
      if (from === undefined || !(ts.isNamedImports(from) || ts.isNamedExports(from))) continue;
      const item = [...from.elements].find((element) => element.name.text === name);
      const specifier = statement.moduleSpecifier;
      if (
        item === undefined ||
        specifier === undefined ||
        !ts.isStringLiteral(specifier) ||
        !specifier.text.startsWith(".")
      )
        continue;
      return find(sourceOf(resolve(dirname(source.fileName), specifier.text)), (item.propertyName ?? item.name).text);
    }
  }
  return nodes.length === 0 ? undefined : { source, nodes };
}

function docOf(node: ts.Node): string {
  // The comment of `const a = …` belongs to the statement around it.
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const comment = ts.getJSDocCommentsAndTags(holder).findLast(ts.isJSDoc);
  if (comment === undefined) return "";
  return comment
    .getText()
    .replace(/^\/\*\*[ \t]?|[ \t]*\*\/$/gu, "")
    .replace(/^[ \t]*\*[ \t]?/gmu, "")
    .replace(/\{@link ([^}]+)\}/gu, "$1")
    .trim();
}

/** The text from the type parameters to the type of the result. */
function signatureOf(name: string, fn: ts.SignatureDeclaration): string {
  const source = fn.getSourceFile();
  const start = fn.typeParameters?.[0]?.getFullStart() ?? fn.parameters.pos;
  const end = fn.type?.end ?? source.text.indexOf(")", fn.parameters.end) + 1;
  const open = fn.typeParameters === undefined ? "(" : "<";
  const text = source.text.slice(start, end).replace(/\s+/gu, " ").replace(/\( /gu, "(").replace(/,? \)/gu, ")").trim();
  return `${name}${open}${text}`;
}

/** The type `value as SpawnOn<Pid>` is cast to, as call signatures with its arguments put in. */
function castSignatures(name: string, source: ts.SourceFile, type: ts.TypeNode): string[] {
  if (ts.isFunctionTypeNode(type)) return [signatureOf(name, type)];
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return [];
  const wanted = type.typeName.text;
  const declared = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find((statement) => statement.name.text === wanted);
  if (declared === undefined) return [];
  const given = new Map<string, string>();
  declared.typeParameters?.forEach((parameter, index) => {
    let text = type.typeArguments?.[index]?.getText() ?? parameter.default?.getText() ?? parameter.name.text;
    for (const [before, argument] of given) text = text.replace(new RegExp(`\\b${before}\\b`, "gu"), () => argument);
    given.set(parameter.name.text, text);
  });
  return declared.members.filter(ts.isCallSignatureDeclaration).map((call) => {
    let text = signatureOf("", call);
    for (const [parameter, argument] of given)
      text = text.replace(new RegExp(`\\b${parameter}\\b`, "gu"), () => argument);
    return name + text;
  });
}

/** The type of what a function makes, of `debug: at("debug")`. */
function madeSignatures(name: string, source: ts.SourceFile, { expression }: ts.CallExpression): string[] {
  const type = ts.isIdentifier(expression)
    ? find(source, expression.text)?.nodes.flatMap(functionsOf)[0]?.type
    : undefined;
  if (type === undefined || !ts.isTypeReferenceNode(type)) return [];
  const declared = findType(type.getSourceFile(), type.typeName.getText());
  const alias = declared !== undefined && ts.isTypeAliasDeclaration(declared) ? declared.type : undefined;
  return alias !== undefined && ts.isFunctionTypeNode(alias) ? [signatureOf(name, alias)] : [];
}

function initializerOf(node: ts.Node): ts.Expression | undefined {
  let value =
    ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)
      ? node.initializer
      : undefined;
  while (value !== undefined && (ts.isParenthesizedExpression(value) || ts.isSatisfiesExpression(value)))
    value = value.expression;
  return value;
}

/** The functions a declaration stands for: itself, what it is set to, or the signatures of the type that is cast to. */
function functionsOf(node: ts.Node): ts.SignatureDeclaration[] {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return [node];
  const value = initializerOf(node);
  if (value === undefined) return [];
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return [value];
  if (!ts.isAsExpression(value) || !ts.isTypeReferenceNode(value.type)) return [];
  const declared = findType(value.getSourceFile(), value.type.typeName.getText());
  if (declared === undefined || !ts.isInterfaceDeclaration(declared)) return [];
  return declared.members.filter(ts.isCallSignatureDeclaration);
}

/** An interface or alias by name, followed through imports. */
function findType(source: ts.SourceFile, name: string): ts.InterfaceDeclaration | ts.TypeAliasDeclaration | undefined {
  for (const statement of source.statements) {
    if ((ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) && statement.name.text === name)
      return statement;
    if (!ts.isImportDeclaration(statement)) continue;
    const named = statement.importClause?.namedBindings;
    const { moduleSpecifier } = statement;
    if (named === undefined || !ts.isNamedImports(named)) continue;
    const item = named.elements.find((element) => element.name.text === name);
    if (item === undefined || !ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith(".")) continue;
    const path = resolve(dirname(source.fileName), moduleSpecifier.text);
    return findType(sourceOf(path), (item.propertyName ?? item.name).text);
  }
  return undefined;
}

/** The keys of the objects of options among a function's parameters. */
function optionsOf(fn: ts.SignatureDeclaration): Option[] {
  return fn.parameters
    .filter(
      ({ name, type }) => /options|flags/iu.test(name.getText()) || (type !== undefined && ts.isTypeLiteralNode(type)),
    )
    .flatMap(({ type }) => (type === undefined ? [] : keysOf(type)));
}

function keysOf(type: ts.TypeNode): Option[] {
  if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type)) return type.types.flatMap(keysOf);
  if (ts.isParenthesizedTypeNode(type)) return keysOf(type.type);
  if (ts.isTypeLiteralNode(type)) return memberKeys(type.members);
  if (!ts.isTypeReferenceNode(type)) return [];
  const declared = findType(type.getSourceFile(), type.typeName.getText());
  if (declared === undefined) return [];
  if (ts.isTypeAliasDeclaration(declared)) return keysOf(declared.type);
  const parents = declared.heritageClauses?.flatMap(({ types }) => [...types]) ?? [];
  const inherited = parents.flatMap(({ expression }) => {
    const parent = findType(declared.getSourceFile(), expression.getText());
    return parent === undefined || !ts.isInterfaceDeclaration(parent) ? [] : memberKeys(parent.members);
  });
  return [...inherited, ...memberKeys(declared.members)];
}

function memberKeys(members: readonly ts.TypeElement[]): Option[] {
  return members.flatMap((member): Option[] => {
    if (member.name === undefined) return [];
    const literals = ts.isPropertySignature(member) && member.type !== undefined ? literalsOf(member.type) : [];
    const own = ts.isPropertySignature(member) ? (member.type?.getText() ?? "") : methodType(member);
    // What may be written says more than what somebody called it.
    const type = literals.length > 0 && !own.includes('"') ? literals.map((one) => `"${one}"`).join(" | ") : own;
    const text = type.replace(/\s+/gu, " ").replace(/ \| undefined$/u, "");
    return [[member.name.getText(), text, docOf(member).replace(/\s+/gu, " ")]];
  });
}

function methodType(member: ts.TypeElement): string {
  return ts.isMethodSignature(member) ? signatureOf("", member) : "() => …";
}

/** The texts a type stands for, `"a" | "b"`, by itself or under a name; none if it stands for no text. */
function literalsOf(type: ts.TypeNode): string[] {
  if (ts.isUnionTypeNode(type)) return [...new Set(type.types.flatMap(literalsOf))];
  if (ts.isParenthesizedTypeNode(type)) return literalsOf(type.type);
  if (ts.isLiteralTypeNode(type)) return ts.isStringLiteral(type.literal) ? [type.literal.text] : [];
  if (ts.isIndexedAccessTypeNode(type)) return literalsIn(type);
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return [];
  const declared = findType(type.getSourceFile(), type.typeName.text);
  return declared !== undefined && ts.isTypeAliasDeclaration(declared) ? literalsOf(declared.type) : [];
}

/** `(typeof LEVELS)[number]`, of a list that is written out. */
function literalsIn({ objectType }: ts.IndexedAccessTypeNode): string[] {
  const query = ts.isParenthesizedTypeNode(objectType) ? objectType.type : objectType;
  if (!ts.isTypeQueryNode(query)) return [];
  const list = find(query.getSourceFile(), query.exprName.getText())?.nodes.map(initializerOf).find(Boolean);
  const items = list !== undefined && ts.isAsExpression(list) ? list.expression : list;
  if (items === undefined || !ts.isArrayLiteralExpression(items)) return [];
  return items.elements.filter(ts.isStringLiteral).map(({ text }) => text);
}

/** What texts the arguments of some functions may be, by number. */
function textsOf(functions: readonly ts.SignatureDeclaration[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const fn of functions) {
    const parameters = fn.parameters.filter(({ name }) => name.getText() !== "this");
    for (const [index, { type }] of parameters.entries()) {
      const literals = type === undefined ? [] : literalsOf(type);
      if (literals.length > 0) found[index] = [...new Set([...(found[index] ?? []), ...literals])];
    }
  }
  return found;
}

type Docs = Map<string, Documentation>;

/** Enters a name with what its declarations say, and what it holds below it. */
function enter(docs: Docs, name: string, { source, nodes }: Declaration, ownDoc = ""): void {
  if (docs.has(name)) return;
  const doc = ownDoc === "" ? (nodes.map(docOf).find((text) => text !== "") ?? "") : ownDoc;
  const signatures: string[] = [];
  // The last of several is the one that is run, whose types are nobody's business.
  for (const node of nodes.length > 1 ? nodes.slice(0, -1) : nodes) {
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) signatures.push(signatureOf(name, node));
    const value = initializerOf(node);
    if (value === undefined) continue;
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) signatures.push(signatureOf(name, value));
    else if (ts.isAsExpression(value)) signatures.push(...castSignatures(name, source, value.type));
    else if (ts.isCallExpression(value)) signatures.push(...madeSignatures(name, source, value));
    else if (ts.isIdentifier(value)) {
      const target = find(source, value.text);
      if (target !== undefined) {
        enter(docs, name, target, doc);
        return;
      }
    }
  }
  const functions = nodes.flatMap(functionsOf);
  const texts = textsOf(functions);
  const options = functions.flatMap(optionsOf);
  const distinct = [...new Map(options.map((option) => [option[0], option])).values()];
  docs.set(name, {
    signature: signatures.length === 0 ? name : signatures.join("\n"),
    doc,
    ...(distinct.length > 0 && { options: distinct }),
    ...(Object.keys(texts).length > 0 && { texts }),
  });
  for (const node of nodes) {
    const value = initializerOf(node);
    if (value !== undefined && ts.isObjectLiteralExpression(value)) enterMembers(docs, name, source, value.properties);
    if (ts.isClassDeclaration(node)) enterMembers(docs, name, source, node.members.filter(isPublic));
  }
}

function isPublic(member: ts.ClassElement): boolean {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  return !(ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => hidden.includes(kind)) === true);
}

function enterMembers(
  docs: Docs,
  holder: string,
  source: ts.SourceFile,
  members: readonly (ts.ObjectLiteralElementLike | ts.ClassElement)[],
): void {
  const byName = Map.groupBy(
    members.filter((member) => member.name !== undefined && ts.isIdentifier(member.name)),
    (member) => (member.name as ts.Identifier).text,
  );
  for (const [key, nodes] of byName) {
    const [first] = nodes;
    const name = `${holder}.${key}`;
    // A field of a class without a word about it is nobody's business either.
    if (first === undefined || (ts.isClassElement(first) && !nodes.some((node) => docOf(node) !== ""))) continue;
    if (ts.isShorthandPropertyAssignment(first)) {
      const target = find(source, key);
      if (target !== undefined) enter(docs, name, target, docOf(first));
    } else enter(docs, name, { source, nodes });
  }
}

/** Enters a type with its members. */
function enterType(docs: Docs, name: string, declared: ts.InterfaceDeclaration | ts.TypeAliasDeclaration): void {
  if (docs.has(name)) return;
  const options = ts.isTypeAliasDeclaration(declared)
    ? keysOf(declared.type)
    : [
        ...(declared.heritageClauses ?? []).flatMap(({ types }) => types.flatMap(keysOf)),
        ...memberKeys(declared.members),
      ];
  const parameters = declared.typeParameters?.map((one) => one.getText()).join(", ");
  const title = `${name}${parameters === undefined ? "" : `<${parameters}>`}`;
  const alias = ts.isTypeAliasDeclaration(declared) ? ` = ${declared.type.getText().replace(/\s+/gu, " ")}` : "";
  const signature = `${ts.isTypeAliasDeclaration(declared) ? "type" : "interface"} ${title}`;
  docs.set(name, {
    signature: alias.length > 200 || options.length > 0 ? signature : signature + alias,
    doc: docOf(declared),
    ...(options.length > 0 && { options }),
  });
}

/** What a server may have is written where its type is. */
function enterCallbacks(docs: Docs, root: string): void {
  const callbacks = findType(sourceOf(join(root, "src/otp/gen-server-types.ts")), "Callbacks");
  if (callbacks === undefined || !ts.isInterfaceDeclaration(callbacks)) return;
  for (const member of callbacks.members.filter(ts.isMethodSignature)) {
    const name = `GenServer.${member.name.getText()}`;
    if (!docs.has(name)) docs.set(name, { signature: signatureOf(name, member), doc: docOf(member) });
  }
}

/** The documentation of every public name of the package at `root`. */
export function extractDocs(root: string): Record<string, Documentation> {
  const docs: Docs = new Map();
  const library = sourceOf(join(root, "src/library.ts"));
  for (const statement of library.statements.filter(ts.isVariableStatement)) {
    for (const declaration of statement.declarationList.declarations) {
      const value = initializerOf(declaration);
      if (value === undefined || !ts.isObjectLiteralExpression(value)) continue;
      for (const property of value.properties.filter(ts.isShorthandPropertyAssignment)) {
        const target = find(library, property.name.text);
        if (target !== undefined) enter(docs, property.name.text, target);
      }
    }
  }
  const index = sourceOf(join(root, "src/index.ts"));
  for (const { exportClause, isTypeOnly } of index.statements.filter(ts.isExportDeclaration)) {
    if (isTypeOnly || exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
    for (const { name, isTypeOnly: isType } of exportClause.elements) {
      const target = isType ? undefined : find(index, name.text);
      if (target !== undefined) enter(docs, name.text, target);
    }
  }
  for (const { exportClause, moduleSpecifier } of index.statements.filter(ts.isExportDeclaration)) {
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
    const from = sourceOf(resolve(dirname(index.fileName), moduleSpecifier.text));
    for (const { name, propertyName } of exportClause.elements) {
      const declared = findType(from, (propertyName ?? name).text);
      if (declared !== undefined) enterType(docs, name.text, declared);
    }
  }
  const settings = findType(sourceOf(join(root, "src/shell/settings.ts")), "Settings");
  if (settings !== undefined) enterType(docs, "Settings", settings);
  enterCallbacks(docs, root);
  return Object.fromEntries([...docs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes them where the shell finds them. */
export function writeDocs(root: string): void {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist/docs.json"), `${JSON.stringify(extractDocs(root), undefined, 1)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeDocs(fileURLToPath(new URL("..", import.meta.url)));
