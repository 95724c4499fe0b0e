/** Full collections of garbage on demand, for tests of what must not be kept. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** One collection, at once. What was made or read through a `WeakRef` in this turn survives it. */
export function collectGarbage(): void {
  collect();
}

/** Goes to the next turn of the event loop, in which `WeakRef`s no longer hold what they gave and finalizers run. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Collects, and lets finalizers run, until `done` holds or so many collections have changed nothing. Gives whether it does. */
export async function collectUntil(done: () => boolean, most = 50): Promise<boolean> {
  for (let i = 0; i < most && !done(); i++) {
    await nextTurn();
    collect();
    await nextTurn();
  }
  return done();
}

/** Bytes of the heap in use after a collection. */
export async function heapAfterCollection(): Promise<number> {
  await nextTurn();
  collect();
  await nextTurn();
  collect();
  return process.memoryUsage().heapUsed;
}
