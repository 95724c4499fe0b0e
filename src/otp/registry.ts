import { copy } from "../term/copy.ts";
import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { termKey } from "../term/term-key.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { defineProgramModule, type Module } from "../process/modules.ts";
import { Task } from "./task.ts";
import type { ChildSpec } from "./child-spec.ts";
import { checkOptions } from "./options.ts";
import { findRegistry, type RegistryConfig, RegistryServer } from "./registry-server.ts";
import type { RegistryEntry } from "./registry-table.ts";
import { serve } from "./serve.ts";
import { startProcess } from "./start.ts";
import { applyMfa, mfaOf, withInput } from "./task-protocol.ts";

const MODULE = "Registry";

/** How a registry is started. */
export interface RegistryOptions {
  /** Whether a key has one owner or any number of entries. */
  readonly keys: "unique" | "duplicate";
  /** Its name on this node, by which it is used. */
  readonly name: string;
  /** Accepted, and of no effect: one thread serves all keys. */
  readonly partitions?: number | undefined;
  /** Names of processes of this node that are sent `["register", registry, key, pid, value]` and `["unregister", registry, key, pid]`. */
  readonly listeners?: readonly string[] | undefined;
  /** What `meta` gives from the start, by key. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** Thrown by `register` for a key that has its one owner. Code `already_registered`. */
export class AlreadyRegisteredError extends MoebiError {
  /** Who holds the key. */
  readonly pid: Pid;
  readonly reason: readonly ["already_registered", Pid];

  constructor(registry: string, key: unknown, pid: Pid) {
    super("already_registered", `${inspect(key)} is the key of ${inspect(pid)} in the registry "${registry}" already`);
    this.pid = pid;
    this.reason = ["already_registered", pid];
  }
}

/** What names a process by `{ via: [Registry, …] }`; with a value, it is entered with that. */
export type RegistryName = readonly [registry: string, key: unknown, value?: unknown];

/**
 * Starts a registry, linked to the caller. Gives its pid. Owners and registry are linked: if it ends, they do.
 * Throws `already_started` if the name is taken, `badarg` naming the option that is wrong.
 *
 * ```ts
 * Registry.startLink({ keys: "unique", name: "Rooms" });
 * Registry.register("Rooms", ["room", 7], "mine");
 * Registry.lookup("Rooms", ["room", 7]).map(([pid, value]) => value); // ["mine"]
 * ```
 */
async function startLink(options: RegistryOptions): Promise<Pid> {
  const starter = current();
  const config = configOf(options);
  const pid = await startProcess(
    starter,
    (process) => {
      process.trapExit = true;
      const server = new RegistryServer(process, config);
      return () => serve(process, starter.pid, server);
    },
    { link: true, name: config.name, initialCall: `${MODULE}.init/1` },
  );
  return pid as Pid;
}

function configOf(options: RegistryOptions): RegistryConfig {
  checkOptions("Registry.startLink", options, ["keys", "name", "partitions", "listeners", "meta"]);
  const { keys, name, partitions = 1, listeners = [], meta = {} } = options;
  if ((keys as string) !== "unique" && (keys as string) !== "duplicate")
    throw new ArgumentError(`The option keys is "unique" or "duplicate", not ${inspect(keys)}`);
  if (typeof name !== "string") throw new ArgumentError(`The option name is a string, not ${inspect(name)}`);
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new ArgumentError(`The option partitions is a number, one or more, not ${inspect(partitions)}`);
  if (!Array.isArray(listeners) || !listeners.every((listener) => typeof listener === "string"))
    throw new ArgumentError(`The option listeners is an array of names, not ${inspect(listeners)}`);
  return { keys, name, listeners: [...(listeners as readonly string[])], meta: new Map(Object.entries(copy(meta))) };
}

function registryOf(name: string): RegistryServer {
  const server = typeof name === "string" ? findRegistry(current().runtime, name) : undefined;
  if (server === undefined) throw new ArgumentError(`Unknown registry: ${inspect(name)} does not run on this node`);
  return server;
}

function pairs(entries: readonly RegistryEntry[]): (readonly [Pid, unknown])[] {
  return entries.map(({ pid, value }) => [pid, copy(value)]);
}

/**
 * Enters the caller under a key, with a value; both are any term, and copied. Keys that are equal are one, `1` and `"1"` are not. Gives
 * the registry's pid, which the caller is then linked with. The entry is gone when the caller ends.
 *
 * Throws `already_registered`, with the holder as `pid`, if keys are unique and this one is taken; `badarg` if there is no such registry.
 */
function register(registry: string, key: unknown, value: unknown = null): Pid {
  const owner = current();
  const server = registryOf(registry);
  const holder = server.config.keys === "unique" ? server.table.lookup(key)[0] : undefined;
  if (holder !== undefined) throw new AlreadyRegisteredError(registry, key, holder.pid);
  server.add(owner, { key: copy(key), pid: owner.pid, value: copy(value) });
  return server.process.pid;
}

/** Takes the caller's entries under a key out, nobody else's. `"ok"`, also if there are none. */
function unregister(registry: string, key: unknown): "ok" {
  return unregisterMatch(registry, key, () => true);
}

/** Takes those of the caller's entries under a key out whose value the predicate accepts. `"ok"`. */
function unregisterMatch(registry: string, key: unknown, predicate: (value: unknown) => boolean): "ok" {
  const owner = current();
  const server = registryOf(registry);
  server.remove(
    owner,
    server.table.own(key, owner.pid).filter(({ value }) => predicate(copy(value))),
  );
  return "ok";
}

/** The entries under a key, `[[pid, value], …]`, in the order in which they were made. */
function lookup(registry: string, key: unknown): (readonly [Pid, unknown])[] {
  return pairs(registryOf(registry).table.lookup(key));
}

/** The keys of a process, in the order in which they were registered; one that it has twice comes twice. */
function keys(registry: string, pid: Pid): unknown[] {
  const { table } = registryOf(registry);
  return current().runtime.find(pid) === undefined ? [] : table.ownedBy(pid).map(({ key }) => copy(key));
}

/** The values of a process under a key. */
function values(registry: string, key: unknown, pid: Pid): unknown[] {
  return pairs(
    registryOf(registry)
      .table.lookup(key)
      .filter((entry) => entry.pid === pid),
  ).map(([, value]) => value);
}

/**
 * Calls a function with the entries under a key, `[[pid, value], …]`, unless there are none: in the caller, at once;
 * with the option `parallel` in a process of its own, linked to the caller. Or `[module, "fun", args]`, with the entries before the arguments. `"ok"` once what it returned has settled. Throws what it throws.
 *
 * ```ts
 * Registry.startLink({ keys: "duplicate", name: "Topics" });
 * Registry.register("Topics", "news");
 * Registry.dispatch("Topics", "news", (entries) => { for (const [pid] of entries) send(pid, "hello") });
 * await receive(); // "hello"
 * ```
 */
async function dispatch(
  registry: string,
  key: unknown,
  fn:
    | ((entries: readonly (readonly [Pid, unknown])[]) => unknown)
    | readonly [module: Module | string, fun: string, args?: readonly unknown[]],
  options: { readonly parallel?: boolean } = {},
): Promise<"ok"> {
  checkOptions("Registry.dispatch", options, ["parallel"]);
  const entries = lookup(registry, key);
  if (entries.length > 0) {
    const mfa = typeof fn === "function" ? mfaOf(fn) : mfaOf(fn[0], fn[1], fn[2]);
    const { runtime } = current();
    const apply = (): unknown => applyMfa(runtime, withInput(mfa, entries));
    await (options.parallel === true ? Task.await(Task.async(apply), Infinity) : apply());
  }
  return "ok";
}

/** The entries under a key that a predicate of value and pid accepts: it stands for Elixir's match specifications. */
function match(
  registry: string,
  key: unknown,
  predicate: (value: unknown, pid: Pid) => boolean,
): (readonly [Pid, unknown])[] {
  return lookup(registry, key).filter(([pid, value]) => predicate(value, pid));
}

/** How many entries {@link match} would give. */
function countMatch(registry: string, key: unknown, predicate: (value: unknown, pid: Pid) => boolean): number {
  return match(registry, key, predicate).length;
}

/** What a function makes of each entry of a registry, those left out of which it makes `undefined`: it stands for Elixir's match specifications. */
function select<T>(registry: string, fn: (key: unknown, pid: Pid, value: unknown) => T | undefined): T[] {
  return [...registryOf(registry).table.all()]
    .map(({ key, pid, value }) => fn(copy(key), pid, copy(value)))
    .filter((made) => made !== undefined);
}

/** How many entries of a registry a predicate accepts. */
function countSelect(registry: string, predicate: (key: unknown, pid: Pid, value: unknown) => boolean): number {
  return select(registry, (...entry) => predicate(...entry) || undefined).length;
}

/** How many entries a registry has. */
function count(registry: string): number {
  return [...registryOf(registry).table.all()].length;
}

/**
 * Replaces the value of the caller's entry by what a function makes of it. Gives `[new, old]`. Only for unique keys. Throws
 * `not_registered`, and does not call the function, if the caller has no entry under that key.
 */
function updateValue(
  registry: string,
  key: unknown,
  fn: (value: unknown) => unknown,
): readonly [now: unknown, before: unknown] {
  const { config, table } = registryOf(registry);
  if (config.keys !== "unique") throw new ArgumentError("Registry.updateValue is for registries with unique keys");
  const [entry] = table.own(key, current().pid);
  if (entry === undefined) {
    throw new MoebiError(
      "not_registered",
      `The caller is not registered as ${inspect(key)} in the registry "${registry}"`,
    );
  }
  const before = entry.value;
  entry.value = copy(fn(copy(before)));
  return [copy(entry.value), before];
}

/** What was put for a registry under a key; `null` if nothing was. */
function meta(registry: string, key: unknown): unknown {
  return copy(registryOf(registry).config.meta.get(termKey(key)) ?? null);
}

/** Keeps something for a registry, for as long as it runs. `"ok"`. */
function putMeta(registry: string, key: unknown, value: unknown): "ok" {
  registryOf(registry).config.meta.set(termKey(key), copy(value));
  return "ok";
}

/** Forgets what was put under a key. `"ok"`. */
function deleteMeta(registry: string, key: unknown): "ok" {
  registryOf(registry).config.meta.delete(termKey(key));
  return "ok";
}

/**
 * Runs a function while nobody else does under the same key, and gives what it gives. Who waits comes in its order; when the
 * holder throws or ends, the next does. It has nothing to do with who is registered under that key.
 */
async function lock<T>(registry: string, key: unknown, fn: () => T | Promise<T>): Promise<T> {
  return registryOf(registry).locks.hold(current(), key, fn);
}

/** For `{ via }`: enters the caller. `"yes"`, or `"no"` if another has the key. */
function registerName([registry, key, value]: RegistryName, pid: Pid): "yes" | "no" {
  if (pid !== current().pid) throw new ArgumentError("A process is registered by itself only");
  unique(registry);
  try {
    register(registry, key, value);
    return "yes";
  } catch (error) {
    if (error instanceof AlreadyRegisteredError) return "no";
    throw error;
  }
}

/** For `{ via }`: takes the caller's entry out. */
function unregisterName([registry, key]: RegistryName): "ok" {
  return unregister(registry, key);
}

/** For `{ via }`: who has the key, `null` if nobody. */
function whereisName([registry, key]: RegistryName): Pid | null {
  return unique(registry).table.lookup(key)[0]?.pid ?? null;
}

/** For `{ via }`: sends to who has the key; `badarg` if nobody has. */
function send(name: RegistryName, message: unknown): unknown {
  const pid = whereisName(name);
  if (pid === null) throw new ArgumentError(`Nobody is registered as ${inspect(name[1])} in the registry "${name[0]}"`);
  sendFrom(current(), pid, message);
  return message;
}

function unique(registry: string): RegistryServer {
  const server = registryOf(registry);
  if (server.config.keys === "unique") return server;
  throw new ArgumentError(`The registry "${registry}" has duplicate keys, so they can't be names`);
}

/** What a supervisor needs to have a registry among its children. */
function childSpec(options: RegistryOptions): ChildSpec {
  return { id: options.name, start: [MODULE, "startLink", [options]], type: "supervisor" };
}

/**
 * Elixir's `Registry`: processes of one node by key, any term, with a value each. An entry is made by its owner, and gone with it. With
 * unique keys it keeps names: `GenServer.startLink(Room, 7, { name: { via: [Registry, ["Rooms", 7]] } })`.
 */
export const Registry = {
  startLink,
  register,
  unregister,
  unregisterMatch,
  lookup,
  keys,
  values,
  dispatch,
  match,
  countMatch,
  select,
  countSelect,
  count,
  updateValue,
  meta,
  putMeta,
  deleteMeta,
  lock,
  registerName,
  unregisterName,
  whereisName,
  send,
  childSpec,
};
defineProgramModule(MODULE, Registry);
