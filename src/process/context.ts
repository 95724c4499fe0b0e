import { AsyncLocalStorage } from "node:async_hooks";
import { checkLoops } from "../code/turns.ts";
import { MoebiError } from "../term/error.ts";
import { DeadProcessError } from "./exit.ts";
import type { Process } from "./process.ts";

/** Carries the running process through awaits, timers and callbacks. Nearly free from Node 24 on. */
const running = new AsyncLocalStorage<Process>();

// A dead process' loop that awaits nothing of the library would never hear of its end.
checkLoops(() => {
  if (running.getStore()?.alive === false) throw new DeadProcessError();
});

/** Runs `body` as `process`. */
export function runAs<T>(process: Process, body: () => T): T {
  return running.run(process, body);
}

/** Runs `body` as nobody: for what is to outlive the process that happens to need it first. */
export function outside<T>(body: () => T): T {
  return running.exit(body);
}

/** The process the caller runs in, `undefined` outside one. It may have exited. */
export function processOrUndefined(): Process | undefined {
  return running.getStore();
}

/**
 * The process the caller runs in.
 * Throws `noprocess` outside one, and `dead` if it has exited, so that nothing it still does takes effect.
 */
export function current(): Process {
  const process = running.getStore();
  if (process === undefined) {
    throw new MoebiError(
      "noprocess",
      "This needs a process: call it inside node.run(() => ...), on a node that startNode() gave",
    );
  }
  if (!process.alive) throw new DeadProcessError();
  return process;
}
