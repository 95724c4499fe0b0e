/** Walking the tree acorn gives, and reading source into it with the settings every part shares. */

import {
  type AnyNode,
  type Expression,
  type ExpressionStatement,
  type Options,
  parse,
  parseExpressionAt,
  type Program,
} from "acorn";

const OPTIONS: Options = {
  ecmaVersion: "latest",
  sourceType: "module",
  // What a piece of code may lean on from around it (a class, a method) is judged by us, with a better message.
  checkPrivateFields: false,
  allowSuperOutsideMethod: true,
};

/** Reads a whole input: module code, so strict, with `import`, `export` and `await` at the top. Throws acorn's `SyntaxError`. */
export function parseProgram(source: string): Program {
  return parse(source, { ...OPTIONS, checkPrivateFields: true, allowSuperOutsideMethod: false, locations: true });
}

/** Reads an input that begins with the brace of an object as a program of that one expression. Throws a `SyntaxError`. */
export function parseObject(source: string): Program {
  const options: Options = { ...OPTIONS, checkPrivateFields: true, allowSuperOutsideMethod: false, locations: true };
  const expression = parseExpressionAt(source, 0, options);
  const { start, end } = expression;
  // Comments and space may follow, nothing else.
  if (parseProgram(source.slice(end)).body.length > 0) throw new SyntaxError("the source goes on after the object");
  const statement: ExpressionStatement = { type: "ExpressionStatement", start, end, expression };
  return { type: "Program", start, end: source.length, sourceType: "module", body: [statement] };
}

/** Reads one expression that fills `source` to its end. Throws a `SyntaxError`. */
export function parseWhole(source: string): Expression {
  const node = parseExpressionAt(source, 0, OPTIONS);
  const rest = source.slice(node.end).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  if (!/^[\s)]*$/.test(rest)) throw new SyntaxError("the source goes on after the expression");
  return node;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** The nodes directly below `node`, in the order of the text. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) if (isNode(item)) found.push(item);
    } else if (isNode(value)) {
      found.push(value);
    }
  }
  return found;
}

/** Any of the three kinds of function; a method's is the `FunctionExpression` that is its value. */
export type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionExpression" | "FunctionDeclaration" | "ArrowFunctionExpression" }
>;

/** Whether `node` is a function of any kind. */
export function isFunctionNode(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionExpression" || node.type === "FunctionDeclaration" || node.type === "ArrowFunctionExpression"
  );
}

/** Whether a name begins with a capital, which makes it the name of a module rather than of a variable. */
export function isCapitalised(name: string): boolean {
  return /^\p{Lu}/u.test(name);
}
