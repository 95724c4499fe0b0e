/** Commands of one's own: the functions that loaded files export by lower-case names, for every shell of the node. */
import { declare } from "../code/environment.ts";
import type { Runtime } from "../process/runtime.ts";

/** A function that a file gave. */
export type Command = (...args: never[]) => unknown;

/** The commands of a node. A session finds them behind its variables and its helpers, before the node's modules. */
export class Commands {
  readonly #files = new Map<string, string>();
  #scope: object | undefined;
  readonly #functions = new Map<string, Command>();

  /** The functions, by name. */
  get functions(): ReadonlyMap<string, Command> {
    return this.#functions;
  }

  /** Puts what a file exports in the place of what it exported before. Gives the names. */
  define(file: string, exported: Readonly<Record<string, unknown>>): string[] {
    for (const [name, from] of [...this.#files]) if (from === file) this.#remove(name);
    const commands = Object.entries(exported).filter((entry): entry is [string, Command] => isCommand(...entry));
    for (const [name, command] of commands) {
      this.#files.set(name, file);
      this.#functions.set(name, command);
      if (this.#scope !== undefined) declare(this.#scope, name, command);
    }
    return commands.map(([name]) => name);
  }

  /** An object that has them all, now and later, and behind them what the node's scope has. */
  over(scope: object): object {
    if (this.#scope === undefined) {
      this.#scope = Object.create(scope) as object;
      for (const [name, command] of this.#functions) declare(this.#scope, name, command);
    }
    return this.#scope;
  }

  #remove(name: string): void {
    this.#files.delete(name);
    this.#functions.delete(name);
    if (this.#scope !== undefined) Reflect.deleteProperty(this.#scope, name);
  }
}

function isCommand(name: string, value: unknown): boolean {
  return typeof value === "function" && name !== "default" && !/^[\p{Lu}]/u.test(name);
}

const all = new WeakMap<Runtime, Commands>();

/** The commands of a node. */
export function commandsOf(runtime: Runtime): Commands {
  let commands = all.get(runtime);
  if (commands === undefined) all.set(runtime, (commands = new Commands()));
  return commands;
}
