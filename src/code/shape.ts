/** A function's source by itself: whether it can stand alone, what it leans on, and an expression that gives it again. */

import type { AnyNode } from "acorn";
import { children, type FunctionNode, isFunctionNode, parseWhole } from "./ast.ts";
import { LruMap } from "./lru.ts";
import { freeNames } from "./scope.ts";

/** What the text of a function says. */
export interface Shape {
  /** An expression of the function, that would be called `name`. */
  expression(name: string): string;
  /** The names it uses and does not declare. */
  readonly free: ReadonlySet<string>;
  /** What it uses that only exists where it was written, if anything: `"this"`, `"super"`, … */
  readonly bound: string | undefined;
}

const shapes = new LruMap<string, Shape | string>(1000);

/** Reads the text of a function, as typed or as `Function.prototype.toString` gives it; a string says what is wrong with it. */
export function shapeOf(text: string): Shape | string {
  let shape = shapes.get(text);
  if (shape === undefined) shapes.set(text, (shape = read(text)));
  return shape;
}

const NOTHING = { call: false, home: false, privates: new Set<string>() };

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function read(text: string): Shape | string {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) return "it is bound or built in, and has no source";
  if (/^class\b/.test(text)) return "it is a class";
  const plain = alone(text);
  if (plain !== undefined) {
    const named = plain.type === "FunctionExpression" && plain.id ? plain.id.name : undefined;
    return {
      expression: (name) =>
        name === "" || name === named || name === "__proto__" ? text : inObject(name, `: ${text}`),
      free: freeNames(plain),
      bound: boundTo(plain, NOTHING),
    };
  }
  // A method: as one of an object of its own it keeps its text, and its name does not stand before a variable's.
  const holder = attempt(`({${text.replace(/^((?:async\s*)?\*?\s*)#/, "$1")}})`);
  const method = holder?.type === "ObjectExpression" ? holder.properties[0] : undefined;
  if (method?.type !== "Property" || !isFunctionNode(method.value)) return "its source can't be read";
  const { value } = method;
  const kept = text.replace(/^((?:async\s*)?\*?\s*)#/, "$1").slice(value.start - 2, value.end - 2);
  const prefix = `${value.async ? "async " : ""}${value.generator ? "*" : ""}`;
  return {
    expression: (name) => inObject(name === "" || name === "__proto__" ? "method" : name, kept, prefix),
    free: freeNames(value),
    bound: boundTo(value, NOTHING),
  };
}

function inObject(name: string, rest: string, prefix = ""): string {
  return IDENTIFIER.test(name)
    ? `({ ${prefix}${name}${rest} }).${name}`
    : `({ ${prefix}${JSON.stringify(name)}${rest} })[${JSON.stringify(name)}]`;
}

/** Reads the text of a function that is no method. Read inside a function, where `new.target` is grammatical. */
function alone(text: string): FunctionNode | undefined {
  const around = attempt(`(function () { return (${text}\n) })`);
  const statement = around?.type === "FunctionExpression" ? around.body.body[0] : undefined;
  const plain = statement?.type === "ReturnStatement" ? statement.argument : undefined;
  return plain && isFunctionNode(plain) ? plain : undefined;
}

function attempt(text: string): AnyNode | undefined {
  try {
    return parseWhole(text);
  } catch {
    return undefined;
  }
}

/** What a piece of the function may use because the function itself brings it. */
interface Own {
  /** `this`, `arguments` and `new.target`. */
  readonly call: boolean;
  /** `super`. */
  readonly home: boolean;
  /** Private names. */
  readonly privates: ReadonlySet<string>;
}

/** The first thing at or below `node` that leans on the function, class or file around the whole. */
function boundTo(node: AnyNode, own: Own): string | undefined {
  if (node.type === "MetaProperty" && node.meta.name === "import") return "import.meta";
  if (node.type === "PrivateIdentifier" && !own.privates.has(node.name)) return `#${node.name}`;
  if (node.type === "Super" && !own.home) return "super";
  if (!own.call) {
    if (node.type === "ThisExpression") return "this";
    if (node.type === "MetaProperty") return "new.target";
    if (node.type === "Identifier" && node.name === "arguments") return "arguments";
  }
  if (node.type === "ClassExpression" || node.type === "ClassDeclaration") return boundInClass(node, own);
  const inner = isFunctionNode(node) && node.type !== "ArrowFunctionExpression" ? { ...own, call: true } : own;
  const isMethod = node.type === "Property" && (node.method || node.kind !== "init");
  const skipped = propertyName(node);
  return first(
    children(node).filter((below) => below !== skipped),
    (below) => boundTo(below, isMethod && below === node.value ? { ...inner, home: true } : inner),
  );
}

function boundInClass(
  node: Extract<AnyNode, { type: "ClassExpression" | "ClassDeclaration" }>,
  own: Own,
): string | undefined {
  const privates = new Set(own.privates);
  const outside: AnyNode[] = node.superClass ? [node.superClass] : [];
  const inside: AnyNode[] = [];
  for (const member of node.body.body) {
    if (member.type === "StaticBlock") {
      inside.push(...member.body);
      continue;
    }
    if (member.key.type === "PrivateIdentifier") privates.add(member.key.name);
    if (member.computed) outside.push(member.key);
    if (member.value) inside.push(member.value);
  }
  return (
    first(outside, (below) => boundTo(below, { ...own, privates })) ??
    first(inside, (below) => boundTo(below, { call: true, home: true, privates }))
  );
}

/** `a.arguments` and `{ arguments: 1 }` do not use `arguments`. */
function propertyName(node: AnyNode): AnyNode | undefined {
  if (node.type === "MemberExpression")
    return !node.computed && node.property.type === "Identifier" ? node.property : undefined;
  return node.type === "Property" && !node.computed && !node.shorthand ? node.key : undefined;
}

function first<T>(items: readonly AnyNode[], find: (node: AnyNode) => T | undefined): T | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the parameters of a function are called, by position: `undefined` for a pattern, `...rest` for the last of them. None if the text does not tell. */
export function parameterNames(text: string): (string | undefined)[] {
  const node = alone(text) ?? method(text);
  return (node?.params ?? []).map((parameter) => {
    const plain = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
    if (plain.type === "RestElement")
      return plain.argument.type === "Identifier" ? `...${plain.argument.name}` : undefined;
    return plain.type === "Identifier" ? plain.name : undefined;
  });
}

function method(text: string): FunctionNode | undefined {
  const holder = attempt(`({${text.replace(/^((?:async\s*)?\*?\s*)#/, "$1")}})`);
  const member = holder?.type === "ObjectExpression" ? holder.properties[0] : undefined;
  return member?.type === "Property" && isFunctionNode(member.value) ? member.value : undefined;
}

/** The parameters of a function or class, as written; `undefined` if the text does not tell. */
export function parametersOf(text: string): string | undefined {
  const between = (params: readonly AnyNode[], source: string): string => {
    const [head] = params;
    const tail = params.at(-1);
    // Node's own loader leaves blanks where types stood.
    return head && tail ? source.slice(head.start, tail.end).replace(/\s+/g, " ").replaceAll(" ,", ",") : "";
  };
  const plain = `(${text}\n)`;
  const node = attempt(plain);
  if (node && isFunctionNode(node)) return between(node.params, plain);
  if (node?.type === "ClassExpression") {
    const maker = node.body.body.find((member) => member.type === "MethodDefinition" && member.kind === "constructor");
    return maker?.type === "MethodDefinition" ? between(maker.value.params, plain) : undefined;
  }
  const holder = `({${text}})`;
  const object = attempt(holder);
  const method = object?.type === "ObjectExpression" ? object.properties[0] : undefined;
  return method?.type === "Property" && isFunctionNode(method.value) ? between(method.value.params, holder) : undefined;
}
