/** What the function around a piece of code is called. */

import { type AnyNode } from "acorn";
import { children, isFunctionNode } from "./ast.ts";

/** `Kate.sayName/1`, `anonymous fn/0 in Kate.sayName/1`; `undefined` for what is in no function. */
export function enclosingFunction(root: AnyNode, target: AnyNode): string | undefined {
  let found: string | undefined;
  let names: string[] = [];
  for (let node: AnyNode | undefined = root; node !== undefined && node !== target;) {
    const name = nameOf(node);
    if (name !== undefined) names.push(name);
    if (isFunctionNode(node)) {
      // As a function's `length` counts them.
      const optional = node.params.findIndex(({ type }) => type === "AssignmentPattern" || type === "RestElement");
      const arity = String(optional < 0 ? node.params.length : optional);
      const own = names.length === 0 ? `anonymous fn/${arity}` : `${names.join(".")}/${arity}`;
      found = names.length === 0 && found !== undefined ? `${own} in ${found}` : own;
      names = [];
    }
    node = children(node).find(({ start, end }) => start <= target.start && target.end <= end);
  }
  return found;
}

/** What a node calls what is below it. */
function nameOf(node: AnyNode): string | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "ClassExpression":
      return node.id?.name;
    case "VariableDeclarator":
      return node.id.type === "Identifier" ? node.id.name : undefined;
    case "AssignmentExpression":
      return node.left.type === "Identifier" ? node.left.name : undefined;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      if (node.computed) return undefined;
      if (node.key.type === "Identifier") return node.key.name;
      if (node.key.type === "PrivateIdentifier") return `#${node.key.name}`;
      return node.key.type === "Literal" ? String(node.key.value) : undefined;
    case "CallExpression": {
      const [name] = node.arguments;
      const defines = node.callee.type === "Identifier" && node.callee.name === "defmodule";
      return defines && name?.type === "Literal" ? String(name.value) : undefined;
    }
    default:
      return undefined;
  }
}
