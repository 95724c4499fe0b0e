/**
 * How an object has itself printed in Node: by a method under `util.inspect.custom`. It is code of the value's, so it is
 * run only where a person has asked to see the value, and for so long.
 */
import { types } from "node:util";
import { Script } from "node:vm";
import { hasCode } from "./error.ts";
import type { InspectOptions } from "./inspect.ts";
import { dataOf } from "./inspect-reflect.ts";

const CUSTOM = Symbol.for("nodejs.util.inspect.custom");

/** What all methods of one value may take together, in milliseconds. */
const BUDGET_MS = 2000;

/** Until when the methods of a value are asked: from the first one on. */
export interface Budget {
  until?: number;
}

type Inspect = (value: unknown, options: InspectOptions) => string;
type Custom = (this: unknown, depth: number, options: object, inspect: unknown) => unknown;

/** Buffers, addresses of the web and timers are printed as here already. */
const KNOWN = new Set<unknown>([Buffer.prototype, URL.prototype, timer()].map((one) => dataOf(one, CUSTOM)));

function timer(): object {
  const made = setTimeout(() => undefined);
  clearTimeout(made);
  return made;
}

/** The method, if it has one that is no getter. */
export function customOf(value: object, prototypes: readonly object[]): Custom | undefined {
  const custom = dataOf(value, CUSTOM, prototypes);
  return typeof custom === "function" && !types.isProxy(custom) && !KNOWN.has(custom) ? (custom as Custom) : undefined;
}

/** What the method gives; `undefined` if it fails, takes too long, or would only tell later. */
export function askCustom(
  custom: Custom,
  value: object,
  options: InspectOptions,
  budget: Budget,
  inspect: Inspect,
): unknown {
  const now = performance.now();
  const left = Math.floor((budget.until ??= now + BUDGET_MS) - now);
  if (left <= 0) return undefined;
  const { depth, colors, breakLength, maxItems, maxStringLength } = options;
  const given = {
    depth,
    colors: colors === true,
    breakLength: breakLength ?? 80,
    maxArrayLength: maxItems,
    maxStringLength,
    customInspect: true,
    stylize: (text: unknown) => String(text),
  };
  const inner = (part: unknown, asked?: unknown): string => inspect(part, ours(asked));
  try {
    const said = within(left, () => Reflect.apply(custom, value, [depth ?? 0, given, inner]));
    if (!types.isPromise(said)) return said;
    void Promise.prototype.then.call(said, undefined, () => undefined);
    return undefined;
  } catch (error) {
    // The clock that ended it may be a little ahead of the one that is read.
    if (hasCode(error, "ERR_SCRIPT_EXECUTION_TIMEOUT")) budget.until = now;
    return undefined;
  }
}

/** The options of Node's `inspect` as ours. */
function ours(asked: unknown): InspectOptions {
  if (typeof asked !== "object" || asked === null) return {};
  const { depth, colors, breakLength, customInspect, maxArrayLength } = asked as Record<string, unknown>;
  return {
    ...(depth === null ? { depth: Infinity } : typeof depth === "number" && { depth }),
    ...(maxArrayLength === null
      ? { maxItems: Infinity }
      : typeof maxArrayLength === "number" && { maxItems: maxArrayLength }),
    ...(typeof colors === "boolean" && { colors }),
    ...(typeof breakLength === "number" && { breakLength }),
    ...(customInspect === false && { custom: false }),
  };
}

const KEY = Symbol.for("moebi.inspect.work");
let call: Script | undefined;
let running = false;

/** Runs `work`, and ends it when it takes too long. Nothing but a script can be ended, so a script calls it. */
function within(ms: number, work: () => unknown): unknown {
  if (running) return work();
  running = true;
  Object.defineProperty(globalThis, KEY, { value: work, configurable: true });
  try {
    call ??= new Script(`globalThis[Symbol.for("moebi.inspect.work")]()`);
    return call.runInThisContext({ timeout: ms });
  } finally {
    running = false;
    Reflect.deleteProperty(globalThis, KEY);
  }
}
