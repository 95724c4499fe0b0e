import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current, processOrUndefined } from "./context.ts";
import { exit } from "./exit.ts";
import { defineUsersModule } from "./modules.ts";
import { self, send, spawn, spawnLink, spawnMonitor } from "./spawn.ts";

/** The name of the caller's node, or of the node that `of` belongs to. `nonode@nohost` for a node without a name. */
export function node(of?: Pid | Ref): NodeName {
  return of === undefined ? current().runtime.name : of.node;
}

/** A new reference, unlike any other on any node. */
export function makeRef(): Ref {
  return current().runtime.makeRef();
}

/**
 * Defines a module of the caller's node, or outside a process of every node in this program. Its functions can then be
 * called by name from every node; defining it again replaces it for the next call. Gives the module.
 *
 * ```ts
 * defmodule("Greeter", { greet: (name) => `hello ${name}` });
 * await rpc.call(node(), "Greeter", "greet", ["kate"]); // "hello kate"
 * ```
 */
export function defmodule<M extends object>(name: string, module: M): M {
  const process = processOrUndefined();
  if (process === undefined) return defineUsersModule(name, module);
  process.runtime.modules.define(name, module);
  return module;
}

/** The functions that need no module at the prompt, for calls by module, function and arguments. */
export const Kernel = { node, self, send, spawn, spawnLink, spawnMonitor, exit, makeRef, isPid };
