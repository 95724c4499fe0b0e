import type { Process } from "../process/process.ts";
import { isExit, reasonOfThrown } from "../process/exit.ts";
import { tellProgress } from "../process/progress.ts";
import { tagOf } from "../term/atom.ts";
import { ArgumentError, hasCode } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { Latencies } from "./latencies.ts";
import type { Measured } from "./measurement.ts";

export interface BenchOptions {
  /** How many calls are measured, of each function; as many as there is time for unless told. */
  readonly calls?: number;
  /** How many milliseconds each function is measured for; 3000 unless `calls` is told, then without a limit. */
  readonly duration?: number;
  /** How many calls are under way at once. 1 unless told. */
  readonly concurrency?: number;
  /** How many calls are made before, which are not measured. As many as 200 ms allow unless told, a tenth of `calls` at most. */
  readonly warmup?: number;
}

export const BENCH_OPTIONS = ["calls", "duration", "concurrency", "warmup"] as const;

const DURATION_MS = 3000;
const WARMUP_MS = 200;
/** Several functions are measured in turns of this many, so that what disturbs one disturbs the others. */
const TURNS = 20;
/** Code that awaits nothing lets others have their turn so often, in milliseconds. */
const SLICE_MS = 20;

/** When calls end. */
interface Limit {
  readonly calls: number;
  readonly ms: number;
}

/** The options, complete. Throws `badarg`, naming the one that is wrong. */
export function checkBenchOptions(options: BenchOptions): { limit: Limit; concurrency: number; warmup: Limit } {
  const { calls, duration, concurrency = 1, warmup } = options;
  const check = (name: string, value: number | undefined, least: number, whole = true): void => {
    if (value === undefined) return;
    if (typeof value === "number" && value >= least && (whole ? Number.isSafeInteger(value) : Number.isFinite(value)))
      return;
    const wanted = whole ? `a whole number from ${String(least)}` : "a number of milliseconds";
    throw new ArgumentError(`The option ${name} of bench() is ${wanted}, not ${inspect(value, { depth: 1 })}`);
  };
  check("calls", calls, 1);
  check("duration", duration, 0, false);
  check("concurrency", concurrency, 1);
  check("warmup", warmup, 0);
  return {
    limit: { calls: calls ?? Infinity, ms: duration ?? (calls === undefined ? DURATION_MS : Infinity) },
    concurrency,
    warmup:
      warmup === undefined
        ? { calls: calls === undefined ? Infinity : Math.ceil(calls / 10), ms: WARMUP_MS }
        : { calls: warmup, ms: Infinity },
  };
}

/** Whether it was interrupted, and what was measured until then, of each function. */
export interface Outcome {
  readonly measured: readonly Measured[];
  readonly interrupted: boolean;
}

/**
 * Calls functions and measures how long each call takes, until there are enough; several in turns. A call that fails is
 * counted by its code. Ends early, with what there is, if the process is interrupted; rejects if it exits.
 */
export async function measure(
  process: Process,
  functions: readonly (() => unknown)[],
  options: BenchOptions,
): Promise<Outcome> {
  const { limit, concurrency, warmup } = checkBenchOptions(options);
  const measured = functions.map((): Measured => ({ latencies: new Latencies(), errors: new Map(), ms: 0 }));
  const total = limit.calls === Infinity ? undefined : limit.calls * functions.length;
  const stop = stopping(process);
  const caller = { process, concurrency, stopped: stop.promise, isStopped: () => stop.stopped };
  let told: ReturnType<typeof tellProgress>;
  try {
    for (const fn of functions)
      await callRepeatedly(fn, { latencies: new Latencies(), errors: new Map(), ms: 0 }, warmup, caller);
    told = tellProgress(process, "bench", total);
    const turns = functions.length === 1 ? 1 : Math.min(TURNS, limit.calls);
    for (let turn = 0; turn < turns && !stop.stopped; turn++) {
      for (const [index, fn] of functions.entries()) {
        const into = measured[index];
        if (into === undefined || stop.stopped) break;
        const before = turn === 0 ? 0 : Math.floor((limit.calls * turn) / turns);
        const calls = limit.calls === Infinity ? Infinity : Math.floor((limit.calls * (turn + 1)) / turns) - before;
        await callRepeatedly(fn, into, { calls, ms: limit.ms / turns }, { ...caller, onCall: () => told?.step() });
      }
    }
  } finally {
    told?.end();
    stop.end();
  }
  return { measured, interrupted: stop.stopped };
}

interface Caller {
  readonly process: Process;
  readonly concurrency: number;
  /** Settles when no more calls are wanted, not even those under way. */
  readonly stopped: Promise<void>;
  isStopped(): boolean;
  onCall?(): void;
}

/** Calls until the limit, and waits for what is under way then. */
async function callRepeatedly(fn: () => unknown, into: Measured, limit: Limit, caller: Caller): Promise<void> {
  const start = performance.now();
  const end = start + limit.ms;
  let begun = 0;
  const loop = async (): Promise<void> => {
    let since = performance.now();
    while (begun < limit.calls && !caller.isStopped()) {
      const from = performance.now();
      if (from >= end) return;
      begun++;
      let failed: unknown;
      let ok = true;
      try {
        const value = fn();
        if (isThenable(value)) await value;
      } catch (thrown) {
        ok = false;
        failed = thrown;
      }
      const now = performance.now();
      // What was under way when it was stopped is no answer.
      if (caller.isStopped()) return;
      if (ok) into.latencies.add(now - from);
      else {
        const code = codeOf(failed);
        into.errors.set(code, (into.errors.get(code) ?? 0) + 1);
      }
      caller.onCall?.();
      if (now - since < SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  };
  const loops = Array.from({ length: Math.min(caller.concurrency, limit.calls) }, loop);
  await Promise.race([Promise.all(loops), caller.stopped]);
  into.ms += performance.now() - start;
}

/** Hears of an interrupt, as everything does that the process waits for, before any of that fails. */
function stopping(process: Process): { readonly promise: Promise<void>; readonly stopped: boolean; end(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const state = { promise, stopped: false, end: (): void => process.waitedFor(wait) };
  const wait = process.waitFor({
    abandon(error) {
      state.stopped = true;
      if (process.alive) resolve();
      else reject(error);
    },
  });
  promise.catch(() => undefined);
  return state;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** What a failure is counted under: the reason of an exit, the code of an error, else its name. */
function codeOf(thrown: unknown): string {
  if (isExit(thrown)) {
    const reason = reasonOfThrown(thrown);
    const [first] = Array.isArray(reason) ? (reason as unknown[]) : [reason];
    return tagOf(first) ?? "exit";
  }
  if (!(thrown instanceof Error)) return "throw";
  const { code } = thrown as { code?: unknown };
  return typeof code === "string" && !hasCode(thrown, "exception") ? code : thrown.name;
}
