import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { DeadProcessError } from "./exit.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import { Mailbox } from "./mailbox.ts";
import type { Alias, Runtime } from "./runtime.ts";

/** A link, seen from one end. Not active while an unlink has been sent and not yet acknowledged. */
export interface LinkState {
  active: boolean;
  unlinkId: number;
  /** The other end is on another node, and was started from here. */
  readonly spawnedThere?: true;
}

/** A monitor this process holds. */
export interface Monitor {
  /** What was asked for: the third from last element of the `DOWN`. */
  readonly target: Pid | readonly [string, string];
  /** The process watched, if it is on this node. */
  local: Process | undefined;
  /** Takes the `DOWN` instead of the mailbox, if it has a function for it: how a call waits for its server. */
  readonly sinks: MonitorSinks | undefined;
}

/** What a call puts in place of the mailbox. */
export interface MonitorSinks {
  onDown?(reason: unknown): void;
  onMessage?(message: unknown): void;
}

/** What a process waits for. */
export interface Waiting {
  /** The process has exited, or was interrupted: nothing will come of it. */
  abandon(error: unknown): void;
}

/** What a process has said and is still to be sent. */
export interface Unsent {
  /** Sends it before something else that the process sends. */
  flush(): void;
  /** The process has ended: sends it before that is told. */
  end(): void;
}

/** Somebody watches this process: `name` if by its name. */
export interface Watcher {
  readonly pid: Pid;
  readonly name: string | undefined;
}

/** A pending `receive`. */
export interface Waiter {
  /** `undefined` takes any message. */
  readonly match: ((message: unknown) => boolean) | undefined;
  readonly resolve: (message: unknown) => void;
  readonly reject: (error: unknown) => void;
  promise: Promise<unknown> | undefined;
}

/** The death of a process that nobody awaits must not count as an unhandled rejection. */
const ignore = (): void => undefined;

/**
 * A process: an async function with a mailbox. What most never use (links, monitors, dictionary, names) is made on
 * first use, so that a hundred thousand idle ones are cheap.
 */
export class Process {
  readonly pid: Pid;
  readonly runtime: Runtime;
  readonly mailbox = new Mailbox();
  leader: Pid;
  parent: Pid | undefined;
  alive = true;
  trapExit = false;
  exitReason: unknown = undefined;
  name: string | undefined = undefined;
  /** What it was started with, for `Process.info`. */
  initialCall: string;
  links: LinkedHashMap<Pid, LinkState> | undefined = undefined;
  monitors: LinkedHashMap<Ref, Monitor> | undefined = undefined;
  watchers: LinkedHashMap<Ref, Watcher> | undefined = undefined;
  aliases: LinkedHashMap<Ref, Alias> | undefined = undefined;
  dictionary: Map<unknown, unknown> | undefined = undefined;
  waiters: Waiter[] | undefined = undefined;
  waiter: Waiter | undefined = undefined;
  /** How many messages have come so far, those in the mailbox included. */
  delivered = 0;
  /** When it was started, in tenths of a second of its node's life: a small integer, which costs no object. */
  born = 0;
  /**
   * What it serves by, if it answers what `sys` asks. Others must not be asked: the question would stay in their mailbox.
   */
  server: { getState?(): unknown } | undefined = undefined;
  /** Only while there is any. */
  unsent: Unsent | undefined = undefined;
  private waits: LinkedHashMap<number, Waiting> | undefined = undefined;
  private lastWait = 0;
  private controller: AbortController | undefined = undefined;

  constructor(runtime: Runtime, pid: Pid, leader: Pid, parent: Pid | undefined, initialCall: string) {
    this.runtime = runtime;
    this.pid = pid;
    this.leader = leader;
    this.parent = parent;
    this.initialCall = initialCall;
  }

  /** Whether it waits for something of the library. */
  get waiting(): boolean {
    return this.waiter !== undefined || (this.waits !== undefined && this.waits.size > 0);
  }

  /** Aborted when the process exits. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (!this.alive) this.controller.abort(new DeadProcessError());
    return this.controller.signal;
  }

  /**
   * A promise that belongs to this process: rejected with `dead` when it exits before `start` has settled it.
   * `start` returns what undoes its waiting.
   */
  wait<T>(
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => (() => void) | undefined,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (error: unknown): void => {
      promise.catch(ignore);
      reject(error);
    };
    if (!this.alive) {
      fail(new DeadProcessError());
      return promise;
    }
    let undo: (() => void) | undefined;
    const wait = this.waitFor({
      abandon(error) {
        undo?.();
        fail(error);
      },
    });
    try {
      undo = start(
        (value) => {
          this.waitedFor(wait);
          resolve(value);
        },
        (error) => {
          this.waitedFor(wait);
          fail(error);
        },
      );
    } catch (thrown) {
      this.waitedFor(wait);
      fail(thrown);
    }
    return promise;
  }

  /** Has `waiting` told of this living process' end, until {@link waitedFor} the number given. */
  waitFor(waiting: Waiting): number {
    (this.waits ??= new LinkedHashMap()).set(++this.lastWait, waiting);
    return this.lastWait;
  }

  waitedFor(wait: number): void {
    this.waits?.delete(wait);
  }

  /** Rejects whatever the process waits for, and lets it live: how a person stops an evaluation. */
  interrupt(error: Error): void {
    this.rejectAll(error);
  }

  /** Called by the runtime, once: everything the process waits for is rejected. */
  abandon(): void {
    // Most wait for nothing when they end, and an error is dear to make: it takes down the stack.
    if (
      this.waiter !== undefined ||
      (this.waits !== undefined && this.waits.size > 0) ||
      this.controller !== undefined
    ) {
      const error = new DeadProcessError();
      this.rejectAll(error);
      this.controller?.abort(error);
    }
    this.mailbox.clear();
  }

  private rejectAll(error: Error): void {
    const waiters = this.waiter === undefined ? [] : [this.waiter, ...(this.waiters ?? [])];
    this.waiter = undefined;
    this.waiters = undefined;
    for (const waiter of waiters) {
      waiter.promise?.catch(ignore);
      waiter.reject(error);
    }
    if (this.waits !== undefined) {
      const waits = this.waits;
      this.waits = undefined;
      for (const waiting of waits.values()) waiting.abandon(error);
    }
  }
}
