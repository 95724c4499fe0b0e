import { ArgumentError } from "../term/error.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current, processOrUndefined } from "./context.ts";
import { sendFrom, type Destination } from "./destination.ts";
import type { Deadline } from "./deadlines.ts";
import { DeadProcessError } from "./exit.ts";
import { demonitor, monitor } from "./monitors.ts";
import type { MonitorSinks, Process, Waiting } from "./process.ts";

/** Whom to answer: opaque, can be kept and passed on. The tag is the alias the answer goes to. */
export type From = readonly [caller: Pid, tag: Ref];

/** How a request ended: with an answer, or with the reason there is none. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

/**
 * Sends a request to a server and waits for its answer: a monitor whose reference is also the address of the answer
 * (an alias), so that a late answer finds nobody and never shows in a mailbox. Looks at no mailbox, however full.
 *
 * Reasons: `noproc` (not there), `["nodedown", node]` (no connection), `timeout`, or the server's exit reason. Only
 * `noproc` says that the request was not seen. `withdrawal` is sent after it when a person stops the wait.
 */
export function request(
  process: Process,
  server: Destination,
  envelope: (from: From) => unknown,
  timeout: number,
  withdrawal?: (from: From) => unknown,
): Promise<Outcome> {
  checkTimeout(timeout);
  const asked = new Request(process, server, withdrawal);
  // A connection past its soft limit holds calls back; messages it never does.
  const busy = process.runtime.router?.drained(nodeOf(process, server));
  if (busy === undefined) return asked.send(envelope, timeout);
  return process.wait<void>((resolve) => void busy.then(resolve)).then(() => asked.send(envelope, timeout));
}

/** A request that waits for its answer. */
class Request implements MonitorSinks, Waiting {
  readonly #process: Process;
  readonly #server: Destination;
  readonly #withdrawal: ((from: From) => unknown) | undefined;
  readonly #answer = Promise.withResolvers<Outcome>();
  #wait = 0;
  #ref: Ref | undefined;
  #deadline: Deadline | undefined;

  constructor(process: Process, server: Destination, withdrawal: ((from: From) => unknown) | undefined) {
    this.#process = process;
    this.#server = server;
    this.#withdrawal = withdrawal;
  }

  send(envelope: (from: From) => unknown, timeout: number): Promise<Outcome> {
    const process = this.#process;
    const { promise } = this.#answer;
    if (!process.alive) {
      this.#fail(new DeadProcessError());
      return promise;
    }
    this.#wait = process.waitFor(this);
    const ref = monitor(process, this.#server, { alias: "replyDemonitor" }, this);
    // It may have fired.
    if (process.monitors?.has(ref) !== true) return promise;
    this.#ref = ref;
    try {
      sendFrom(process, this.#target, envelope([process.pid, ref]));
    } catch (thrown) {
      process.waitedFor(this.#wait);
      demonitor(process, ref);
      this.#fail(thrown);
      return promise;
    }
    this.#deadline = process.runtime.deadlines.set(timeout, () => {
      demonitor(process, ref);
      this.#finish({ ok: false, reason: "timeout" });
    });
    return promise;
  }

  onDown(reason: unknown): void {
    const why = reason === "noconnection" ? ["nodedown", nodeOf(this.#process, this.#server)] : reason;
    this.#finish({ ok: false, reason: why });
  }

  /** `[tag, value]` of a server, `["io_reply", tag, value]` of a group leader. */
  onMessage(message: unknown): void {
    this.#finish({ ok: true, value: (message as readonly unknown[]).at(-1) });
  }

  /** The wait ends with the process, or before it: nobody wants the answer any more. */
  abandon(error: unknown): void {
    const process = this.#process;
    const ref = this.#ref;
    process.runtime.deadlines.clear(this.#deadline);
    if (process.alive && ref !== undefined) {
      demonitor(process, ref);
      if (this.#withdrawal !== undefined) sendFrom(process, this.#target, this.#withdrawal([process.pid, ref]));
    }
    this.#fail(error);
  }

  /** By the pair, since a bare name that vanished meanwhile would throw. */
  get #target(): Destination {
    const server = this.#server;
    return typeof server === "string" ? [server, this.#process.runtime.name] : server;
  }

  #finish(outcome: Outcome): void {
    const process = this.#process;
    process.runtime.deadlines.clear(this.#deadline);
    process.waitedFor(this.#wait);
    this.#answer.resolve(outcome);
  }

  #fail(error: unknown): void {
    this.#answer.promise.catch(ignore);
    this.#answer.reject(error);
  }
}

/** The death of a process that nobody awaits must not count as an unhandled rejection. */
const ignore = (): void => undefined;

/** Answers a request. A second answer, or one to a caller that gave up, is lost. Always `"ok"`. */
export function reply(from: From, value: unknown): "ok" {
  sendFrom(current(), from[1], [from[1], value]);
  return "ok";
}

/** The node a destination names. */
export function nodeOf(process: Process, destination: Destination): NodeName {
  if (isPid(destination)) return destination.node;
  if (Array.isArray(destination)) return destination[1] as NodeName;
  return process.runtime.name;
}

/** Throws `badarg` unless it is a number of milliseconds, zero or more, or Infinity. */
export function checkTimeout(timeout: unknown): asserts timeout is number {
  if (typeof timeout !== "number" || !(timeout >= 0)) {
    throw new ArgumentError(
      `A timeout is a number of milliseconds or Infinity, not ${typeof timeout === "number" ? String(timeout) : typeof timeout}`,
    );
  }
}

/** Whether the caller itself is what `destination` names on this node. */
export function isSelf(destination: Destination): boolean {
  const process = processOrUndefined();
  if (process === undefined) return false;
  if (isPid(destination)) return destination === process.pid;
  const name =
    typeof destination === "string"
      ? destination
      : Array.isArray(destination) && destination[1] === process.runtime.name
        ? destination[0]
        : undefined;
  return name !== undefined && process.name === name;
}
