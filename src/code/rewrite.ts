/**
 * An input of the prompt as the body of an async function over a scope: its top-level names are properties of the scope,
 * so they outlive it, may be declared again, and survive a failure; its value is what its last statement gives.
 *
 *     const pid = Node.spawn(n, f)   ->   return $$.declared(($$.const.pid = (… await …)), "pid");
 */

import type { AnyNode, Expression, ImportDeclaration, VariableDeclaration } from "acorn";
import { children } from "./ast.ts";
import { Edits } from "./edits.ts";
import { Instrumenter, unusedName } from "./instrument.ts";
import { type Analysis, analyse } from "./scope.ts";
import type { JavaScript } from "./typescript.ts";

/** What the rewriter has to know of the surroundings. */
export interface Surroundings {
  /** Whether a name is a global that nothing of the session or node stands in front of. */
  isGlobal(name: string): boolean;
}

/** A rewritten input. */
export interface Rewritten {
  /** An expression: an async function of the scope and the runtime support. */
  readonly code: string;
  /** What was put before the first character of the input, to be taken off the columns of its first line. */
  readonly columnOffset: number;
  /** The name of the scope in the code, for making messages readable. */
  readonly scopeName: string;
  /** Where in the input a place in the changed code stands, both counted from 1 as stack frames do. */
  place(line: number, column: number): { readonly line: number; readonly column: number };
}

/** Rewrites an input; what it is given at run time is a scope and a `Runtime`. */
export function rewriteStatement(js: JavaScript, surroundings: Surroundings): Rewritten {
  const analysis = analyse(js.program);
  const scopeName = unusedName("$", analysis);
  const runtime = unusedName("$$", analysis);
  const edits = new Edits(js.code);
  const rewriter = new InputRewriter(js, analysis, edits, scopeName, runtime, surroundings);
  const hoisted = rewriter.program();
  const prefix = `(async function (${scopeName}, ${runtime}) {"use strict";${hoisted} `;
  const changed = edits.toString();
  return {
    code: `${prefix}${changed}\n})`,
    columnOffset: -prefix.length,
    scopeName,
    place(line, column) {
      const lines = changed.split("\n");
      const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      const at = edits.original(before + Math.min(column - 1, lines[line - 1]?.length ?? 0));
      const shown = js.code.slice(0, at).split("\n");
      return { line: shown.length, column: (shown.at(-1)?.length ?? 0) + 1 };
    },
  };
}

class InputRewriter extends Instrumenter {
  readonly #js: JavaScript;
  readonly #scopeName: string;
  /** Namespaces and enums whose first part has been met. */
  readonly #begun = new Set<string>();
  /** Names that an assignment defines instead of setting. */
  readonly #defining = new Set<AnyNode>();

  constructor(
    js: JavaScript,
    analysis: Analysis,
    edits: Edits,
    scopeName: string,
    runtime: string,
    { isGlobal }: Surroundings,
  ) {
    const reach = (name: string) => (!analysis.top.names.has(name) && isGlobal(name) ? name : `${scopeName}.${name}`);
    super(js.code, analysis, edits, runtime, { read: reach, write: reach });
    this.#js = js;
    this.#scopeName = scopeName;
  }

  /** Edits the whole input; returns what has to run before it. */
  program(): string {
    const { body } = this.#js.program;
    const last = body.findLast((statement) => statement.type !== "EmptyStatement");
    for (const statement of body) this.#statement(statement, statement === last);
    const hoisted = new Map<string, string>();
    for (const { node, kind, scope } of this.analysis.declarations) {
      if (kind === "var" && scope === this.analysis.top)
        hoisted.set(node.name, `${this.runtime}.declare("${node.name}");`);
    }
    for (const statement of body) {
      const inner = statement.type.startsWith("Export")
        ? (statement as { declaration?: AnyNode }).declaration
        : statement;
      if (inner?.type !== "FunctionDeclaration" || !inner.id) continue;
      const { name } = inner.id;
      hoisted.set(name, `${this.runtime}.let.${name} = ${this.runtime}.fn(${name}${this.registration(inner)};`);
    }
    return [...hoisted.values()].join("");
  }

  override visit(node: AnyNode, name?: string): void {
    if (node.type === "VariableDeclaration" && this.#isTopVar(node)) return this.#nestedVar(node);
    if (this.#defining.has(node)) {
      this.edits.replace(node.start, node.end, `${this.runtime}.let.${(node as { name: string }).name}`);
      return;
    }
    super.visit(node, name);
  }

  protected override declaration(node: Extract<AnyNode, { type: "Identifier" }>): void {
    const declaration = this.topDeclaration(node);
    if (declaration === undefined) return;
    const { kind, shorthand } = declaration;
    if (kind !== "var" && kind !== "let" && kind !== "const") return;
    const target = `${this.runtime}.${kind === "const" ? "const" : "let"}.${node.name}`;
    this.edits.replace(node.start, node.end, shorthand ? `${node.name}: ${target}` : target);
  }

  #statement(node: AnyNode, last: boolean): void {
    switch (node.type) {
      case "ExpressionStatement": {
        const merged = this.#namespacePart(node.expression);
        if (merged !== undefined) {
          if (last) this.#hide(node, merged);
          this.terminate(node);
          return this.visit(node.expression);
        }
        if (last && this.#endsClass(node.expression)) {
          this.edits.close(node.end, ` return ${this.runtime}.hidden(undefined);`);
          this.terminate(node);
          return this.visit(node.expression);
        }
        return this.#expression(node, last);
      }
      case "VariableDeclaration":
        return this.#declarations(node, last);
      case "FunctionDeclaration":
        if (last && node.id) this.#hide(node, node.id.name);
        return this.visit(node);
      case "ClassDeclaration":
        return this.#classDeclaration(node, last);
      case "ImportDeclaration":
        return this.edits.replace(node.start, node.end, this.#import(node));
      case "ExportNamedDeclaration":
        if (node.declaration) {
          this.edits.replace(node.start, node.declaration.start, "");
          return this.#statement(node.declaration, last);
        }
        return this.edits.replace(node.start, node.end, node.source ? this.#importCall(node.source.raw ?? "") : ";");
      case "ExportAllDeclaration":
        return this.edits.replace(node.start, node.end, this.#importCall(node.source.raw ?? ""));
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        this.edits.replace(node.start, declaration.start, "");
        if ("id" in declaration && declaration.id) return this.#statement(declaration, last);
        this.edits.wrap({ start: node.start, end: declaration.end }, ";(", ")");
        this.terminate(node);
        return this.visit(declaration, "default");
      }
      default:
        if (last) this.#completion(node);
        else this.visit(node);
    }
  }

  /** An expression statement at the top, or where the value of the whole input comes from. */
  #expression(node: Extract<AnyNode, { type: "ExpressionStatement" }>, last: boolean): void {
    this.terminate(node);
    const { expression } = node;
    const range = { start: node.start, end: this.source[node.end - 1] === ";" ? node.end - 1 : node.end };
    if (last) this.edits.wrap(range, `return ${this.runtime}.shown((`, "))");
    // `pid = Node.spawn(…)` is to hold the pid, as `const pid = …` does.
    const assigned =
      expression.type === "AssignmentExpression" &&
      expression.operator === "=" &&
      expression.left.type !== "MemberExpression";
    if (!assigned) {
      this.#settle(expression, range);
      return this.visit(expression);
    }
    this.visit(expression.left);
    this.#settle(expression.right);
    this.visit(expression.right, expression.left.type === "Identifier" ? expression.left.name : undefined);
  }

  /** Waits for a promise, and only for a promise, so that the rest of an input that has none runs at once. */
  #settle(expression: Expression, range: { start: number; end: number } = expression): void {
    if (
      /^(Literal|TemplateLiteral|(Arrow)?FunctionExpression|ClassExpression|ObjectExpression|ArrayExpression)$/.test(
        expression.type,
      )
    )
      return;
    this.edits.wrap(
      range,
      `(${this.runtime}.promised((`,
      `)) ? await ${this.runtime}.take() : ${this.runtime}.take())`,
    );
  }

  #declarations(node: VariableDeclaration, last: boolean): void {
    this.terminate(node);
    const [only, ...others] = node.declarations;
    if (only === undefined) return;
    if (last && others.length === 0 && only.init) {
      const name = only.id.type === "Identifier" ? only.id.name : "";
      this.edits.wrap(
        { start: node.start, end: only.end },
        `return ${this.runtime}.declared(`,
        `, ${JSON.stringify(name)})`,
      );
    }
    this.edits.replace(node.start, only.start, "");
    for (const { id, init, start, end } of node.declarations) {
      this.edits.wrap({ start, end }, "(", ")");
      if (init) {
        this.visit(id);
        if (init.type === "CallExpression") this.#namespacePart(init);
        this.#settle(init);
        this.visit(init, id.type === "Identifier" ? id.name : undefined);
      } else if (node.kind === "var") {
        this.edits.replace(id.start, id.end, "undefined");
      } else {
        this.edits.close(id.end, " = undefined");
        this.visit(id);
      }
    }
  }

  /** A `var` inside a block or the head of a loop, which belongs to the session all the same. */
  #nestedVar(node: VariableDeclaration): void {
    const [first] = node.declarations;
    if (first === undefined) return;
    const isStatement = this.isStatement(node);
    if (isStatement) this.terminate(node);
    this.edits.replace(node.start, first.start, "");
    for (const { id, init, start, end } of node.declarations) {
      if (isStatement) this.edits.wrap({ start, end }, "(", ")");
      this.visit(id);
      if (init) this.visit(init, id.type === "Identifier" ? id.name : undefined);
    }
  }

  #isTopVar(node: VariableDeclaration): boolean {
    const names = (inner: AnyNode): boolean =>
      this.topDeclaration(inner)?.kind === "var" || children(inner).some(names);
    return node.kind === "var" && node.declarations.some(({ id }) => names(id));
  }

  #classDeclaration(node: Extract<AnyNode, { type: "ClassDeclaration" }>, last: boolean): void {
    if (!node.id) return this.below(node);
    const { name } = node.id;
    const [open, close] = this.classWrapping(node, undefined);
    if (last) this.#hide(node, name);
    this.edits.wrap(node, `${this.runtime}.let.${name} = ${open}`, `${close};`);
    const hasStatics = node.body.body.some(
      (member) => member.type === "StaticBlock" || (member.type === "PropertyDefinition" && member.static),
    );
    // Static initialisers may use the class by its name before its definition is over.
    if (hasStatics) this.edits.open(node.body.start + 1, ` static { ${this.runtime}.early("${name}", this) }`);
    this.below(node);
  }

  /** The value of a statement that is not an expression, where it is cheap to have. */
  #completion(node: AnyNode): void {
    switch (node.type) {
      case "ExpressionStatement":
        return this.#expression(node, true);
      case "BlockStatement": {
        const last = node.body.findLast((statement) => statement.type !== "EmptyStatement");
        this.hoist(node.start + 1, node.body);
        for (const statement of node.body) {
          if (statement === last) this.#completion(statement);
          else this.visit(statement);
        }
        return;
      }
      case "IfStatement":
        this.visit(node.test);
        this.#completion(node.consequent);
        if (node.alternate) this.#completion(node.alternate);
        return;
      case "TryStatement":
        this.#completion(node.block);
        if (node.handler?.param) this.visit(node.handler.param);
        if (node.handler) this.#completion(node.handler.body);
        if (node.finalizer) this.visit(node.finalizer);
        return;
      default:
        this.visit(node);
    }
  }

  #hide(node: AnyNode, name: string): void {
    this.edits.close(node.end, ` return ${this.runtime}.hidden(${this.#scopeName}.${name});`);
  }

  /**
   * What esbuild makes of a namespace or enum, `(…)(Kate || (Kate = {}))`: its first part begins a new module instead
   * of adding to the one of an earlier input. Returns the name, if it is one.
   */
  #namespacePart(expression: Expression): string | undefined {
    if (!this.#js.converted || expression.type !== "CallExpression" || expression.arguments.length !== 1)
      return undefined;
    const [argument] = expression.arguments;
    if (argument?.type !== "LogicalExpression" || argument.operator !== "||" || argument.left.type !== "Identifier") {
      return undefined;
    }
    const { left, right } = argument;
    const { name } = left;
    if (!this.analysis.top.names.has(name)) return undefined;
    if (this.#begun.has(name)) return name;
    this.#begun.add(name);
    // The name is dropped from the code: `undefined || …`.
    this.#defining.add(left);
    this.edits.open(left.start, "undefined && ");
    if (right.type === "AssignmentExpression") this.#defining.add(right.left);
    return name;
  }

  /** What esbuild puts behind a class that has decorators: the class is a definition all the same. */
  #endsClass(expression: Expression): boolean {
    return (
      this.#js.converted &&
      expression.type === "CallExpression" &&
      expression.callee.type === "Identifier" &&
      expression.callee.name === "__runInitializers"
    );
  }

  #import(node: ImportDeclaration): string {
    const source = node.source.raw ?? JSON.stringify(node.source.value);
    const attributes = node.attributes.map(({ key, value }) => {
      const name = key.type === "Identifier" ? key.name : (key.raw ?? "");
      return `${name}: ${value.raw ?? ""}`;
    });
    const options = attributes.length === 0 ? "undefined" : `{ with: { ${attributes.join(", ")} } }`;
    const { runtime } = this;
    const named: string[] = [];
    const wanted: string[] = [];
    let whole = "";
    for (const specifier of node.specifiers) {
      const target = `${runtime}.const.${specifier.local.name}`;
      if (specifier.type === "ImportNamespaceSpecifier") {
        whole = `${target} = `;
        continue;
      }
      const name =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : specifier.imported.type === "Identifier"
            ? specifier.imported.name
            : String(specifier.imported.value);
      wanted.push(JSON.stringify(name));
      named.push(`${JSON.stringify(name)}: ${target}`);
    }
    const call = `${whole}await ${runtime}.import(${source}, ${options}, [${wanted.join(", ")}])`;
    return named.length === 0 ? `${call};` : `({ ${named.join(", ")} } = ${call});`;
  }

  #importCall(source: string): string {
    return `await ${this.runtime}.import(${source});`;
  }
}
