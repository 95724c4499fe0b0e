import type { Runtime } from "../../src/process/runtime.ts";

/** Runs `body` as a process of `runtime`. Gives its result; rejected with the reason the process ended with, if without one. */
export function inProcess<T>(runtime: Runtime, body: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const process = runtime.spawn(async () => resolve(await body()));
    // Fires last, when everybody else has heard of the end; after a result it changes nothing.
    process.signal.addEventListener("abort", () => reject(process.exitReason), { once: true });
  });
}
