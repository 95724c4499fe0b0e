import { availableParallelism } from "node:os";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { termKey } from "../term/term-key.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { defineProgramModule } from "../process/modules.ts";
import type { Runtime } from "../process/runtime.ts";
import { type Child, type ChildSpec, type FullSpec, fullSpec, specOf } from "./child-spec.ts";
import { genStop } from "./gen-call.ts";
import { checkOptions } from "./options.ts";
import { nameOfNamingClass, type NamingClass, type ServerRef } from "./server-name.ts";
import { ask, type ChildInfo, counted, done, listed, started } from "./supervisor-client.ts";
import { type Strategy, supervisorFlags } from "./supervisor-flags.ts";
import { type Counts, SupervisorServer } from "./supervisor-server.ts";
import { startSupervisor } from "./supervisor-start.ts";

/** How a partitioned supervisor is started. */
export interface PartitionSupervisorOptions {
  /** What each partition runs. */
  readonly childSpec: Child;
  /** Its name on this node, by which partitions are found; a class stands for its own. */
  readonly name: string | NamingClass;
  /** How many: as many as the machine runs at once, unless told. */
  readonly partitions?: number | undefined;
  /** `"oneForOne"` unless told. */
  readonly strategy?: Strategy | undefined;
  readonly maxRestarts?: number | undefined;
  readonly maxSeconds?: number | undefined;
  /** The arguments with which a partition is started, from those of the spec and its number. */
  readonly withArguments?: ((args: readonly unknown[], partition: number) => readonly unknown[]) | undefined;
}

/** A partitioned supervisor that runs, as those see it who look for a partition. */
interface Partitions {
  readonly server: SupervisorServer;
  /** How many it was started with: it can't have more. */
  readonly most: number;
  /** How many run now. */
  size: number;
}

const tables = new WeakMap<Runtime, Map<string, Partitions>>();

const MODULE = "PartitionSupervisor";
const OPTIONS = ["name", "childSpec", "partitions", "strategy", "maxRestarts", "maxSeconds", "withArguments"];

/**
 * Starts a supervisor with `partitions` copies of one child, linked to the caller. Gives its pid. Throws `badarg` naming
 * the option that is wrong, and what `Supervisor.startLink` throws.
 */
async function startLink(options: PartitionSupervisorOptions): Promise<Pid> {
  const { runtime } = current();
  checkOptions("PartitionSupervisor.startLink", options, OPTIONS);
  const { partitions = availableParallelism(), withArguments, childSpec: child } = options;
  const name = plain(options.name);
  if (typeof name !== "string" || name === "")
    throw new ArgumentError(`The option name of a PartitionSupervisor is a string or a class, not ${inspect(name)}`);
  if (child === undefined) throw new ArgumentError("The option childSpec of a PartitionSupervisor is missing");
  if (!(Number.isInteger(partitions) && partitions > 0))
    throw new ArgumentError(`The option partitions is a whole number above zero, not ${inspect(partitions)}`);
  if (withArguments !== undefined && typeof withArguments !== "function")
    throw new ArgumentError(`The option withArguments is a function, not ${inspect(withArguments)}`);
  const flags = supervisorFlags({ strategy: "oneForOne", ...options });
  const spec = fullSpec(specOf(runtime.modules, child, "childSpec"), "childSpec");
  const specs = Array.from({ length: partitions }, (_, partition) => partitionSpec(spec, partition, withArguments));
  const pid = await startSupervisor(
    async (process, called) => {
      const server = new SupervisorServer(process, called, flags);
      const table = tableOf(runtime);
      const own: Partitions = { server, most: partitions, size: partitions };
      table.set(name, own);
      process.signal.addEventListener("abort", () => table.get(name) === own && table.delete(name), { once: true });
      await server.start(specs);
      return server;
    },
    { name, initialCall: `${MODULE}.init/1` },
  );
  return pid as Pid;
}

function partitionSpec(
  spec: FullSpec,
  partition: number,
  withArguments: PartitionSupervisorOptions["withArguments"],
): FullSpec {
  if (withArguments === undefined) return { ...spec, id: partition };
  const [module, fun, args] = spec.start;
  const changed: unknown = withArguments(args, partition);
  if (!Array.isArray(changed))
    throw new ArgumentError(`The option withArguments gives an array of arguments, not ${inspect(changed)}`);
  return fullSpec({ ...spec, id: partition, start: [module, fun, changed] }, "childSpec");
}

function tableOf(runtime: Runtime): Map<string, Partitions> {
  let table = tables.get(runtime);
  if (table === undefined) tables.set(runtime, (table = new Map<string, Partitions>()));
  return table;
}

/** The name that a class stands for; anything else as it is. */
function plain<N>(name: N): Exclude<N, NamingClass> | string {
  return typeof name === "function"
    ? nameOfNamingClass(name as unknown as NamingClass)
    : (name as Exclude<N, NamingClass>);
}

function partitionsOf(name: string | NamingClass): Partitions {
  const found = tableOf(current().runtime).get(plain(name));
  if (found === undefined)
    throw new ArgumentError(`There is no PartitionSupervisor named ${inspect(name)} on this node`);
  return found;
}

/** How many partitions run. Throws `badarg` if no partitioned supervisor of this node has that name. */
function partitions(name: string | NamingClass): number {
  return partitionsOf(name).size;
}

/**
 * Changes how many partitions run, between none and as many as it was started with: the last ones are ended or started
 * again. Keys go to those that are left. Gives the number. Throws `badarg` for a number it can't have.
 */
async function resize(name: string | NamingClass, size: number): Promise<number> {
  const own = partitionsOf(name);
  if (!(Number.isInteger(size) && size >= 0 && size <= own.most)) {
    throw new ArgumentError(
      `The partitions of ${inspect(name)} can be a whole number from 0 to ${own.most}, which it was started with, not ${inspect(size)}`,
    );
  }
  const before = own.size;
  // Nobody is sent to one that is about to end.
  own.size = Math.min(before, size);
  for (let id = before - 1; id >= size; id--) done(await ask(["terminate_child", id], MODULE, "resize", name, size));
  for (let id = before; id < size; id++) {
    started(await ask(["restart_child", id], MODULE, "resize", name, size));
    own.size = id + 1;
  }
  return size;
}

/** The partitions, the last started first: `[partition, child, type, modules]`, as {@link Supervisor.whichChildren}. */
async function whichChildren(name: ServerRef): Promise<ChildInfo[]> {
  return listed(await ask("which_children", MODULE, "whichChildren", name));
}

/** How many partitions there are: `{ specs, active, supervisors, workers }`. */
async function countChildren(name: ServerRef): Promise<Counts> {
  return counted(await ask("count_children", MODULE, "countChildren", name));
}

/** Ends the supervisor and its partitions, the last first. `"ok"`. The caller exits if that fails or takes longer (ms). */
async function stop(supervisor: ServerRef, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
  return genStop(supervisor, reason, timeout, [MODULE, "stop", [supervisor, reason, timeout]]);
}

/** What a supervisor needs to have a partitioned one among its children: `[PartitionSupervisor, options]`. */
function childSpec(options: PartitionSupervisorOptions): ChildSpec {
  return { id: plain(options.name), start: [MODULE, "startLink", [options]], type: "supervisor" };
}

/** Who runs the partition of a key, for `{ via: [PartitionSupervisor, [name, key]] }`; `null` if it does not run just now. */
function whereisName(name: unknown): Pid | null {
  const [named, key] = Array.isArray(name) ? (name as readonly unknown[]) : [];
  const supervisor = plain(named);
  if (typeof supervisor !== "string" || (name as readonly unknown[]).length !== 2)
    throw new ArgumentError("A partition is addressed as { via: [PartitionSupervisor, [name, key]] }");
  const own = tableOf(current().runtime).get(supervisor);
  if (own === undefined) return null;
  if (own.size === 0) throw new ArgumentError(`PartitionSupervisor ${inspect(supervisor)} has no partitions just now`);
  const pid = own.server.supervision.find(partitionFor(key, own.size))?.running;
  return isPid(pid) ? pid : null;
}

/** A whole number goes to the partition that it leaves as a remainder; of other keys equal ones go to the same. */
function partitionFor(key: unknown, size: number): number {
  if (Number.isSafeInteger(key)) return Math.abs(key as number) % size;
  const known = termKey(key);
  const text = typeof known === "string" ? known : inspect(known);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % size;
}

/** Throws `badarg`: part of what `{ via }` needs, but a partition is started by its supervisor alone. */
function registerName(): never {
  throw new ArgumentError("A partition gets its name from its PartitionSupervisor: nobody can be started as one");
}

/** Throws `badarg`: a partition keeps its name as long as it lives. */
function unregisterName(): never {
  return registerName();
}

/** Sends to the partition of a key. Gives its pid. Throws `badarg` if it does not run just now. */
function send(name: unknown, message: unknown): Pid {
  const pid = whereisName(name);
  if (pid === null) throw new ArgumentError(`There is no partition for ${inspect(name)} just now`);
  sendFrom(current(), pid, message);
  return pid;
}

/**
 * Elixir's `PartitionSupervisor`: several copies of one child, each for a part of the keys, so that what one of them
 * waits for does not keep the others. All run on one thread: partitions share out waiting, not work.
 *
 * ```ts
 * await PartitionSupervisor.startLink({ name: "Rooms", childSpec: DynamicSupervisor, partitions: 4 });
 * const room = await DynamicSupervisor.startChild({ via: [PartitionSupervisor, ["Rooms", "kitchen"]] }, [Task, () => receive()]);
 * PartitionSupervisor.partitions("Rooms"); // 4
 * ```
 */
export const PartitionSupervisor = {
  startLink,
  partitions,
  resize,
  whichChildren,
  countChildren,
  stop,
  childSpec,
  whereisName,
  registerName,
  unregisterName,
  send,
};
defineProgramModule(MODULE, PartitionSupervisor);
