/** Whether what has been typed so far is an input, the beginning of one, or wrong. */

import type { Program } from "acorn";
import { inputToJavaScript } from "../code/input.ts";
import { type SyntaxProblem, toJavaScript } from "../code/typescript.ts";
import { continueLast } from "./continue-last.ts";

/** What {@link parse} finds. */
export type Parsed =
  | { readonly kind: "complete" }
  | { readonly kind: "incomplete" }
  | { readonly kind: "wrong"; readonly problem: SyntaxProblem };

/**
 * Judges an input as typed so far. Nothing but space and comments is complete. Signatures of a function without its
 * body are valid TypeScript, but nobody means them by themselves: they are incomplete.
 */
export async function parse(source: string): Promise<Parsed> {
  const text = continueLast(source);
  const result = await inputToJavaScript(text);
  if ("error" in result) {
    return result.error.incomplete ? { kind: "incomplete" } : { kind: "wrong", problem: result.error };
  }
  if (result.converted && /\bfunction\b/.test(text) && (await endsInSignature(text, result.program))) {
    return { kind: "incomplete" };
  }
  return { kind: "complete" };
}

/** A text ends in a signature if giving it a body makes a function that was not there. */
async function endsInSignature(text: string, before: Program): Promise<boolean> {
  const after = await toJavaScript(`${text.replace(/[\s;]+$/, "")} {}`);
  return !("error" in after) && functions(after.program) > functions(before);
}

function functions(program: Program): number {
  return program.body.filter((statement) => {
    const declaration =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement;
    return declaration?.type === "FunctionDeclaration";
  }).length;
}
