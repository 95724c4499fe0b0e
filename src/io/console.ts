import { Console } from "node:console";
import { processOrUndefined } from "../process/context.ts";
import { cleanStack } from "../process/format-exit.ts";
import type { Process } from "../process/process.ts";
import { IO } from "./io.ts";

type Method = (this: unknown, ...args: unknown[]) => void;

/** The methods of a console, by name. */
type Methods = Record<string, Method>;

const PATCHED = Symbol.for("moebi.console");

/** The console of each process that printed by one: groups, counts and timers are its own. */
const consoles = new WeakMap<Process, Methods>();

/**
 * Sends what `console.*` prints inside a process to the process' group leader, on whichever node that is. Outside a
 * process the console is as it was. Done once for a program, however many nodes it starts.
 */
export function routeConsole(): void {
  const target = console as unknown as Methods & { [PATCHED]?: boolean };
  if (target[PATCHED] === true) return;
  target[PATCHED] = true;
  for (const method of Object.keys(consoleOf())) {
    const original = target[method];
    if (typeof original !== "function") continue;
    target[method] = function (this: unknown, ...args: unknown[]): void {
      const process = processOrUndefined();
      if (process === undefined || process.leader === process.pid) return original.apply(console, args);
      // What a dead process still prints goes nowhere.
      if (!process.alive) return;
      let own = consoles.get(process);
      if (own === undefined) consoles.set(process, (own = consoleOf()));
      own[method]?.(...args);
    };
    Object.defineProperty(target[method], "name", { value: method, configurable: true });
  }
}

/** A console that prints at the leader of whoever uses it. */
function consoleOf(): Methods {
  const stream = { write: (text: string) => void IO.write(text) } as unknown as NodeJS.WritableStream;
  const made = new Console({ stdout: stream, stderr: stream, ignoreErrors: false, colorMode: false });
  // Node's own would show the way through the library.
  made.trace = (...args: unknown[]): void => {
    const at = new Error();
    const [first, ...others] = args;
    if (args.length === 0) made.error("Trace");
    else if (typeof first === "string") made.error(`Trace: ${first}`, ...others);
    else made.error("Trace:", ...args);
    for (const { text } of cleanStack(at)) made.error(`    ${text}`);
  };
  return made as unknown as Methods;
}
