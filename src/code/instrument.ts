/**
 * The changes any evaluated code gets, typed or arrived: names that are not its own become properties of a scope, and
 * its functions are made known, so that they can be sent on.
 */

import type { AnyNode, Identifier } from "acorn";
import { children, type FunctionNode, isFunctionNode } from "./ast.ts";
import { enclosingFunction } from "./enclosing.ts";
import type { Edits } from "./edits.ts";
import type { Analysis, Declaration, Reference } from "./scope.ts";

/** How one name that is not declared in the code is to be reached. */
export interface Resolver {
  /** The code for using the name. */
  read(name: string): string;
  /** The code for assigning to the name. */
  write(name: string): string;
}

type CallNode = Extract<AnyNode, { type: "CallExpression" }>;
type ClassNode = Extract<AnyNode, { type: "ClassDeclaration" | "ClassExpression" }>;

/** Statements that may have been typed without their semicolon, which the line after might then run into. */
const OPEN_ENDED = new Set([
  "ExpressionStatement",
  "VariableDeclaration",
  "ReturnStatement",
  "ThrowStatement",
  "BreakStatement",
  "ContinueStatement",
  "DebuggerStatement",
  "PropertyDefinition",
  "DoWhileStatement",
]);

/** Functions that want to know where they are called, and with which variables around. What is of these names and none of them never hears of it. */
const LOOK_AT_CALLER = new Set(["pry", "dbg"]);

/** Walks code from the outside in and notes the edits. {@link visit} is overridden for what is special at the top of an input. */
export class Instrumenter {
  protected readonly source: string;
  protected readonly analysis: Analysis;
  protected readonly edits: Edits;
  /** The name the runtime support goes by in the changed code. */
  protected readonly runtime: string;
  readonly #resolver: Resolver;
  readonly #references = new Map<AnyNode, Reference>();
  readonly #declared = new Map<AnyNode, Declaration>();
  readonly #heads = new Set<AnyNode>();
  /** Whether what is visited may run again and again: it is in a loop, or in a function, which may call itself. */
  #repeats = false;

  constructor(source: string, analysis: Analysis, edits: Edits, runtime: string, resolver: Resolver) {
    this.source = source;
    this.analysis = analysis;
    this.edits = edits;
    this.runtime = runtime;
    this.#resolver = resolver;
    for (const reference of analysis.outer) this.#references.set(reference.node, reference);
    for (const declaration of analysis.declarations) this.#declared.set(declaration.node, declaration);
  }

  /** Edits `node` and all below it. `name` is what an anonymous function or class in this place is called. */
  visit(node: AnyNode, name?: string): void {
    if (this.isStatement(node)) this.terminate(node);
    switch (node.type) {
      case "Identifier":
        return this.#identifier(node);
      case "ArrowFunctionExpression":
      case "FunctionExpression":
        this.edits.wrap(
          node,
          `${this.runtime}.fn(`,
          this.registration(node, "id" in node && node.id ? undefined : name),
        );
        return this.below(node);
      case "ClassExpression":
        return this.#classExpression(node, name);
      case "ObjectExpression": {
        const members = this.#members(node.properties);
        if (members !== "") this.edits.wrap(node, `${this.runtime}.members(`, `, [${members}])`);
        return this.below(node);
      }
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition": {
        if (node.computed) this.visit(node.key);
        const isMethod =
          node.type === "MethodDefinition" || (node.type === "Property" && (node.method || node.kind !== "init"));
        if (!node.value) return;
        // A method's function is part of its definition; it is registered from outside.
        if (isMethod) this.below(node.value);
        else this.visit(node.value, node.computed ? undefined : keyOf(node.key));
        return;
      }
      case "VariableDeclarator":
        this.visit(node.id);
        if (node.init) this.visit(node.init, node.id.type === "Identifier" ? node.id.name : undefined);
        return;
      case "AssignmentExpression":
      case "AssignmentPattern":
        this.visit(node.left);
        return this.visit(node.right, node.left.type === "Identifier" ? node.left.name : undefined);
      case "CallExpression": {
        const { callee } = node;
        if (callee.type !== "Identifier" || !LOOK_AT_CALLER.has(this.calledName(callee))) return this.below(node);
        this.edits.replace(callee.start, callee.end, this.#atSite(node, callee));
        for (const argument of node.arguments) this.visit(argument);
        return;
      }
      case "ForStatement":
        if (node.init) this.#heads.add(node.init);
        return this.below(node);
      case "AwaitExpression":
        if (!this.#repeats) return this.below(node);
        // From the keyword on, so that parentheses stay around what they are around.
        this.edits.wrap({ start: node.start + "await".length, end: node.end }, ` ${this.runtime}.turn(`, ")");
        return this.below(node);
      case "ForInStatement":
      case "ForOfStatement":
        this.#heads.add(node.left);
        if (node.type === "ForOfStatement" && node.await && node.right.type !== "SequenceExpression")
          this.edits.wrap(node.right, `${this.runtime}.turns(`, ")");
        return this.below(node);
      case "BlockStatement":
      case "StaticBlock":
        this.hoist(node.start + this.source.slice(node.start).indexOf("{") + 1, node.body);
        return this.below(node);
      case "SwitchCase":
        if (node.consequent[0]) this.hoist(node.consequent[0].start, node.consequent);
        return this.below(node);
      case "ImportExpression":
        this.edits.replace(node.start, node.start + "import".length, `${this.runtime}.import`);
        return this.below(node);
      default:
        return this.below(node);
    }
  }

  /** What the one who wrote the code meant by a name that is called. */
  protected calledName(callee: Identifier): string {
    return callee.name;
  }

  /** Whether the names of the top are variables of the code itself. */
  protected readonly ownTop: boolean = false;

  /** Edits a name where it is declared: nothing to do, but at the top of an input. */
  protected declaration(_node: Identifier): void {}

  /** Edits what is below `node`. */
  protected below(node: AnyNode): void {
    const outer = this.#repeats;
    if (isFunctionNode(node) || /^(?:For|While|DoWhile)/.test(node.type)) this.#repeats = true;
    for (const inner of children(node)) this.visit(inner);
    this.#repeats = outer;
  }

  /** Registers the functions declared among `statements` before the first of them runs, as they exist from then. */
  protected hoist(position: number, statements: readonly AnyNode[]): void {
    for (const statement of statements) {
      if (statement.type !== "FunctionDeclaration" || !statement.id) continue;
      this.edits.open(position, ` ${this.runtime}.fn(${statement.id.name}${this.registration(statement)};`);
    }
  }

  /** Closes a statement explicitly, because edits may make the next line begin with a parenthesis. */
  protected terminate(node: AnyNode): void {
    if (this.source[node.end - 1] !== ";") this.edits.close(node.end, ";");
  }

  /** How the name at `node` is declared, if it is declared there at the top. */
  protected topDeclaration(node: AnyNode): Declaration | undefined {
    const declaration = this.#declared.get(node);
    return declaration?.scope === this.analysis.top ? declaration : undefined;
  }

  protected isStatement(node: AnyNode): boolean {
    return OPEN_ENDED.has(node.type) && !this.#heads.has(node);
  }

  /** What is called in the place of a name: the function, told where it is called from. */
  #atSite(node: CallNode, callee: Identifier): string {
    const reference = this.#references.get(callee);
    const called = reference === undefined ? callee.name : this.#resolver.read(callee.name);
    const [first] = node.arguments;
    const argument = first === undefined ? "" : this.source.slice(first.start, first.end);
    const site = [
      called,
      String(node.start),
      JSON.stringify(enclosingFunction(this.analysis.root, node)) ?? "undefined",
      JSON.stringify(argument),
      "() => this",
      `{ ${this.#accessors(callee)} }`,
    ];
    return `${this.runtime}.at(${site.join(", ")})`;
  }

  /** How the variables that can be seen at a reference are read and assigned: what is read before its time throws then, as does assigning a constant. */
  #accessors(node: Identifier): string {
    const names = new Set<string>();
    let scope = this.analysis.references.find((reference) => reference.node === node)?.scope;
    for (; scope !== undefined && (this.ownTop || scope !== this.analysis.top); scope = scope.parent)
      for (const name of scope.names) names.add(name);
    // Compilers' own names, and what may not be named in an initialiser.
    const seen = [...names].filter((name) => name !== "arguments" && !name.startsWith("__"));
    const value = unusedName("$value", this.analysis);
    return seen
      .map((name) => `${JSON.stringify(name)}: [() => ${name}, (${value}) => { ${name} = ${value}; }]`)
      .join(", ");
  }

  #identifier(node: Identifier): void {
    const reference = this.#references.get(node);
    if (reference === undefined) return this.declaration(node);
    const { name } = node;
    let text = reference.write ? this.#resolver.write(name) : this.#resolver.read(name);
    if (text === name) return;
    if (reference.typeof) text = `${this.runtime}.peek(${JSON.stringify(name)})`;
    else if (reference.callee) text = `(0, ${text})`;
    if (reference.shorthand) text = `${name}: ${text}`;
    this.edits.replace(node.start, node.end, text);
  }

  /** The end of `fn(f, start, end, locals, name)`, from behind the function on. */
  protected registration(node: FunctionNode, name?: string): string {
    const locals = this.#locals(node);
    const named = name === undefined ? "" : `, ${JSON.stringify(name)}`;
    return `, ${String(node.start)}, ${String(node.end)}${locals === "" ? (named === "" ? "" : ", 0") : `, ${locals}`}${named})`;
  }

  #locals(node: FunctionNode, hidden?: string): string {
    const names = [...(this.analysis.captured.get(node) ?? [])].filter(
      (name) => name !== "arguments" && name !== hidden,
    );
    return names.length === 0 ? "" : `() => ({${names.map((name) => `${name}: () => ${name}`).join(", ")}})`;
  }

  #members(members: readonly AnyNode[], hidden?: string): string {
    const listed: string[] = [];
    for (const member of members) {
      if (member.type !== "Property" && member.type !== "MethodDefinition") continue;
      const isMethod = member.type === "Property" ? member.method : member.kind === "method";
      const key = member.computed ? undefined : keyOf(member.key);
      if (!isMethod || key === undefined || !member.value || !isFunctionNode(member.value)) continue;
      const isStatic = member.type === "MethodDefinition" && member.static;
      // "static" is no part of the method as a function.
      const start = isStatic ? this.#behindStatic(member) : member.start;
      const locals = this.#locals(member.value, hidden);
      listed.push(
        `[${JSON.stringify(key)}, ${String(isStatic)}, ${String(start)}, ${String(member.end)}${locals === "" ? "" : `, ${locals}`}]`,
      );
    }
    return listed.join(", ");
  }

  #behindStatic(member: AnyNode): number {
    const text = this.source.slice(member.start, member.end);
    return member.start + (/^static(?:\s|\/\*[^]*?\*\/)*/.exec(text)?.[0].length ?? 0);
  }

  #classExpression(node: ClassNode, name: string | undefined): void {
    const [open, close] = this.classWrapping(node, node.id ? undefined : name);
    this.edits.wrap(node, open, close);
    this.below(node);
  }

  /** What to put around a class to have its methods registered and, if it has no name of its own, to name it. */
  protected classWrapping(node: ClassNode, name: string | undefined): [open: string, close: string] {
    const members = this.#members(node.body.body, node.type === "ClassExpression" ? node.id?.name : undefined);
    let open = "";
    let close = "";
    if (name !== undefined) {
      open = `${this.runtime}.named(`;
      close = `, ${JSON.stringify(name)})`;
    }
    if (members !== "") {
      open = `${this.runtime}.members(${open}`;
      close = `${close}, [${members}])`;
    }
    return [open, close];
  }
}

function keyOf(key: AnyNode): string | undefined {
  if (key.type === "Identifier") return key.name === "__proto__" ? undefined : key.name;
  return key.type === "Literal" && key.value !== "__proto__" ? String(key.value) : undefined;
}

/** A name that does not occur in the code. */
export function unusedName(base: string, analysis: Analysis): string {
  const used = new Set([...analysis.declarations, ...analysis.references].map(({ node }) => node.name));
  let name = base;
  while (used.has(name)) name += "_";
  return name;
}
