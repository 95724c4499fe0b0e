import { availableParallelism } from "node:os";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import type { Timer } from "../process/clock.ts";
import { current } from "../process/context.ts";
import { exitedIn } from "../process/exit.ts";
import { unlink } from "../process/links.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { tellProgress, type Told } from "../process/progress.ts";
import { type Mfa, withInput } from "./task-protocol.ts";
import { abandonTask, type StartTask } from "./task-start.ts";

/** How a stream of tasks runs. */
export interface StreamOptions {
  /** How many tasks run at once; as many as the machine has processors, unless told. */
  readonly maxConcurrency?: number;
  /** Results in the order of the inputs, as unless told; or as they come. */
  readonly ordered?: boolean;
  /** Milliseconds each task may take; 5000 unless told. */
  readonly timeout?: number;
  /** What happens when one takes longer: the consumer exits, or that task is killed, with `["exit", "timeout"]` in its place. */
  readonly onTimeout?: "exit" | "killTask";
  /** Makes a failure `["exit", [input, reason]]`. */
  readonly zipInputOnExit?: boolean;
}

export const STREAM_OPTIONS = ["maxConcurrency", "ordered", "timeout", "onTimeout", "zipInputOnExit"] as const;

/** One result of a stream. */
export type StreamResult<T = unknown> = readonly [tag: "ok", value: T] | readonly [tag: "exit", reason: unknown];

/** What a stream takes its inputs from. */
export type Inputs<I> = Iterable<I> | AsyncIterable<I>;

/** The options, complete. Throws `badarg` naming the one that is wrong. */
export function checkStreamOptions(options: StreamOptions): Required<StreamOptions> {
  const {
    maxConcurrency = availableParallelism(),
    ordered = true,
    timeout = 5000,
    onTimeout = "exit",
    zipInputOnExit = false,
  } = options;
  const wrong = (name: string, wanted: string, value: unknown): ArgumentError =>
    new ArgumentError(`The option ${name} is ${wanted}, not ${inspect(value, { depth: 1 })}`);
  if (maxConcurrency !== Infinity && !(Number.isInteger(maxConcurrency) && maxConcurrency > 0)) {
    throw wrong("maxConcurrency", "an integer greater than zero, or Infinity", maxConcurrency);
  }
  if (typeof timeout !== "number" || !(timeout >= 0))
    throw wrong("timeout", "a number of milliseconds, or Infinity", timeout);
  if (onTimeout !== "exit" && onTimeout !== "killTask") throw wrong("onTimeout", '"exit" or "killTask"', onTimeout);
  if (typeof ordered !== "boolean") throw wrong("ordered", "true or false", ordered);
  if (typeof zipInputOnExit !== "boolean") throw wrong("zipInputOnExit", "true or false", zipInputOnExit);
  return { maxConcurrency, ordered, timeout, onTimeout, zipInputOnExit };
}

/**
 * Runs `mfa` for each input in a task of its own and gives their results. Tasks start as the consumer asks for results.
 * When it stops asking, by `break` or by its end, those still running are killed; nothing of any reaches its mailbox.
 */
export function streamTasks<I, T>(
  inputs: Inputs<I>,
  mfa: Mfa,
  start: StartTask,
  options: StreamOptions,
  called: readonly [module: string, fun: string],
): AsyncIterable<StreamResult<T>> {
  const checked = checkStreamOptions(options);
  if (typeof inputs !== "object" && typeof inputs !== "string" && typeof inputs !== "function") {
    throw new ArgumentError("A stream of tasks takes something to iterate over");
  }
  return {
    [Symbol.asyncIterator]: () =>
      new TaskStream<I>(current(), inputs, mfa, start, checked, called).results() as AsyncGenerator<StreamResult<T>>,
  };
}

interface Running {
  readonly index: number;
  readonly input: unknown;
  readonly pid: Pid;
  readonly ref: Ref;
  timer: Timer;
}

/** One run of a stream, in the process that iterates over it. */
class TaskStream<I> {
  private readonly process: Process;
  private readonly mfa: Mfa;
  private readonly start: StartTask;
  private readonly options: Required<StreamOptions>;
  private readonly called: readonly [module: string, fun: string];
  private readonly iterator: Iterator<I> | AsyncIterator<I>;
  private readonly running = new Set<Running>();
  /** Results not asked for yet, by the index of their input. */
  private readonly waiting = new Map<number, StreamResult>();
  private started = 0;
  private delivered = 0;
  private pulling = false;
  private pulled: { readonly value: I } | undefined = undefined;
  private exhausted = false;
  private failure: { readonly error: unknown } | undefined = undefined;
  private wake: (() => void) | undefined = undefined;
  private readonly total: number | undefined;
  private told: Told | undefined = undefined;

  constructor(
    process: Process,
    inputs: Inputs<I>,
    mfa: Mfa,
    start: StartTask,
    options: Required<StreamOptions>,
    called: readonly [module: string, fun: string],
  ) {
    this.process = process;
    this.mfa = mfa;
    this.start = start;
    this.options = options;
    this.called = called;
    this.total = countOf(inputs);
    this.iterator =
      Symbol.asyncIterator in Object(inputs)
        ? (inputs as AsyncIterable<I>)[Symbol.asyncIterator]()
        : (inputs as Iterable<I>)[Symbol.iterator]();
  }

  async *results(): AsyncGenerator<StreamResult> {
    const { process, running, options } = this;
    this.told = tellProgress(process, this.called.join("."), this.total);
    const killAll = (): void => {
      for (const task of running) this.abandon(task);
    };
    // A consumer that is killed in the middle of its own code runs no `finally`.
    process.signal.addEventListener("abort", killAll, { once: true });
    try {
      for (;;) {
        while (this.failure === undefined && running.size < options.maxConcurrency && this.hasInput())
          await this.startNext();
        if (this.failure !== undefined) throw this.failure.error;
        const result = this.nextResult();
        if (result !== undefined) yield result;
        else if (this.exhausted && running.size === 0) return;
        else await this.change();
      }
    } finally {
      process.signal.removeEventListener("abort", killAll);
      killAll();
      this.told?.end();
      if (!this.exhausted) void this.iterator.return?.();
    }
  }

  /** Whether there is an input at hand; asks for the next if not. */
  private hasInput(): boolean {
    if (this.pulled === undefined && !this.exhausted && !this.pulling) {
      const step = this.iterator.next();
      // By what it can do: a promise may be of another realm.
      if (!("then" in step)) this.accept(step);
      else {
        // Results go on coming while the inputs are slow.
        this.pulling = true;
        step.then(
          (next) => {
            this.pulling = false;
            this.accept(next);
            this.wake?.();
          },
          (error: unknown) => {
            this.exhausted = true;
            this.fail(error);
          },
        );
      }
    }
    return this.pulled !== undefined;
  }

  private accept(step: IteratorResult<I>): void {
    if (step.done === true) this.exhausted = true;
    else this.pulled = { value: step.value };
  }

  private async startNext(): Promise<void> {
    const input = this.pulled?.value;
    this.pulled = undefined;
    const index = this.started++;
    // eslint-disable-next-line prefer-const -- the sinks below are made before it and look at it
    let task: Running | undefined;
    const { process } = this;
    // The sinks are called at the earliest in the task's first step, or by a signal, so not before `task` is known
    // unless the task is dead already.
    let early: StreamResult | undefined;
    const settle = (result: StreamResult): void => {
      if (task === undefined) early = result;
      else this.settle(task, result);
    };
    const watch = (pid: Pid): Ref =>
      monitor(
        process,
        pid,
        { alias: "replyDemonitor" },
        {
          onMessage: (message) => settle(["ok", (message as readonly unknown[])[1]]),
          onDown: (reason) => settle(["exit", reason === "noconnection" ? ["nodedown", pid.node] : reason]),
        },
      );
    const { pid, ref } = await this.start(process, withInput(this.mfa, input), watch);
    const { clock } = process.runtime;
    task = { index, input, pid, ref, timer: undefined };
    this.running.add(task);
    if (early !== undefined) this.settle(task, early);
    else if (!process.alive) this.abandon(task);
    else if (this.options.timeout !== Infinity) {
      const late = task;
      late.timer = clock.setTimeout(() => this.expire(late), this.options.timeout);
    }
  }

  /** A task has answered or ended. */
  private settle(task: Running, result: StreamResult): void {
    if (!this.running.delete(task)) return;
    this.told?.step();
    const { process } = this;
    if (task.timer !== undefined) process.runtime.clock.clearTimeout(task.timer);
    // Its end shall not show in the mailbox of a consumer that traps exits, but a failure ends one that does not.
    if (result[0] === "ok" || process.trapExit || result[1] === "normal") unlink(process, task.pid);
    const zipped =
      result[0] === "exit" && this.options.zipInputOnExit ? (["exit", [task.input, result[1]]] as const) : result;
    this.waiting.set(task.index, zipped);
    this.wake?.();
  }

  private expire(task: Running): void {
    const { onTimeout, timeout } = this.options;
    if (!this.running.has(task)) return;
    this.abandon(task);
    if (onTimeout === "killTask") {
      this.running.add(task);
      this.settle(task, ["exit", "timeout"]);
    } else this.fail(exitedIn("timeout", ...this.called, [timeout]));
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.wake?.();
  }

  private abandon(task: Running): void {
    this.running.delete(task);
    if (task.timer !== undefined) this.process.runtime.clock.clearTimeout(task.timer);
    abandonTask(this.process, task.pid, task.ref);
  }

  private nextResult(): StreamResult | undefined {
    const index = this.options.ordered ? this.delivered : this.waiting.keys().next().value;
    const result = index === undefined ? undefined : this.waiting.get(index);
    if (index === undefined || result === undefined) return undefined;
    this.waiting.delete(index);
    this.delivered++;
    return result;
  }

  /** Settles when something has happened. */
  private change(): Promise<void> {
    return this.process.wait<void>((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
      return undefined;
    });
  }
}

/** How many inputs there are, where that can be known before. */
function countOf(inputs: unknown): number | undefined {
  if (Array.isArray(inputs)) return inputs.length;
  return inputs instanceof Set || inputs instanceof Map ? inputs.size : undefined;
}
