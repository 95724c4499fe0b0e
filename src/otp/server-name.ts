import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { moduleNameOf } from "../term/module-name.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import { isRef } from "../term/ref.ts";
import { sendFrom } from "../process/destination.ts";
import type { Process } from "../process/process.ts";

/** Who keeps names that are not a node's own: `Registry`, `global`, or a module with these functions. */
export interface ViaModule {
  /** Gives `pid` the name: `"yes"`, or `"no"` if another holds it. Called in the process that gets the name. */
  registerName(name: unknown, pid: Pid): string | Promise<string>;
  unregisterName(name: unknown): unknown;
  /** Who holds the name; `null` if nobody. */
  whereisName(name: unknown): Pid | null | Promise<Pid | null>;
  /** Sends to who holds the name, or throws. */
  send(name: unknown, message: unknown): unknown;
}

/** A name kept by a module of this shape, or by the module of that name. */
export interface ViaName {
  readonly via: readonly [module: ViaModule | string, name: unknown];
}

/** A name that means the same process on all connected nodes. */
export interface GlobalName {
  readonly global: unknown;
}

/** What a server can be started as: a name on its node, one on all nodes, or one that a module keeps. */
export type ServerName = string | GlobalName | ViaName;

/** Where a server's messages go in the end. */
export type ServerDestination = Pid | string | readonly [name: string, node: NodeName];

/** How a server is addressed: its pid, its name on this node, `[name, node]`, `{ global }` or `{ via }`. */
export type ServerRef = ServerDestination | GlobalName | ViaName;

/** Who keeps names for every node of this program, whatever their modules are called. They know the caller's node. */
const provided = new Map<string, ViaModule>();

/**
 * Lets `{ via: [name, …] }` mean `module` on every node; `"global"` also is what `{ global }` means. Throws `badarg` if
 * another module has the name: names that were given would be lost, on nodes that know nothing of it.
 */
export function provideVia(name: string, module: ViaModule): void {
  if ((provided.get(name) ?? module) !== module)
    throw new ArgumentError(`The keeper of names "${name}" is provided already`);
  provided.set(name, module);
}

/** Throws `badarg` unless it can be the name of a server. */
export function checkServerName(name: unknown): asserts name is ServerName {
  if (typeof name === "string" || isKept(name)) return;
  throw new ArgumentError(
    `The option name is a string, { global: term } or { via: [module, term] }, not ${inspect(name)}`,
  );
}

/**
 * Gives a process of this node, which is the caller, its name. Gives nothing, or who holds the name already (`null` if
 * that one has gone meanwhile). Throws `badarg` for what is no name.
 */
export async function registerServer(process: Process, name: ServerName): Promise<Pid | null | undefined> {
  if (typeof name === "string") {
    const holder = process.runtime.names.get(name);
    if (holder === undefined) process.runtime.register(process, name);
    return holder?.pid;
  }
  const [module, key] = keeperOf(process, name);
  return (await module.registerName(key, process.pid)) === "yes" ? undefined : module.whereisName(key);
}

/** Takes the name from a process that has it and lives on. */
export async function unregisterServer(process: Process, name: ServerName): Promise<void> {
  if (typeof name !== "string") {
    const [module, key] = keeperOf(process, name);
    await module.unregisterName(key);
  } else if (process.name === name) process.runtime.unregister(name);
}

/**
 * Where messages for a server go: what is no name that somebody keeps is given back as it is, without a wait.
 * `null` if nobody has the name.
 */
export function resolveServer(
  process: Process,
  server: ServerRef,
): ServerDestination | null | Promise<ServerDestination | null> {
  if (!isKept(server)) return server;
  const [module, key] = keeperOf(process, server);
  return module.whereisName(key);
}

/** Who a server is: a pid, `[name, node]` as it is for another node, `null` if nobody has the name. */
export function whereisServer(
  process: Process,
  server: ServerRef,
): ServerDestination | null | Promise<ServerDestination | null> {
  const { names, name: here } = process.runtime;
  if (typeof server === "string") return names.get(server)?.pid ?? null;
  if (Array.isArray(server) && server[1] === here) return names.get(server[0] as string)?.pid ?? null;
  return resolveServer(process, server);
}

/** Sends to a server, and never throws for absence; what can't be sent at all is thrown as `sendFrom` does. */
export function sendToServer(process: Process, server: ServerRef, message: unknown): void {
  if (isKept(server)) {
    // An answer that has to be waited for comes too late for the caller, as an absent server does.
    const lost = (): undefined => undefined;
    try {
      const [module, key] = keeperOf(process, server);
      const sent = module.send(key, message);
      if (sent instanceof Promise) sent.catch(lost);
    } catch {
      lost();
    }
    return;
  }
  // By the pair, since a bare name that nobody holds throws.
  sendFrom(process, typeof server === "string" ? [server, process.runtime.name] : server, message);
}

function isKept(name: unknown): name is GlobalName | ViaName {
  if (typeof name !== "object" || name === null || Array.isArray(name) || isPid(name) || isRef(name)) return false;
  if (Object.hasOwn(name, "global")) return true;
  const { via } = name as { readonly via?: unknown };
  return Array.isArray(via) && via.length === 2;
}

/** The module that keeps a name, as it is defined now, and under what. */
function keeperOf(process: Process, name: GlobalName | ViaName): readonly [module: ViaModule, key: unknown] {
  const [module, key] = "via" in name ? name.via : (["global", name.global] as const);
  const called = typeof module === "string" ? module : moduleNameOf(module);
  const current = called === undefined ? undefined : (provided.get(called) ?? process.runtime.modules.get(called));
  const found = current ?? module;
  if (typeof found === "string") {
    throw new ArgumentError(`There is no module "${found}" to keep the name ${inspect(key)}`);
  }
  return [found as ViaModule, key];
}
