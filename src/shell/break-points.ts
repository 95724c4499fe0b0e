/** Functions of a node's modules that stop at their next calls, for a person to look around as `pry()` does. */
import { plainText } from "../code/file-unit.ts";
import { type AnyFunction, originOf, standFor, standsFor } from "../code/registry.ts";
import { parameterNames } from "../code/shape.ts";
import type { Accessor, Site } from "../code/site.ts";
import { processOrUndefined } from "../process/context.ts";
import { exportedFunction, nameOfModule } from "../process/modules.ts";
import type { Runtime } from "../process/runtime.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { pathOf, prototypeOf } from "./helpers/documentation.ts";
import { pryAt } from "./pry.ts";
import { sourceOf } from "./source-of.ts";

/** One function that stops. */
export interface BreakPoint {
  readonly id: number;
  readonly module: string;
  readonly fun: string;
  /** How many calls are to stop still. */
  stops: number;
  /** The group leader of who set it, asked where a process that stops has no shell. */
  leader: Pid | undefined;
  /** What the module was when it was set, and what holds the function: the module, or the prototype of a class. */
  readonly defined: object;
  readonly holder: object;
  readonly original: AnyFunction;
  readonly standIn: AnyFunction;
}

/** The break points of a node. */
export class BreakPoints {
  private readonly runtime: Runtime;
  private points: BreakPoint[] = [];
  private last = 0;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Those that are in their place: a module that was defined anew has none. */
  get list(): readonly BreakPoint[] {
    return (this.points = this.points.filter(({ defined, holder, fun, standIn, module }) => {
      const present = exportedFunction(holder, fun);
      // A trace that began later stands in front.
      return this.runtime.modules.get(module) === defined && present !== undefined && standsFor(present, standIn);
    }));
  }

  /** Has the next `stops` calls stop. Gives the number it is known by. Throws `badarg` for what can't be stopped. */
  set({ module, fun }: FunctionName, stops: number): number {
    if (!Number.isInteger(stops) || stops < 1)
      throw new ArgumentError(`The number of calls that stop is a positive integer, not ${inspect(stops)}`);
    const known = this.find({ module, fun });
    const leader = processOrUndefined()?.leader;
    if (known !== undefined) {
      known.stops = stops;
      known.leader = leader;
      return known.id;
    }
    const { modules } = this.runtime;
    const defined = modules.isOfLibrary(module) ? undefined : modules.get(module);
    if (defined === undefined) throw new ArgumentError(`${module} is not a module that was defined on this node`);
    const holder = [defined, prototypeOf(defined)].find((one) => one !== undefined && exportedFunction(one, fun));
    const original = holder && exportedFunction(holder, fun);
    if (holder === undefined || original === undefined)
      throw new ArgumentError(`There is no function ${module}.${fun}`);
    if (/^class\b/u.test(plainText(original))) throw new ArgumentError(`${module}.${fun} is a class, not a function`);
    const { runtime } = this;
    const point: BreakPoint = { id: ++this.last, module, fun, stops, leader, defined, holder, original, standIn };
    function standIn(this: unknown, ...args: unknown[]): unknown {
      const call = (): unknown => (original as (...all: unknown[]) => unknown).apply(this, args);
      // A module of the program is that of its other nodes too.
      if (point.stops === 0 || processOrUndefined()?.runtime !== runtime) return call();
      point.stops--;
      return pryAt(siteOf(runtime, point, this, args), {}, point.leader).then(call);
    }
    standFor(standIn, original);
    for (const key of ["name", "length"]) {
      const descriptor = Object.getOwnPropertyDescriptor(original, key);
      if (descriptor !== undefined) Object.defineProperty(standIn, key, descriptor);
    }
    if (!put(holder, fun, standIn)) throw new ArgumentError(`${module} can't be changed: it is frozen`);
    this.points.push(point);
    return point.id;
  }

  find(wanted: FunctionName | number): BreakPoint | undefined {
    return this.list.find((point) =>
      typeof wanted === "number" ? point.id === wanted : point.module === wanted.module && point.fun === wanted.fun,
    );
  }

  /** Puts the functions back, those of one module or all. */
  remove(module?: string): void {
    for (const point of this.list) {
      if (module !== undefined && point.module !== module) continue;
      point.stops = 0;
      if (exportedFunction(point.holder, point.fun) === point.standIn) put(point.holder, point.fun, point.original);
      this.points = this.points.filter((other) => other !== point);
    }
  }
}

const all = new WeakMap<Runtime, BreakPoints>();

export function breakPointsOf(runtime: Runtime): BreakPoints {
  let points = all.get(runtime);
  if (points === undefined) all.set(runtime, (points = new BreakPoints(runtime)));
  return points;
}

/** A function of a module. */
export interface FunctionName {
  readonly module: string;
  readonly fun: string;
}

/**
 * What `(Kate.sayName, …)` and `(Kate, "sayName", …)` mean, or of a class `(Counter.prototype.next, …)` and `(Counter, "next", …)`, and the arguments behind. Throws `badarg` for what is no
 * function of a module.
 */
export function functionAmong(
  runtime: Runtime,
  args: readonly unknown[],
): { name: FunctionName; rest: readonly unknown[] } {
  const [first, second] = args;
  if (typeof second === "string") {
    if ((typeof first !== "object" && typeof first !== "function" && typeof first !== "string") || first === null)
      throw new ArgumentError(`${inspect(first)} is no module`);
    return { name: { module: nameOfModule(first), fun: second }, rest: args.slice(2) };
  }
  const path = typeof first === "string" ? first : typeof first === "function" ? pathOf(runtime, first) : undefined;
  const dot = path?.lastIndexOf(".") ?? -1;
  if (path === undefined || dot < 1)
    throw new ArgumentError(
      `${inspect(first)} is no function of a module: give Kate.sayName or, of a class, a method by its name: ` +
        'Counter, "handleCall"',
    );
  return { name: { module: path.slice(0, dot), fun: path.slice(dot + 1) }, rest: args.slice(1) };
}

function put(holder: object, fun: string, value: AnyFunction): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(holder, fun);
  return descriptor !== undefined && Reflect.defineProperty(holder, fun, { ...descriptor, value });
}

/** The beginning of a function that was called, whose arguments are its variables. */
function siteOf(runtime: Runtime, point: BreakPoint, self: unknown, args: unknown[]): Site {
  const { module, fun, holder, original, standIn } = point;
  const found = sourceOf(runtime, exportedFunction(holder, fun) ?? standIn);
  const locals: Record<string, Accessor> = Object.create(null) as Record<string, Accessor>;
  for (const [name, read] of Object.entries(originOf(original)?.locals?.() ?? {})) {
    const refuse = (): never => {
      throw new TypeError(`${name} belongs to the function around, and can only be read here`);
    };
    locals[name] = [read, refuse];
  }
  for (const [at, name] of parameterNames(textOf(original)).entries()) {
    if (name?.startsWith("...") === true)
      locals[name.slice(3)] = [
        () => args.slice(at),
        (value: readonly unknown[]) => args.splice(at, Infinity, ...value),
      ];
    else locals[name ?? `arg${String(at + 1)}`] = [() => args[at], (value: unknown) => (args[at] = value)];
  }
  return {
    file: found?.file ?? "compiled code",
    line: found?.line ?? 1,
    source: found?.text ?? "",
    firstLine: found?.firstLine ?? 1,
    fun: `${module}.${fun}/${String(original.length)}`,
    argument: "",
    self: () => self,
    locals,
    scope: undefined,
  };
}

function textOf(fn: AnyFunction): string {
  const origin = originOf(fn);
  return origin?.unit.text.slice(origin.start, origin.end) ?? plainText(fn);
}
