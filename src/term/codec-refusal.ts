import { MoebiError } from "./error.ts";
import type { ErrorCode } from "./error.ts";

/** How a value was reached from the one that holds it: an index, a key, or code to show as it is. */
export type Step = number | string | { readonly shown: string } | { readonly captured: string };

/** What the outermost value is called; of a list, perhaps its items as well, each of which then begins the path to what is in it. */
export type Label = string | { readonly whole: string; readonly items: readonly Label[] };

/** What the whole is called. */
export function labelOf(label: Label): string {
  return typeof label === "string" ? label : label.whole;
}

/**
 * Why a value cannot cross. Thrown where the value is found; every level on the way out adds its step, so that the path
 * costs nothing unless it is needed.
 */
export class Refusal {
  readonly code: ErrorCode;
  /** What to say after the path: `is a Socket`. */
  readonly what: string;
  /** What to say after the whole sentence: what to do. */
  readonly hint: string;
  /** Innermost first. */
  readonly steps: Step[] = [];

  constructor(code: ErrorCode, what: string, hint = "") {
    this.code = code;
    this.what = what;
    this.hint = hint;
  }
}

/**
 * Adds a step to what was thrown on the way out. Anything but a {@link Refusal} was thrown by the value itself (a getter,
 * a proxy) and becomes one; errors of the library pass.
 */
export function at(thrown: unknown, step: Step): unknown {
  if (thrown instanceof MoebiError) return thrown;
  const refusal = thrown instanceof Refusal ? thrown : unreadable(thrown);
  refusal.steps.push(step);
  return refusal;
}

function unreadable(thrown: unknown): Refusal {
  let why = "";
  try {
    why = thrown instanceof Error ? `: ${thrown.message}` : "";
  } catch {
    // An error that cannot be read itself has nothing to add.
  }
  return new Refusal("not_sendable", `could not be read${why}`);
}

/** The error that the sender sees. `label` names the outermost value, `to` the node; without it, a copy was refused. */
export function refusalError(thrown: unknown, label: Label, to?: string): unknown {
  if (thrown instanceof MoebiError) return thrown;
  const refusal = thrown instanceof Refusal ? thrown : unreadable(thrown);
  const destination =
    refusal.code === "not_sendable" && refusal.what.startsWith("is ") && to !== undefined
      ? `, which can't be sent to ${to}`
      : "";
  return new MoebiError(
    refusal.code,
    `${pathOf(label, refusal.steps)} ${refusal.what}${destination}${refusal.hint && `: ${refusal.hint}`}`,
  );
}

const MOST = 12;

/** `message[1].socket`; the middle of a long path is left out. */
function pathOf(label: Label, innermostFirst: readonly Step[]): string {
  const steps = innermostFirst.toReversed();
  let named = label;
  while (typeof named !== "string" && typeof steps[0] === "number") {
    const item = named.items[steps[0]];
    if (item === undefined) break;
    named = item;
    steps.shift();
  }
  let path = labelOf(named);
  let suffix = "";
  for (const [i, step] of steps.entries()) {
    if (typeof step === "object" && "captured" in step) {
      suffix = `, captured by the function ${path}${suffix}`;
      path = step.captured;
    } else if (steps.length <= MOST || i < MOST / 2 || i >= steps.length - MOST / 2) path += shown(step);
    else if (i === MOST / 2) path += "…";
  }
  return suffix === "" ? path : `${path}${suffix},`;
}

function shown(step: Exclude<Step, { captured: string }>): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return step.shown;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 100))}]`;
}

/** The step to the value of a map's entry. */
export function entryStep(key: unknown, index: number): Step {
  if (typeof key === "string") return { shown: `.get(${JSON.stringify(key.slice(0, 100))})` };
  if (typeof key === "number" || typeof key === "boolean") return { shown: `.get(${key})` };
  return { shown: `.values()[${index}]` };
}

/** What to say of a value that cannot cross. */
export function refuse(value: unknown): Refusal {
  if (typeof value === "symbol") return new Refusal("not_sendable", "is a symbol", "use a string");
  if (typeof value === "function") return new Refusal("not_sendable", "is a function");
  const { name, isClass } = constructorOf(value as object);
  const hint =
    name === "Promise"
      ? "await it first"
      : isClass
        ? "send a plain object of its fields, or the pid of a process that has it"
        : "";
  return new Refusal("not_sendable", `is ${article(name)} ${name}${isClass ? " (an instance of a class)" : ""}`, hint);
}

function constructorOf(value: object): { name: string; isClass: boolean } {
  try {
    const made: unknown = (value as { constructor?: unknown }).constructor;
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (typeof made === "function" && made.name !== "" && made !== Object) {
      return { name: made.name.slice(0, 100), isClass: /^class\b/.test(Function.prototype.toString.call(made)) };
    }
    return {
      name: tag === "" || tag === "Object" ? "object with a prototype of its own" : tag.slice(0, 100),
      isClass: false,
    };
  } catch {
    return { name: "object", isClass: false };
  }
}

function article(name: string): string {
  return /^[aeiou]/i.test(name) ? "an" : "a";
}
