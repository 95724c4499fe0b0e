import { tagOf } from "../term/atom.ts";
import { ArgumentError } from "../term/error.ts";
import type { Timer } from "./clock.ts";
import { current, runAs } from "./context.ts";
import type { Process, Waiter } from "./process.ts";

/**
 * Clauses by tag: `ping` takes `"ping"` and `["ping", …rest]`, called with the rest; `_` takes anything;
 * `after` is `[milliseconds, what then]`.
 */
export interface Clauses<T> {
  readonly after?: readonly [timeout: number, then: () => T | Promise<T>];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a clause names the types of what it takes
  readonly [tag: string]: ((...args: any[]) => T | Promise<T>) | readonly [number, () => T | Promise<T>] | undefined;
}

/** What a {@link receive} with a timeout gives when nothing came. */
export const TIMEOUT = "timeout";

/**
 * The oldest message of the calling process' mailbox; waits for one if need be.
 *
 * With a predicate: the oldest it accepts; the rest stay, in order. With a timeout (ms): `"timeout"` after at least
 * that time; 0 looks at the whole mailbox first. With clauses: see {@link Clauses}; gives what the clause returns.
 *
 * Fails with `noprocess` outside a process, and with `dead` if the process exits meanwhile.
 *
 * ```ts
 * send(self(), ["hi", "kate"]);
 * await receive({ hi: (name) => `hello ${name}`, after: [1000, () => "nobody"] }); // "hello kate"
 * await receive(() => true, 0); // "timeout"
 * ```
 */
export function receive(): Promise<unknown>;
export function receive<M = unknown>(predicate: (message: unknown) => boolean, timeout?: number): Promise<M>;
export function receive<T>(clauses: Clauses<T>): Promise<T>;
export function receive(
  what?: ((message: unknown) => boolean) | Clauses<unknown>,
  timeout = Infinity,
): Promise<unknown> {
  const process = current();
  if (what === undefined) return take(process, undefined);
  // Whoever sends runs the predicate of who waits; it is the receiver's code, and finds itself in the receiver.
  if (typeof what === "function")
    return take(process, what, timeout, TIMEOUT, (message) => runAs(process, () => what(message)));
  return receiveClauses(process, what);
}

async function receiveClauses(process: Process, clauses: Clauses<unknown>): Promise<unknown> {
  const { after } = clauses;
  if (
    after !== undefined &&
    !(Array.isArray(after) && typeof after[0] === "number" && typeof after[1] === "function")
  ) {
    throw new ArgumentError("The clause `after` of a receive is [milliseconds, function]");
  }
  const clauseOf = (message: unknown): string | undefined => {
    const tag = tagOf(message) ?? (Array.isArray(message) ? tagOf(message[0]) : undefined);
    if (tag !== undefined && tag !== "after" && tag !== "_" && Object.hasOwn(clauses, tag)) return tag;
    return Object.hasOwn(clauses, "_") ? "_" : undefined;
  };
  const none = Symbol("none");
  const message = await take(process, (m) => clauseOf(m) !== undefined, after?.[0], none);
  if (message === none) return after?.[1]();
  const name = clauseOf(message) ?? "_";
  const clause = clauses[name] as (...args: unknown[]) => unknown;
  if (name === "_") return clause.call(clauses, message);
  return clause.apply(clauses, Array.isArray(message) ? message.slice(1) : []);
}

/**
 * Takes from a process' mailbox, in that process. `otherwise` is what a timeout gives; `later` is how the predicate is
 * asked about messages that come while it waits, in whichever process that happens.
 */
export function take(
  process: Process,
  match: ((message: unknown) => boolean) | undefined,
  timeout = Infinity,
  otherwise: unknown = TIMEOUT,
  later = match,
): Promise<unknown> {
  const { mailbox } = process;
  // Whoever waits already has refused what is there.
  if (mailbox.length > 0) {
    if (match === undefined) return resumed(process, mailbox.shift());
    const taken = mailbox.take(match);
    if (taken !== undefined) return resumed(process, taken.message);
  }
  if (timeout <= 0) return Promise.resolve(otherwise);
  if (Number.isNaN(timeout)) throw new ArgumentError("A timeout is a number of milliseconds or Infinity");

  const waiter = new PendingReceive(later);
  waiter.promise = new Promise<unknown>((resolve, reject) => {
    waiter.resolve = resolve;
    waiter.reject = reject;
  });
  if (process.waiter === undefined) process.waiter = waiter;
  else (process.waiters ??= []).push(waiter);
  if (timeout !== Infinity) limit(process, waiter, timeout, otherwise);
  return waiter.promise;
}

/** A message that was there already; the process goes on in its turn. */
function resumed(process: Process, message: unknown): Promise<unknown> {
  return process.runtime.hasTurn()
    ? Promise.resolve(message)
    : new Promise((resolve) => process.runtime.turn(() => resolve(message)));
}

function limit(process: Process, waiter: PendingReceive, timeout: number, otherwise: unknown): void {
  const { clock } = process.runtime;
  const settle = waiter.resolve;
  const fail = waiter.reject;
  const timer: Timer = clock.setTimeout(() => {
    if (process.waiter === waiter) process.waiter = process.waiters?.shift();
    else process.waiters = process.waiters?.filter((other) => other !== waiter);
    settle(otherwise);
  }, timeout);
  waiter.resolve = (message) => {
    clock.clearTimeout(timer);
    settle(message);
  };
  waiter.reject = (error) => {
    clock.clearTimeout(timer);
    fail(error);
  };
}

class PendingReceive implements Waiter {
  readonly match: ((message: unknown) => boolean) | undefined;
  resolve!: (message: unknown) => void;
  reject!: (error: unknown) => void;
  promise: Promise<unknown> | undefined = undefined;

  constructor(match: ((message: unknown) => boolean) | undefined) {
    this.match = match;
  }
}
