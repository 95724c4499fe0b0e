/**
 * Which name means what: every identifier of a piece of code is found to be declared in it (and where) or free. The
 * whole of the language's scoping, in strict mode; whether a variable has its value yet is nobody's concern here.
 */

import type { AnyNode, Identifier } from "acorn";
import { children, type FunctionNode } from "./ast.ts";

/** A region in which names are declared. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Set<string>;
  /** The function this is the outermost scope of. */
  readonly boundary: FunctionNode | undefined;
}

export type DeclarationKind = "var" | "let" | "const" | "class" | "function" | "import" | "parameter" | "catch";

/** A place where a name is declared. */
export interface Declaration {
  readonly node: Identifier;
  readonly kind: DeclarationKind;
  readonly scope: Scope;
  /** Written `{ name }` in a pattern. */
  readonly shorthand: boolean;
}

/** A place where a name is used. */
export interface Reference {
  readonly node: Identifier;
  readonly scope: Scope;
  /** Assigned to. */
  readonly write: boolean;
  /** Written `{ name }` in an object or a pattern. */
  readonly shorthand: boolean;
  /** `typeof name`, which may ask for a name nobody declared. */
  readonly typeof: boolean;
  /** `name()` or a tagged template. */
  readonly callee: boolean;
}

/** What {@link analyse} finds. */
export interface Analysis {
  /** What was analysed. */
  readonly root: AnyNode;
  readonly top: Scope;
  readonly declarations: readonly Declaration[];
  readonly references: readonly Reference[];
  /** References to names of the top scope, or of no scope at all. */
  readonly outer: ReadonlySet<Reference>;
  /** The names of {@link outer}. */
  readonly free: ReadonlySet<string>;
  /** For each function, the names it uses that are declared around it but below the top. */
  readonly captured: ReadonlyMap<AnyNode, ReadonlySet<string>>;
}

type Use = Partial<Pick<Reference, "write" | "shorthand" | "typeof" | "callee">>;

/** Finds what every identifier at and below `root` means. */
export function analyse(root: AnyNode): Analysis {
  const top: Scope = { parent: undefined, names: new Set(), boundary: undefined };
  const analyser = new Analyser(top);
  if (root.type === "Program") for (const statement of root.body) analyser.visit(statement, top, top);
  else analyser.visit(root, top, top);
  return analyser.resolve(root);
}

/** The names `root` uses without declaring them. */
export function freeNames(root: AnyNode): ReadonlySet<string> {
  const { free, top } = analyse(root);
  return new Set([...free].filter((name) => !top.names.has(name)));
}

class Analyser {
  readonly #top: Scope;
  readonly #declarations: Declaration[] = [];
  readonly #references: Reference[] = [];

  constructor(top: Scope) {
    this.#top = top;
  }

  /** Looks at an expression or statement; `home` is where its `var`s are declared. */
  visit(node: AnyNode, scope: Scope, home: Scope): void {
    switch (node.type) {
      case "Identifier":
        return this.#use(node, scope);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope, home);
      case "VariableDeclaration": {
        const kind = node.kind === "var" || node.kind === "let" ? node.kind : "const";
        for (const { id, init } of node.declarations) {
          this.#bind(id, kind, kind === "var" ? home : scope, scope, home);
          if (init) this.visit(init, scope, home);
        }
        return;
      }
      case "MemberExpression":
        this.visit(node.object, scope, home);
        if (node.computed) this.visit(node.property, scope, home);
        return;
      case "Property":
        if (node.computed) this.visit(node.key, scope, home);
        if (node.shorthand && node.value.type === "Identifier") this.#use(node.value, scope, { shorthand: true });
        else this.visit(node.value, scope, home);
        return;
      case "AssignmentExpression":
        this.#assign(node.left, scope, home);
        return this.visit(node.right, scope, home);
      case "UpdateExpression":
        return this.#assign(node.argument, scope, home);
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          return this.#use(node.argument, scope, { typeof: true });
        }
        return this.visit(node.argument, scope, home);
      case "CallExpression":
        if (node.callee.type === "Identifier") this.#use(node.callee, scope, { callee: true });
        else this.visit(node.callee, scope, home);
        for (const argument of node.arguments) this.visit(argument, scope, home);
        return;
      case "TaggedTemplateExpression":
        if (node.tag.type === "Identifier") this.#use(node.tag, scope, { callee: true });
        else this.visit(node.tag, scope, home);
        return this.visit(node.quasi, scope, home);
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = child(scope);
        if (node.left.type === "VariableDeclaration") this.visit(node.left, inner, home);
        else this.#assign(node.left, inner, home);
        this.visit(node.right, inner, home);
        return this.visit(node.body, inner, home);
      }
      case "BlockStatement":
      case "ForStatement":
        return this.#below(node, child(scope), home);
      case "SwitchStatement": {
        this.visit(node.discriminant, scope, home);
        const inner = child(scope);
        for (const clause of node.cases) this.visit(clause, inner, home);
        return;
      }
      case "StaticBlock": {
        const inner = child(scope);
        return this.#below(node, inner, inner);
      }
      case "CatchClause": {
        const inner = child(scope);
        if (node.param) this.#bind(node.param, "catch", inner, inner, home);
        return this.visit(node.body, inner, home);
      }
      case "LabeledStatement":
        return this.visit(node.body, scope, home);
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      case "ImportDeclaration":
        for (const { local } of node.specifiers) this.#declare(local, "import", scope);
        return;
      case "ExportNamedDeclaration":
        if (node.declaration) return this.visit(node.declaration, scope, home);
        if (node.source) return;
        for (const { local } of node.specifiers) if (local.type === "Identifier") this.#use(local, scope);
        return;
      case "ExportAllDeclaration":
        return;
      default:
        return this.#below(node, scope, home);
    }
  }

  /** Decides, once everything is declared, where each reference leads. */
  resolve(root: AnyNode): Analysis {
    const outer = new Set<Reference>();
    const free = new Set<string>();
    const captured = new Map<AnyNode, Set<string>>();
    for (const reference of this.#references) {
      const { name } = reference.node;
      const crossed: FunctionNode[] = [];
      let scope: Scope | undefined = reference.scope;
      while (scope !== undefined && !scope.names.has(name)) {
        if (scope.boundary !== undefined) crossed.push(scope.boundary);
        scope = scope.parent;
      }
      if (scope === undefined || scope === this.#top) {
        outer.add(reference);
        free.add(name);
        continue;
      }
      for (const boundary of crossed) {
        let names = captured.get(boundary);
        if (names === undefined) captured.set(boundary, (names = new Set()));
        names.add(name);
      }
    }
    return {
      root,
      top: this.#top,
      declarations: this.#declarations,
      references: this.#references,
      outer,
      free,
      captured,
    };
  }

  #below(node: AnyNode, scope: Scope, home: Scope): void {
    for (const inner of children(node)) this.visit(inner, scope, home);
  }

  #use(node: Identifier, scope: Scope, use: Use = {}): void {
    this.#references.push({ node, scope, write: false, shorthand: false, typeof: false, callee: false, ...use });
  }

  #declare(node: Identifier, kind: DeclarationKind, scope: Scope, shorthand = false): void {
    scope.names.add(node.name);
    this.#declarations.push({ node, kind, scope, shorthand });
  }

  #function(node: FunctionNode, scope: Scope): void {
    if (node.type === "FunctionDeclaration" && node.id) this.#declare(node.id, "function", scope);
    const outermost: Scope = { parent: scope, names: new Set(), boundary: node };
    if (node.type === "FunctionExpression" && node.id) this.#declare(node.id, "function", outermost);
    const parameters = child(outermost);
    if (node.type !== "ArrowFunctionExpression") parameters.names.add("arguments");
    for (const parameter of node.params) this.#bind(parameter, "parameter", parameters, parameters, parameters);
    // The body is a scope of its own: what its `var`s declare is not seen by the parameters' defaults.
    const body = child(parameters);
    if (node.body.type === "BlockStatement") this.#below(node.body, body, body);
    else this.visit(node.body, body, body);
  }

  #class(node: Extract<AnyNode, { type: "ClassDeclaration" | "ClassExpression" }>, scope: Scope, home: Scope): void {
    const inner = child(scope);
    if (node.id) this.#declare(node.id, "class", node.type === "ClassDeclaration" ? scope : inner);
    if (node.superClass) this.visit(node.superClass, inner, home);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") {
        this.visit(member, inner, home);
        continue;
      }
      if (member.computed) this.visit(member.key, inner, home);
      if (member.value) this.visit(member.value, inner, inner);
    }
  }

  /** Declares the names of a pattern; its defaults and computed keys are ordinary expressions. */
  #bind(pattern: AnyNode, kind: DeclarationKind, into: Scope, scope: Scope, home: Scope): void {
    this.#pattern(pattern, scope, home, (node, shorthand) => {
      this.#declare(node as Identifier, kind, into, shorthand);
    });
  }

  /** Assigns to the names of a pattern, and to whatever else an assignment may write to. */
  #assign(pattern: AnyNode, scope: Scope, home: Scope): void {
    this.#pattern(pattern, scope, home, (node, shorthand) => {
      if (node.type === "Identifier") this.#use(node, scope, { write: true, shorthand });
      else this.visit(node, scope, home);
    });
  }

  #pattern(
    pattern: AnyNode,
    scope: Scope,
    home: Scope,
    leaf: (node: AnyNode, shorthand: boolean) => void,
    shorthand = false,
  ): void {
    switch (pattern.type) {
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") {
            this.#pattern(property.argument, scope, home, leaf);
            continue;
          }
          if (property.computed) this.visit(property.key, scope, home);
          this.#pattern(property.value, scope, home, leaf, property.shorthand);
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.#pattern(element, scope, home, leaf);
        return;
      case "AssignmentPattern":
        this.#pattern(pattern.left, scope, home, leaf, shorthand);
        return this.visit(pattern.right, scope, home);
      case "RestElement":
        return this.#pattern(pattern.argument, scope, home, leaf);
      default:
        leaf(pattern, shorthand);
    }
  }
}

function child(parent: Scope): Scope {
  return { parent, names: new Set(), boundary: undefined };
}
