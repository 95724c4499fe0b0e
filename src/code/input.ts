/** An input of the prompt to JavaScript: as TypeScript has it, but for braces, which at a prompt are meant as a value. */

import { parseObject } from "./ast.ts";
import { type JavaScript, type SyntaxProblem, toJavaScript } from "./typescript.ts";

type Read = JavaScript | { readonly error: SyntaxProblem };

/** As Node and browsers have it: a semicolon at the end says that it is a block. */
const MAY_BE_OBJECT = /^\s*\{[^]*[^;\s]\s*$|^\s*\{\s*$/;

/**
 * Turns an input into JavaScript. What begins with a brace is an object where it can be one, `{ a: 1 }` or `{}`, and else a
 * block. For the rest see {@link toJavaScript}.
 */
export async function inputToJavaScript(source: string): Promise<Read> {
  if (!MAY_BE_OBJECT.test(source)) return toJavaScript(source);
  const object = await objectToJavaScript(source);
  if (!("error" in object)) return object;
  const block = await toJavaScript(source);
  if (!("error" in block) || block.error.incomplete) return block;
  // What went wrong later is the nearer to what was meant.
  return object.error.incomplete || comesBefore(block.error, object.error) ? object : block;
}

async function objectToJavaScript(source: string): Promise<Read> {
  try {
    return { code: source, program: parseObject(source), converted: false };
  } catch {
    const whole = await toJavaScript(`(${source}\n)`);
    if (!("error" in whole)) return whole;
  }
  const begun = await toJavaScript(`(${source}`);
  if (!("error" in begun)) return begun;
  const { line, column } = begun.error;
  return { error: { ...begun.error, column: line === 1 ? Math.max(1, column - 1) : column } };
}

function comesBefore(one: SyntaxProblem, other: SyntaxProblem): boolean {
  return one.line === other.line ? one.column < other.column : one.line < other.line;
}
