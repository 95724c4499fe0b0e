/** What came of an evaluation, for a program: plain values, which can cross nodes. */
import { cleanStack } from "../process/clean-stack.ts";
import { formatExit, formatThrown, placed, type StackFrame, type ThrownOptions } from "../process/format-exit.ts";
import { hasCode } from "../term/error.ts";
import { errorMessage, errorName, isErrorValue } from "../term/inspect-error.ts";
import { dataOf } from "../term/inspect-reflect.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { jsonText } from "./json-text.ts";

/** What a program has evaluated. */
export interface Evaluation {
  /** Rises from one to the next. */
  readonly number: number;
  readonly source: string;
  /** Where it prints and what came of it is told. */
  readonly leader: Pid;
  /** What errors call it, if it is of a file, and the line it begins in. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A place that an error passed. */
export interface ReportedFrame {
  readonly text: string;
  readonly fun?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The node that those below it are of. */
  readonly node?: string | undefined;
}

export interface Failure {
  /** As the prompt prints it. */
  readonly text: string;
  /** `TypeError`; `exit` and `throw` where it is no error. */
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly frames: readonly ReportedFrame[];
}

export type Report =
  /** `json` is the value as JSON text; `omitted` says why there is none: `not_json`, `too_large`. */
  | { readonly kind: "value"; readonly text: string; readonly json?: string; readonly omitted?: string }
  /** There is nothing to print. */
  | { readonly kind: "nothing" }
  | { readonly kind: "error"; readonly error: Failure }
  | { readonly kind: "interrupted" };

/** A value is told as JSON up to so many characters. */
export const MOST_JSON = 1024 * 1024;

/** What is told of a value. Runs its `toJSON` and getters, as JSON does, and never fails. */
export function reportOfValue(value: unknown, text: string): Report {
  try {
    return { kind: "value", text, json: jsonText(value, MOST_JSON) };
  } catch (error) {
    return { kind: "value", text, omitted: hasCode(error, "too_large") ? "too_large" : "not_json" };
  }
}

/** What is told of something thrown. Never throws. */
export function failureOf(thrown: unknown, options: ThrownOptions): Failure {
  const text = formatThrown(thrown, options);
  if (!isErrorValue(thrown)) return { text, name: "throw", message: inspect(thrown), frames: [] };
  const isExit = dataOf(thrown, EXIT) === true;
  const code: unknown = dataOf(thrown, "code");
  return {
    text,
    name: isExit ? "exit" : errorName(thrown),
    message: isExit ? formatExit(dataOf(thrown, "reason")) : (errorMessage(thrown) ?? ""),
    code: isExit ? "exit" : typeof code === "string" ? code : undefined,
    frames: placeOf(thrown) ?? cleanStack(thrown).map((frame) => framed(frame, options.place?.(frame))),
  };
}

const EXIT = Symbol.for("moebi.exit");

/** A frame with the place in what was typed, where that is another than in what runs. */
function framed(
  frame: StackFrame,
  place: { readonly line: number; readonly column: number | undefined } | undefined,
): ReportedFrame {
  return place === undefined ? frame : { ...frame, ...place, text: placed(frame, place) };
}

/** A syntax error has no stack, but a place. */
function placeOf(error: Error): ReportedFrame[] | undefined {
  const place: unknown = dataOf(error, "place");
  if (dataOf(error, "code") !== "syntax" || typeof place !== "object" || place === null) return undefined;
  const { file, line, column } = place as Readonly<Record<string, unknown>>;
  if (typeof file !== "string" || typeof line !== "number" || typeof column !== "number") return undefined;
  return [{ text: `at ${file}:${String(line)}:${String(column)}`, file, line, column }];
}
