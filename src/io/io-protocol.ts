import type { Pid } from "../term/pid.ts";
import { isPid, type NodeName } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import type { StatementPrompts } from "./device.ts";

/**
 * Erlang's I/O protocol: what a process asks of its group leader, and how it is answered. Requests and answers are
 * ordinary messages, so they cross nodes like any other. Beyond Erlang's: a whole statement, failures apart, and for a shell
 * that a program drives, what it is to evaluate and what came of it.
 */
export type IoRequest =
  | readonly ["put_chars", "unicode", string]
  | readonly ["put_error", "unicode", string]
  | readonly ["get_line", "unicode", prompt: string]
  | readonly ["get_chars", "unicode", prompt: string, count: number]
  | readonly ["get_until", "unicode", prompt: string, stop: string]
  | readonly ["get_statement", StatementPrompts, of?: "pry"]
  | readonly ["set_prompts", StatementPrompts]
  | readonly ["get_evaluation"]
  | readonly ["put_report", unknown]
  | readonly ["get_geometry", "columns" | "rows"]
  | readonly ["clear"]
  | readonly ["page", "unicode", string]
  | readonly ["copy", "unicode", string]
  | readonly ["observe", NodeName]
  | readonly ["pry", PryRequest]
  | readonly ["settings"]
  | readonly ["edit", path: string, line: number]
  | readonly ["requests", readonly IoRequest[]];

/** A process asks to be looked into; whoever asks has the prompt until it exits. */
export interface PryRequest {
  readonly pid: Pid;
  /** `Kate.sayName/1 (moebi(3):2)`. */
  readonly at: string;
  /** The lines around. */
  readonly lines: string;
  /** It is the process of the prompt, so nobody need be asked. */
  readonly own: boolean;
}

/** The answer of a person who allows it, with what their terminal can show. */
export type PryAllowed = readonly ["allowed", { readonly colors: boolean }];

/** The answer to a request that could not be done. */
export type IoError = readonly ["error", string];

/** The end of input, as an answer. */
export const EOF = "eof";

/** `reply` is where the answer goes: an alias of the one who asks. */
export function ioRequest(from: Pid, reply: Ref, request: IoRequest): readonly unknown[] {
  return ["io_request", from, reply, request];
}

export function ioReply(reply: Ref, answer: unknown): readonly unknown[] {
  return ["io_reply", reply, answer];
}

/** Whether the answer has to wait for a person who looks at something. */
export function isShown([kind]: IoRequest): boolean {
  return kind === "observe" || kind === "page" || kind === "pry" || kind === "edit" || kind === "settings";
}

const READS: ReadonlySet<string> = new Set([
  ...["get_line", "get_chars", "get_until", "get_statement", "get_evaluation"],
]);

/** Whether the answer has to wait for what a person types. */
export function isRead([kind]: IoRequest): boolean {
  return READS.has(kind);
}

/** The one who asked no longer waits for what was to be read; `reply` is the request's. Beyond Erlang's protocol, where only death does that. */
export function ioWithdrawal(reply: Ref): readonly unknown[] {
  return ["io_withdrawal", reply];
}

/** The request that a message withdraws, `undefined` if it is no withdrawal. */
export function withdrawnIn(message: unknown): Ref | undefined {
  if (!Array.isArray(message) || message[0] !== "io_withdrawal") return undefined;
  const reply: unknown = message[1];
  return isRef(reply) ? reply : undefined;
}

/** Takes a message apart if it is an I/O request. */
export function asIoRequest(message: unknown): { from: Pid; reply: Ref; request: IoRequest } | undefined {
  if (!Array.isArray(message) || message[0] !== "io_request") return undefined;
  const [, from, reply, request] = message as unknown[];
  return isPid(from) && isRef(reply) && Array.isArray(request)
    ? { from, reply, request: request as unknown as IoRequest }
    : undefined;
}

export function isIoError(answer: unknown): answer is IoError {
  return Array.isArray(answer) && answer[0] === "error";
}
