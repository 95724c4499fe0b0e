import { ArgumentError, MoebiError } from "../term/error.ts";
import { moduleNameOf, nameModule } from "../term/module-name.ts";

/** A module: functions by name. An object of functions, a class with static ones, or a function. */
export type Module = object;

/** Modules that belong to the program, so to every node in it: the library's own, and what files define. */
const program = new Map<string, Module>();

/** The names that code on any node of this program finds: the library's functions, and the program's modules. */
const library = Object.create(null) as Record<string, unknown>;

/** Enters a module for every node of this program: how the library's come in. */
export function defineProgramModule<M extends Module>(name: string, module: M): M {
  checkName(name);
  nameModule(module, name);
  restoreNames(module);
  program.set(name, module);
  expose(library, name, module);
  return module;
}

/** Modules of the program that are not the library's. */
const ofUsers = new Set<string>();

/** Enters a module of a program that uses the library, for every node of it. */
export function defineUsersModule<M extends Module>(name: string, module: M): M {
  defineProgramModule(name, module);
  ofUsers.add(name);
  return module;
}

/** Those modules, of all nodes of the program. */
export function usersModules(): Module[] {
  return [...ofUsers].flatMap((name) => program.get(name) ?? []);
}

/** Lets code at a prompt, or from another node, use a function of the library by its name. */
export function provideLibrary(names: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(names)) {
    if (typeof value === "object" && value !== null) restoreNames(value);
    expose(library, name, value);
  }
  restoreNames(names);
}

/** A bundler that puts files together calls the second `async` of them `async2`; what is printed is the name it has here. */
function restoreNames(holder: object): void {
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder)) as [
    string,
    { value?: unknown },
  ][]) {
    if (typeof value !== "function" || value.name === key || !value.name.startsWith(key)) continue;
    if (/^\d+$/.test(value.name.slice(key.length)))
      Object.defineProperty(value, "name", { value: key, configurable: true });
  }
}

/** A dotted name is found through its parent, if that is a module: `KV.Router`. */
function expose(names: Record<string, unknown>, name: string, value: unknown): void {
  const dot = name.lastIndexOf(".");
  if (dot < 0) Object.defineProperty(names, name, { value, writable: true, enumerable: true, configurable: true });
  else {
    const parent = program.get(name.slice(0, dot));
    const child = name.slice(dot + 1);
    if (parent !== undefined && !Object.hasOwn(parent, child))
      Object.defineProperty(parent, child, { value, configurable: true });
  }
}

/** The modules of one node: its own, then the program's. Defining one again replaces it for the next call. */
export class ModuleTable {
  private readonly own = new Map<string, Module>();
  /** What stands for modules that are none, but have others below their name. */
  private readonly places = new Map<string, object>();
  /** Told of each module that is defined, or defined anew. */
  readonly listeners = new Set<(name: string, module: Module) => void>();
  /** What code on this node finds by name: its modules, then the library and the program's. */
  readonly lookup = Object.create(library) as Record<string, unknown>;

  define(name: string, module: Module): void {
    checkName(name);
    const before = this.own.get(name);
    this.own.set(name, module);
    this.rename(name, module, before);
    this.place(name, module, before);
    // Those below it that were there first, or whose parent is another object now.
    for (const [other, value] of this.own) if (parentOf(other) === name) attach(module, other, value, value);
    for (const listener of this.listeners) listener(name, module);
  }

  /** A module goes by the name it was given first, as long as it has it: `import { Task as T }` makes no T of Task. */
  private rename(name: string, module: Module, before: Module | undefined): void {
    const known = moduleNameOf(module);
    if (known === undefined || this.get(known) !== module) nameModule(module, name);
    if (before === undefined || before === module || moduleNameOf(before) !== name) return;
    const other = [...this.own].find(([, value]) => value === before)?.[0];
    if (other !== undefined) nameModule(before, other);
  }

  /** A dotted name is found through its parent, which need not be a module itself: `A.B` makes an `A` to find it by. */
  private place(name: string, module: Module, before: Module | undefined): void {
    const parent = parentOf(name);
    if (parent === undefined) {
      Object.defineProperty(this.lookup, name, { value: module, writable: true, enumerable: true, configurable: true });
      return;
    }
    let above = this.own.get(parent) ?? this.places.get(parent);
    // The program's modules are everybody's: nothing of one node is put into them.
    if (above === undefined && program.has(parent)) return;
    if (above === undefined) {
      above = {};
      this.places.set(parent, above);
      this.place(parent, above, undefined);
    }
    attach(above, name, module, before);
  }

  get(name: string): Module | undefined {
    return this.own.get(name) ?? program.get(name);
  }

  /** Those defined on this node, not the program's. */
  names(): string[] {
    return [...this.own.keys()];
  }

  /** Whether a name means what the library has under it. */
  isOfLibrary(name: string): boolean {
    return !this.own.has(name) && !ofUsers.has(name) && program.has(name);
  }

  /** All that a call can name, the node's own first. */
  allNames(): string[] {
    return [...new Set([...this.own.keys(), ...program.keys()])];
  }
}

function parentOf(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : name.slice(0, dot);
}

/** Lets a module be found in the one above it. What that has under the name stays, unless it is the module's earlier self. */
function attach(parent: object, name: string, value: Module, before: Module | undefined): void {
  const child = name.slice(name.lastIndexOf(".") + 1);
  const present = Object.getOwnPropertyDescriptor(parent, child);
  if (present === undefined ? !Object.isExtensible(parent) : !present.configurable || present.value !== before) return;
  Object.defineProperty(parent, child, { value, configurable: true, writable: true });
}

/** The names a module exports: own functions, static ones of a class. Never what it inherits, so a wire can't name it. */
export function exportsOf(module: Module): string[] {
  return Object.getOwnPropertyNames(module).filter((name) => exportedFunction(module, name) !== undefined);
}

/** The function a module exports under a name, `undefined` if there is none. Never runs a getter. */
export function exportedFunction(module: Module, name: string): ((...args: unknown[]) => unknown) | undefined {
  if (typeof module === "function" && (name === "constructor" || name === "prototype")) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(module, name)?.value;
  return typeof value === "function" ? (value as (...args: unknown[]) => unknown) : undefined;
}

/** How a caller may name a module: by itself, or by its name. */
export function nameOfModule(module: Module | string): string {
  if (typeof module === "string") return module;
  const name = moduleNameOf(module);
  if (name === undefined) {
    throw new ArgumentError(
      'This object is not a module: define it with defmodule("Name", {...}), or give the name of one',
    );
  }
  return name;
}

/**
 * What a process that was started by module, function and arguments runs.
 * Throws `undef` if there is no such module or function, saying which.
 */
export function resolveFunction(
  table: ModuleTable,
  name: string,
  fun: string,
  arity: number,
): (...args: unknown[]) => unknown {
  const module = table.get(name);
  const found = module === undefined ? undefined : exportedFunction(module, fun);
  if (module === undefined || found === undefined) {
    throw new UndefinedFunctionError(name, fun, arity, module !== undefined);
  }
  return (...args) => found.apply(module, args);
}

/** Thrown for a call of a function that is not there. */
export class UndefinedFunctionError extends MoebiError {
  constructor(module: string, fun: string, arity: number, known: boolean) {
    super(
      "undef",
      `Function ${module}.${fun}/${arity} is undefined${known ? "" : ` (module ${module} is not loaded)`}`,
    );
  }

  override get name(): string {
    return "UndefinedFunctionError";
  }
}

function checkName(name: string): void {
  // What follows compiles slowly, and every program names modules as it starts.
  if (/^[A-Z][A-Za-z0-9_$]*$/.test(name)) return;
  if (!/^\p{Lu}[\p{L}\p{N}_$]*(\.[\p{L}\p{N}_$]+)*$/u.test(name)) {
    throw new ArgumentError(`"${name}" can't be a module's name: it begins with a capital letter, as in "Chat.Router"`);
  }
}
