/** Error messages in the words of what was typed, where V8 speaks of what it was changed into. */

import type { AnyNode, Program } from "acorn";
import { children } from "./ast.ts";

/** `(0 , $.foo) is not a function` -> `foo is not a function`. */
const CHANGED = /\(0 ?, ?\$\$?_*(?:\.env)?\.([\p{ID_Continue}$.]+)\)|\$\$_*\.env\.|\$_*\.(?=[\p{ID_Start}$_])/gu;

/** Takes the changes made to evaluated code out of the message and stack of an error the engine threw for it. */
export function makeReadable(error: unknown): void {
  if (!(error instanceof TypeError || error instanceof ReferenceError)) return;
  replaceMessage(error, error.message.replace(CHANGED, "$1"));
}

/**
 * Says of a call of a function that a module does not have which one was called, with how many arguments. Of what is no module
 * the engine's own words say as much.
 *
 * @param exportsOf the names and argument counts of a module's functions, `undefined` for what is no module
 */
export function explainCall(
  error: unknown,
  program: Program,
  source: string,
  exportsOf: (module: string) => readonly string[] | undefined,
): void {
  if (!(error instanceof TypeError || error instanceof ReferenceError)) return;
  const missing = /^([\p{ID_Continue}$.]+) is not (?:a function|defined)$/u.exec(error.message)?.[1];
  if (missing === undefined) return;
  const count = argumentsOfCall(program, source, missing);
  const dot = missing.lastIndexOf(".");
  if (count === undefined || dot <= 0) return;
  const exports = exportsOf(missing.slice(0, dot));
  if (exports === undefined) return;
  const has = exports.length === 0 ? "" : `, which has ${exports.join(", ")}`;
  const where = `${missing}/${String(count)} in module ${missing.slice(0, dot)}${has}`;
  replaceMessage(error, `${error.message}\n  there is no function ${where}`);
}

function argumentsOfCall(node: AnyNode, source: string, callee: string): number | undefined {
  if (node.type === "CallExpression" && source.slice(node.callee.start, node.callee.end) === callee) {
    return node.arguments.length;
  }
  for (const inner of children(node)) {
    const found = argumentsOfCall(inner, source, callee);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Changes the message of an error, and the stack that repeats it. */
export function replaceMessage(error: Error, message: string): void {
  if (message === error.message) return;
  const { stack, message: before } = error;
  error.message = message;
  // A stack begins with the message as it was when the error was made.
  if (stack !== undefined) error.stack = stack.replace(before, () => message);
}
