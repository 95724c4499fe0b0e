/** TypeScript to JavaScript, by way of acorn (what is JavaScript already stays as typed) and esbuild (which runs while it is needed). */

import type { Program } from "acorn";
import type { Message, TransformFailure } from "esbuild";
import { parseProgram } from "./ast.ts";
import { withEsbuild } from "./esbuild.ts";
import { realign } from "./lines.ts";
import { LruMap } from "./lru.ts";

/** Why a text is not TypeScript. Lines and columns count from 1. */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** More text could make it right: the input ends too early. */
  readonly incomplete: boolean;
}

/** The JavaScript of an input, with its tree; `converted` if it was not JavaScript as typed. */
export interface JavaScript {
  readonly code: string;
  readonly program: Program;
  readonly converted: boolean;
}

/** Types off, everything else as typed: an unused import may still be wanted for what it does. */
const TRANSFORM = {
  loader: "ts",
  target: "node22",
  legalComments: "none",
  sourcemap: "external",
  logLevel: "silent",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
} as const;

/** A statement at the prompt is judged, and then compiled: the same text twice. */
const recent = new LruMap<string, JavaScript | { error: SyntaxProblem }>(2);

/**
 * Turns an input into JavaScript of the same meaning on the same lines: annotations, interfaces, enums, namespaces,
 * parameter properties and decorators included. Never rejects for what the text says; a text that is not TypeScript
 * gives `{ error }`. Of a text that was among the last it gives the same object again, which is to be left as it is.
 */
export async function toJavaScript(source: string): Promise<JavaScript | { error: SyntaxProblem }> {
  const known = recent.get(source);
  if (known !== undefined) return known;
  const result = await convert(source);
  recent.set(source, result);
  return result;
}

async function convert(source: string): Promise<JavaScript | { error: SyntaxProblem }> {
  let problem: SyntaxProblem;
  try {
    return { code: source, program: parseProgram(source), converted: false };
  } catch (error) {
    problem = acornProblem(error, source);
  }
  // Everything up to the end was JavaScript and the end came too early: TypeScript would not see it otherwise.
  if (problem.incomplete) return { error: problem };

  let converted: { code: string; map: string };
  try {
    converted = await withEsbuild(({ transform }) => transform(source, TRANSFORM));
  } catch (error) {
    const first = (error as Partial<TransformFailure>).errors?.[0];
    if (first === undefined) throw error;
    return { error: esbuildProblem(first, source) };
  }
  try {
    const code = realign(converted.code, JSON.parse(converted.map) as { mappings: string });
    return { code, program: parseProgram(code), converted: true };
  } catch (error) {
    // esbuild lets some early errors pass; acorn's report on the untouched text is the more exact if it is about one.
    const late = acornProblem(error, converted.code);
    return { error: late.message === problem.message ? problem : { ...late, incomplete: false } };
  }
}

function acornProblem(error: unknown, source: string): SyntaxProblem {
  const { message, pos, loc } = error as Partial<SyntaxError> & {
    pos?: number;
    loc?: { line: number; column: number };
  };
  if (message === undefined || pos === undefined || loc === undefined) throw error;
  const atEnd = pos >= source.length;
  return {
    message:
      atEnd && message.startsWith("Unexpected token")
        ? "Unexpected end of input"
        : message.replace(/ \(\d+:\d+\)$/, ""),
    line: loc.line,
    column: loc.column + 1,
    incomplete:
      atEnd ||
      /^Unterminated (template|comment)/.test(message) ||
      (message.startsWith("Unterminated string") && source.endsWith("\\")),
  };
}

function esbuildProblem({ text, location }: Message, source: string): SyntaxProblem {
  // esbuild counts columns in bytes.
  const before = Buffer.from(location?.lineText ?? "").subarray(0, location?.column ?? 0);
  return {
    message: text,
    line: location?.line ?? 1,
    column: before.toString().length + 1,
    incomplete:
      /end of file|Unterminated template literal|to terminate multi-line comment/.test(text) ||
      (text === "Unterminated string literal" && source.endsWith("\\")),
  };
}
