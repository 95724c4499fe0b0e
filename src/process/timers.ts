import { ArgumentError } from "../term/error.ts";
import { copy } from "../term/copy.ts";
import type { Ref } from "../term/ref.ts";
import { checkTimeout } from "./call.ts";
import type { Timer } from "./clock.ts";
import { current } from "./context.ts";
import { sendFrom, type Destination } from "./destination.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import type { Runtime } from "./runtime.ts";

interface Pending {
  readonly due: number;
  readonly timer: Timer;
}

const pending = new WeakMap<Runtime, LinkedHashMap<Ref, Pending>>();

function timersOf(runtime: Runtime): LinkedHashMap<Ref, Pending> {
  let timers = pending.get(runtime);
  if (timers === undefined) pending.set(runtime, (timers = new LinkedHashMap()));
  return timers;
}

/**
 * Sends `message` to `destination` after `ms` milliseconds, also if the caller has exited by then.
 * The message is copied now. Gives the timer's reference. Throws `badarg` for a bad time.
 *
 * ```ts
 * const timer = Process.sendAfter(self(), "late", 60_000);
 * Process.cancelTimer(timer) > 0; // true
 * Process.cancelTimer(timer); // false
 * ```
 */
export function sendAfter(destination: Destination, message: unknown, ms: number): Ref {
  const process = current();
  checkTimeout(ms);
  if (ms === Infinity) throw new ArgumentError("A timer needs a number of milliseconds, not Infinity");
  const { runtime } = process;
  const timers = timersOf(runtime);
  const ref = runtime.makeRef();
  const kept = copy(message);
  const timer = runtime.clock.setTimeout(() => {
    timers.delete(ref);
    // A name nobody holds by now: the message is lost, as Erlang's is.
    const to = typeof destination === "string" ? ([destination, runtime.name] as const) : destination;
    try {
      sendFrom(process, to, kept);
    } catch (error) {
      // Nobody is there to hear that it can't cross to the node of its destination.
      runtime.log(
        "error",
        `A message of a timer was not sent: ${error instanceof Error ? error.message : String(error)}`,
        process.pid,
      );
    }
  }, ms);
  timers.set(ref, { due: runtime.clock.now() + ms, timer });
  return ref;
}

/** Stops a timer. The milliseconds it had left, or `false` if it has fired or never was. */
export function cancelTimer(ref: Ref): number | false {
  const { runtime } = current();
  const left = readTimer(ref);
  if (left === false) return false;
  const timers = timersOf(runtime);
  runtime.clock.clearTimeout(timers.get(ref)?.timer);
  timers.delete(ref);
  return left;
}

/** The milliseconds a timer has left, or `false` if it has fired or never was. */
export function readTimer(ref: Ref): number | false {
  const { runtime } = current();
  const entry = timersOf(runtime).get(ref);
  return entry === undefined ? false : Math.max(0, Math.ceil(entry.due - runtime.clock.now()));
}

/** Ends all timers: the node stops. */
export function stopTimers(runtime: Runtime): void {
  for (const { timer } of timersOf(runtime).values()) runtime.clock.clearTimeout(timer);
  pending.delete(runtime);
}

/** Waits `ms` milliseconds, or for ever with `Infinity`. Gives `"ok"`. Rejected with `dead` if the process exits. */
export function sleep(ms: number): Promise<"ok"> {
  const process = current();
  checkTimeout(ms);
  const { clock } = process.runtime;
  return process.wait((resolve) => {
    const timer = clock.setTimeout(() => resolve("ok"), ms);
    return () => clock.clearTimeout(timer);
  });
}
