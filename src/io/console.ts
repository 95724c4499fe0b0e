import { formatWithOptions } from "node:util";
import { processOrUndefined } from "../process/context.ts";
import { IO } from "./io.ts";

const METHODS = ["log", "info", "debug", "warn", "error", "trace", "dir"] as const;
const PATCHED = Symbol.for("moebi.console");

/**
 * Sends what `console.*` prints inside a process to the process' group leader, on whichever node that is. Outside a
 * process the console is as it was. Done once for a program, however many nodes it starts.
 */
export function routeConsole(): void {
  const target = console as unknown as Record<string | symbol, unknown>;
  if (target[PATCHED] === true) return;
  target[PATCHED] = true;
  for (const method of METHODS) {
    const original = target[method] as (...args: unknown[]) => void;
    target[method] = function (this: unknown, ...args: unknown[]): void {
      const process = processOrUndefined();
      if (process === undefined || process.leader === process.pid) original.apply(console, args);
      // What a dead process still prints goes nowhere.
      else if (process.alive) void IO.write(`${formatWithOptions({ colors: false }, ...args)}\n`);
    };
  }
}
