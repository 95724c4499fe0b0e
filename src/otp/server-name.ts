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

/** A class whose name is that of its server on a node, as a module's is in Elixir: `name: Counter`. */
export type NamingClass = abstract new () => object;

/** What a server can be started as: a name on its node (a class stands for its own), one on all nodes, or one that a module keeps. */
export type ServerName = string | NamingClass | GlobalName | ViaName;

/** A server's name, once a class has become the name that it stands for. */
export type PlainName = Exclude<ServerName, NamingClass>;

/** Where a server's messages go in the end. */
export type ServerDestination = Pid | string | readonly [name: string, node: NodeName];

/** How a server is addressed: its pid, its name or class on this node, `[name, node]`, `{ global }` or `{ via }`. */
export type ServerRef = ServerDestination | NamingClass | readonly [NamingClass, NodeName] | GlobalName | ViaName;

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

/** The name that a class stands for: that of the module it is, so that a class defined anew has it too. Throws `badarg`. */
export function nameOfNamingClass(named: NamingClass): string {
  const isClass = typeof (named as { readonly prototype?: unknown }).prototype === "object";
  const own: unknown = isClass ? (moduleNameOf(named) ?? named.name) : undefined;
  if (typeof own === "string" && own !== "") return own;
  const what = isClass ? "This class has no name" : `${inspect(named)} is no class`;
  throw new ArgumentError(`${what}: a server is named by a class that has one, class Counter { … }, or by a string`);
}

/** A server's name, of a class its own. Throws `badarg` for what can't be one. */
export function plainName(name: unknown): PlainName {
  if (typeof name === "string" || isKept(name)) return name;
  if (typeof name === "function") return nameOfNamingClass(name as unknown as NamingClass);
  throw new ArgumentError(
    `The option name is a string, a class, { global: term } or { via: [module, term] }, not ${inspect(name)}`,
  );
}

/** A server's address, of a class its name. */
function plainRef(server: ServerRef): ServerDestination | GlobalName | ViaName {
  if (typeof server === "function") return nameOfNamingClass(server);
  if (Array.isArray(server) && typeof server[0] === "function")
    return [nameOfNamingClass(server[0] as NamingClass), server[1] as NodeName];
  return server as ServerDestination | GlobalName | ViaName;
}

/** A server's address as it stands in an exit reason: a class that is no module can't travel, so its name does. */
export function describedServer(server: unknown): unknown {
  const named: unknown = Array.isArray(server) ? server[0] : server;
  if (typeof named !== "function" || moduleNameOf(named) !== undefined) return server;
  return plainRef(server as ServerRef);
}

/**
 * Gives a process of this node, which is the caller, its name. Gives nothing, or who holds the name already (`null` if
 * that one has gone meanwhile). Throws `badarg` for what is no name.
 */
export async function registerServer(process: Process, name: PlainName): Promise<Pid | null | undefined> {
  if (typeof name === "string") {
    const holder = process.runtime.names.get(name);
    if (holder === undefined) process.runtime.register(process, name);
    return holder?.pid;
  }
  const [module, key] = keeperOf(process, name);
  return (await module.registerName(key, process.pid)) === "yes" ? undefined : module.whereisName(key);
}

/** Takes the name from a process that has it and lives on. */
export async function unregisterServer(process: Process, name: PlainName): Promise<void> {
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
  if (typeof server === "string" || isPid(server)) return server;
  const plain = plainRef(server);
  if (!isKept(plain)) return plain;
  const [module, key] = keeperOf(process, plain);
  return module.whereisName(key);
}

/** Who a server is: a pid, `[name, node]` as it is for another node, `null` if nobody has the name. */
export function whereisServer(
  process: Process,
  server: ServerRef,
): ServerDestination | null | Promise<ServerDestination | null> {
  const { names, name: here } = process.runtime;
  const plain = plainRef(server);
  if (typeof plain === "string") return names.get(plain)?.pid ?? null;
  if (Array.isArray(plain) && plain[1] === here) return names.get(plain[0] as string)?.pid ?? null;
  return resolveServer(process, plain);
}

/** Sends to a server, and never throws for absence; what can't be sent at all is thrown as `sendFrom` does. */
export function sendToServer(process: Process, server: ServerRef, message: unknown): void {
  const plain = plainRef(server);
  if (isKept(plain)) {
    // An answer that has to be waited for comes too late for the caller, as an absent server does.
    const lost = (): undefined => undefined;
    try {
      const [module, key] = keeperOf(process, plain);
      const sent = module.send(key, message);
      if (sent instanceof Promise) sent.catch(lost);
    } catch {
      lost();
    }
    return;
  }
  // By the pair, since a bare name that nobody holds throws.
  sendFrom(process, typeof plain === "string" ? [plain, process.runtime.name] : plain, message);
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
