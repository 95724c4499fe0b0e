import { tagOf } from "../term/atom.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import type { From } from "../process/call.ts";

/**
 * The shapes in which processes call each other: Erlang's own, so that what speaks them here speaks them with a real
 * Erlang node. Constructors and matchers side by side; nobody else spells these tags.
 */

/** A request that wants an answer. */
export function callMessage(from: From, request: unknown): readonly [tag: "$gen_call", from: From, request: unknown] {
  return ["$gen_call", from, request];
}

/** A request that wants none. */
export function castMessage(request: unknown): readonly [tag: "$gen_cast", request: unknown] {
  return ["$gen_cast", request];
}

/** What a server handles itself, whatever it serves: here, the order to stop. */
export function systemMessage(from: From, request: unknown): readonly [tag: "system", from: From, request: unknown] {
  return ["system", from, request];
}

/** The answer to a request, and a task's value. */
export function replyMessage<T>(ref: Ref, value: T): readonly [ref: Ref, value: T] {
  return [ref, value];
}

export interface Called {
  readonly from: From;
  readonly request: unknown;
}

/** The call that a message is, `undefined` if it is none. */
export function asCall(message: unknown): Called | undefined {
  return called(message, "$gen_call");
}

/** The system request that a message is, `undefined` if it is none. */
export function asSystem(message: unknown): Called | undefined {
  return called(message, "system");
}

function called(message: unknown, tag: string): Called | undefined {
  if (!Array.isArray(message) || message.length !== 3 || tagOf(message[0]) !== tag) return undefined;
  const [, from, request] = message as readonly unknown[];
  return isFrom(from) ? { from, request } : undefined;
}

/** Whether a value says whom to answer: one from another node may say anything. */
export function isFrom(value: unknown): value is From {
  return Array.isArray(value) && value.length === 2 && isPid(value[0]) && isRef(value[1]);
}

/** The cast that a message is, `undefined` if it is none. */
export function asCast(message: unknown): { readonly request: unknown } | undefined {
  if (!Array.isArray(message) || message.length !== 2 || tagOf(message[0]) !== "$gen_cast") return undefined;
  return { request: message[1] };
}

/** Whether a message is the answer under `ref`. */
export function isReply(message: unknown, ref: Ref): message is readonly [Ref, unknown] {
  return Array.isArray(message) && message.length === 2 && message[0] === ref;
}

export type Down = readonly [
  tag: "DOWN",
  ref: Ref,
  kind: "process",
  target: Pid | readonly [string, Pid["node"]],
  reason: unknown,
];

/** Whether a message says that a monitor fired; with `ref`, that this one did. */
export function isDown(message: unknown, ref?: Ref): message is Down {
  return (
    Array.isArray(message) &&
    message.length === 5 &&
    message[0] === "DOWN" &&
    (ref === undefined ? isRef(message[1]) : message[1] === ref)
  );
}

export type ExitMessage = readonly [tag: "EXIT", pid: Pid, reason: unknown];

/** Whether a message is the exit signal that a process that traps exits gets; with `pid`, of this process. */
export function isExitMessage(message: unknown, pid?: Pid): message is ExitMessage {
  return (
    Array.isArray(message) &&
    message.length === 3 &&
    message[0] === "EXIT" &&
    (pid === undefined ? isPid(message[1]) : message[1] === pid)
  );
}
