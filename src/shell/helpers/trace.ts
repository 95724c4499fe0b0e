import { type TraceFlag, type TraceTarget } from "../../node/trace/trace-types.ts";
import { isNodeName } from "../../node/node-name.ts";
import { nameOfNamingClass, resolveServer, type NamingClass, type ServerRef } from "../../otp/server-name.ts";
import { current } from "../../process/context.ts";
import { exportedFunction } from "../../process/modules.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { moduleNameOf } from "../../term/module-name.ts";
import { isPid, type NodeName } from "../../term/pid.ts";
import type { Helper, HelperContext } from "./context.ts";
import { print } from "./print.ts";

/** Lines a second that a person may follow, and characters of each. */
const RATE = 100;
const LENGTH = 400;

/** What is traced, and where. */
interface Place {
  readonly node: NodeName;
  readonly target: TraceTarget;
}

/** Messages, calls and events, live. */
export const trace: Helper = {
  name: "trace",
  usage: [
    "trace(pid)",
    'trace("Counter")',
    "trace(Kate)",
    "trace(Kate.sayName)",
    'trace(["Counter", "kate@localhost"])',
    'trace(["Kate", "kate@localhost"], { flags: ["call"] })',
    'trace("kate@localhost")',
    'trace(pid, { flags: ["send", "receive", "procs"], rate: 100, length: 400 })',
    "trace()",
  ],
  doc:
    "Prints above the prompt, as it happens, what a process gets (<<) and sends (!), its spawns, links, names and end; the " +
    "calls of a module's functions (a class's methods too) with arguments and results, by whoever calls them by the module; " +
    "or what a node logs and which nodes it sees come and go. A name is followed to whoever gets it next. Processes, " +
    '[name, node] and [Module, node] may be of other nodes. flags choose ("send", "receive", "procs"; "call", for the module of a name; "log", "nodes"); beyond ' +
    "rate lines a second events are counted, not shown; lines are cut to length characters. Ends with untrace(), Ctrl+C at " +
    "the prompt, the shell, the connection, or the process. Without an argument lists what is traced. Throws badarg, " +
    "noconnection, timeout.",
  make:
    (context) =>
    async (...args: readonly unknown[]) => {
      const traces = tracesOf(context);
      if (args.length === 0) {
        const list = traces.list();
        return print(...(list.length === 0 ? ["Nothing is traced"] : list));
      }
      const { flags, rate, length } = optionsFrom(args[1]);
      const { node, target: named } = await placeOf(current(), args[0]);
      // A name is a process's first; calls are of a module, which need not be here too.
      const target: TraceTarget =
        named[0] === "name" && flags?.includes("call") === true ? ["module", named[1]] : named;
      const what = await traces.start(node, keyOf({ node, target }), { target, flags, rate, length });
      return print(`Tracing ${what}. untrace() or Ctrl+C ends it`);
    },
};

/** The end of it. */
export const untrace: Helper = {
  name: "untrace",
  usage: ["untrace()", "untrace(pid)", "untrace(Kate)"],
  doc: "Ends all that trace() has begun at this prompt, or one of them, named as it was there. Gives how many there were.",
  make:
    (context) =>
    async (...args: readonly unknown[]) => {
      const traces = tracesOf(context);
      if (args.length === 0) return traces.stop();
      const key = keyOf(await placeOf(current(), args[0]));
      return traces.stop((one) => one.key === key);
    },
};

function tracesOf({ traces }: HelperContext): NonNullable<HelperContext["traces"]> {
  if (traces === undefined) throw new ArgumentError("There is no shell here to trace for");
  return traces;
}

function keyOf(place: Place): string {
  return inspect([place.node, place.target]);
}

function optionsFrom(options: unknown = {}): { flags: readonly TraceFlag[] | undefined; rate: number; length: number } {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new ArgumentError(`The options of trace() are an object, as { flags: ["send"] }, not ${inspect(options)}`);
  const { flags, rate = RATE, length = LENGTH, ...others } = options as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new ArgumentError(`trace() has no option ${inspect(unknown)}; it has flags, rate, length`);
  if (flags !== undefined && !(Array.isArray(flags) && flags.every((flag) => typeof flag === "string")))
    throw new ArgumentError(`The option flags of trace() is a list, as ["send", "receive"], not ${inspect(flags)}`);
  for (const [name, value] of Object.entries({ rate, length }))
    if (typeof value !== "number" || !(value >= 1))
      throw new ArgumentError(`The option ${name} of trace() is a number, 1 or more, not ${inspect(value)}`);
  // One is asked for all by Infinity.
  return {
    flags: flags as readonly TraceFlag[] | undefined,
    rate: Math.min(rate as number, 1e9),
    length: Math.min(length as number, 100_000),
  };
}

async function placeOf(process: Process, what: unknown): Promise<Place> {
  const { runtime } = process;
  const here = runtime.name;
  if (isPid(what)) return { node: what.node, target: ["pid", what] };
  if (isNodeName(what)) return { node: what, target: ["node"] };
  if (typeof what === "string") return { node: here, target: ["name", what] };
  const [named, node] = Array.isArray(what) && what.length === 2 ? (what as unknown[]) : [what, here];
  if (isNodeName(node) && typeof named === "string") return { node, target: ["name", named] };
  const module = isNodeName(node) ? moduleTarget(runtime, named) : undefined;
  if (module !== undefined) return { node: node as NodeName, target: module };
  if (typeof what === "object" && what !== null && ("global" in what || "via" in what)) {
    const found = await resolveServer(process, what as ServerRef);
    if (found !== null) return placeOf(process, found);
    throw new ArgumentError(`Nobody has the name ${inspect(what)}`);
  }
  throw new ArgumentError(
    `trace() takes a pid, a name, a module, [name, node], [Module, node] or a node's name, not ${inspect(what)}`,
  );
}

/** A module, one of its functions, or a class that names a server. */
function moduleTarget({ modules, names }: Runtime, named: unknown): TraceTarget | undefined {
  if (typeof named !== "function" && (typeof named !== "object" || named === null)) return undefined;
  const name = moduleNameOf(named);
  if (name !== undefined) return ["module", name];
  if (typeof named !== "function") return undefined;
  for (const one of modules.allNames()) {
    const module = modules.get(one);
    if (module !== undefined && exportedFunction(module, named.name) === named) return ["module", one, named.name];
  }
  if (typeof named.prototype !== "object") return undefined;
  const naming = nameOfNamingClass(named as unknown as NamingClass);
  return names.has(naming) ? ["name", naming] : undefined;
}
