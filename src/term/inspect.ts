import { types } from "node:util";
import { cut, escapeControls, quote } from "./escape.ts";
import { askCustom, customOf, type Budget } from "./inspect-custom.ts";
import { errorMessage, errorName } from "./inspect-error.ts";
import { printPid, printRef, type Viewer } from "./inspect-identifier.ts";
import { group, layOut, leaf, row, type Doc, type Leaf, type Token } from "./inspect-layout.ts";
import { describeObject } from "./inspect-object.ts";
import { constructorOf, dataOf, nameOfFunction, prototypesOf } from "./inspect-reflect.ts";
import { moduleNameOf } from "./module-name.ts";
import { Pid } from "./pid.ts";
import { Ref } from "./ref.ts";

export { setDefaultViewer, type Viewer } from "./inspect-identifier.ts";

/** How {@link inspect} prints. */
export interface InspectOptions {
  /** How many levels of containers inside the outermost are shown; 8 unless told, at most 200. */
  readonly depth?: number | undefined;
  /** How many items of each container are shown, `... 3 more` stands for the rest; 50 unless told, `Infinity` for all. */
  readonly maxItems?: number | undefined;
  /** How many UTF-16 units of a string are shown; 4096 unless told. */
  readonly maxStringLength?: number | undefined;
  /** Columns of a line; 80 unless told, `Infinity` for one line. */
  readonly breakLength?: number | undefined;
  /** Whether to colour with ANSI SGR sequences; not unless told. */
  readonly colors?: boolean | undefined;
  /** The node that looks, for the first number of pids and references; the current process's unless told. */
  readonly viewer?: Viewer | undefined;
  /**
   * Whether objects are asked how they are printed: `true` runs methods under `Symbol.for("moebi.inspect")` and Node's
   * `util.inspect.custom`, `false` none; the former alone unless told.
   */
  readonly custom?: boolean | undefined;
}

/** An object's method under this key, `(value, options) => string`, says how it is printed. */
export const INSPECT = Symbol.for("moebi.inspect");

const MAX_DEPTH = 200;

/**
 * What is printed in all, so that a small value that holds one object many times over does not print without end. Far
 * more where the caller asked for every item.
 */
const MAX_TEXT = 50_000;
const MAX_TEXT_OF_ALL = 64_000_000;

/**
 * A value as a person reads it, in TypeScript's notation: `["ok", #PID<0.73.0>]`, `{ a: 1, "b-c": 2 }`,
 * `Map{ "a" => 1 }`, `Point{ x: 1 }`. A registered module is its bare name.
 *
 * Control characters, bidirectional controls and line separators are shown as escapes wherever they stand, so that the
 * result is safe to print. Runs no code of the value's (getters, proxies, `toString`), except a method that says how it is
 * printed (`custom`); one that throws, or under Node's symbol takes longer than two seconds, is passed over. Takes time linear in what it prints. Never throws.
 */
export function inspect(value: unknown, options: InspectOptions = {}): string {
  const printer = new Printer(options);
  try {
    return layOut(printer.describe(value, 0), options.breakLength ?? 80);
  } catch {
    // The stack may be all but used up where this is called.
    return "[Unprintable]";
  }
}

/** One run of {@link inspect}: its options, what it may still print, and the containers it is inside of. */
export class Printer {
  readonly options: InspectOptions;
  readonly depth: number;
  readonly maxItems: number;
  readonly #maxStringLength: number;
  readonly #ancestors: Set<object>;
  readonly #budget: Budget = {};
  #left: number;

  /** @param ancestors the containers that the value is inside of already */
  constructor(options: InspectOptions, ancestors = new Set<object>()) {
    this.options = options;
    this.#ancestors = ancestors;
    this.depth = Math.min(options.depth ?? 8, MAX_DEPTH);
    this.maxItems = options.maxItems ?? 50;
    this.#maxStringLength = options.maxStringLength ?? 4096;
    this.#left = Math.max(
      this.maxItems === Infinity ? MAX_TEXT_OF_ALL : MAX_TEXT,
      this.#maxStringLength === Infinity ? MAX_TEXT_OF_ALL : 0,
    );
  }

  /** Whether all that may be printed has been. */
  get exhausted(): boolean {
    return this.#left <= 0;
  }

  /** The document of `value`, which stands `level` containers deep. Never throws but for want of stack. */
  describe(value: unknown, level: number): Doc {
    if (this.exhausted) return this.leaf("...", "plain");
    switch (typeof value) {
      case "string":
        return this.string(value);
      case "number":
        return this.leaf(Object.is(value, -0) ? "-0" : String(value), "number");
      case "bigint":
        return this.bigint(value);
      case "boolean":
        return this.leaf(String(value), "constant");
      case "undefined":
        return this.leaf("undefined", "undefined");
      case "symbol":
        return this.leaf(this.symbol(value), "symbol");
      case "object":
        return value === null ? this.leaf("null", "constant") : this.#object(value, level);
      case "function":
        return this.#object(value, level);
    }
  }

  /** A piece of text that is safe to print already. */
  leaf(text: string, token: Token): Leaf {
    this.#left -= text.length + 2;
    return leaf(text, token, this.options.colors === true);
  }

  /** Items between brackets. Charged for itself too, so that nested empty containers end as well. */
  group(open: string, items: readonly Doc[], close: string, spaced: boolean): Doc {
    this.#left -= open.length + close.length + 2;
    return group(open, items, close, spaced);
  }

  /** Text of the value's own choosing: cut and escaped. */
  text(text: string, token: Token): Leaf {
    return this.leaf(this.safe(text), token);
  }

  safe(text: string): string {
    const shown = cut(text, this.#maxStringLength);
    return escapeControls(shown) + (shown === text ? "" : "...");
  }

  string(text: string): Doc {
    const shown = cut(text, this.#maxStringLength);
    const quoted = this.leaf(quote(shown), "string");
    return shown === text ? quoted : row(quoted, this.leaf(`... ${text.length - shown.length} more`, "plain"));
  }

  /** Decimal digits cost time that grows faster than their number, so that a huge one is told by its size. */
  bigint(value: bigint): Leaf {
    const limit = 1n << 40_000n;
    return value < limit && value > -limit
      ? this.leaf(`${value}n`, "number")
      : this.leaf("[BigInt beyond 40000 bits]", "number");
  }

  symbol(value: symbol): string {
    return `Symbol(${this.safe(value.description ?? "")})`;
  }

  #object(value: object, level: number): Doc {
    const module = moduleNameOf(value);
    if (module !== undefined) return this.text(module, "identifier");
    // Looking at it would run its traps, and tell them that somebody looks.
    if (types.isProxy(value)) return this.leaf("[Proxy]", "function");
    if (this.#ancestors.has(value)) return this.leaf("[Circular]", "function");
    this.#ancestors.add(value);
    try {
      return this.#known(value, level);
    } catch {
      return this.leaf("[Unprintable]", "function");
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #known(value: object, level: number): Doc {
    const prototypes = prototypesOf(value);
    if (prototypes[0] === Pid.prototype && isIntact(value, ["id", "serial", "creation"])) {
      return this.text(printPid(value as Pid, this.options.viewer), "identifier");
    }
    if (prototypes[0] === Ref.prototype && isIntact(value, ["id", "creation"])) {
      return this.text(printRef(value as Ref, this.options.viewer), "identifier");
    }
    return this.#custom(value, prototypes, level) ?? describeObject(this, value, prototypes, level);
  }

  /** What an object says of itself, if it is asked and says something. */
  #custom(value: object, prototypes: readonly object[], level: number): Doc | undefined {
    const { custom } = this.options;
    if (custom === false) return undefined;
    const own = dataOf(value, INSPECT, prototypes);
    if (typeof own === "function") {
      const text: unknown = Reflect.apply(own, value, [value, { ...this.options, depth: this.depth - level }]);
      if (typeof text === "string") return this.#own(text);
    }
    if (custom !== true) return undefined;
    const nodes = customOf(value, prototypes);
    if (nodes === undefined) return undefined;
    const said = askCustom(
      nodes,
      value,
      { ...this.options, depth: this.depth - level },
      this.#budget,
      (inner, options) => this.#inside(value, inner, options),
    );
    if (typeof said === "string") return this.#own(said);
    // An object that stands for it.
    return said === undefined || said === value ? undefined : this.describe(said, level);
  }

  /** What a method that is asked prints of its own parts. It may ask for all but itself again. */
  #inside(value: object, inner: unknown, options: InspectOptions): string {
    const ancestors = new Set(this.#ancestors);
    if (inner === value && options.custom === false) ancestors.delete(value);
    const printer = new Printer({ ...this.options, ...options }, ancestors);
    return layOut(printer.describe(inner, 0), options.breakLength ?? 80);
  }

  /** What an object says of itself may have several lines, and colours where colours are asked for. */
  #own(text: string): Leaf {
    const shown = cut(text, MAX_TEXT);
    if (this.options.breakLength === Infinity) return this.text(shown, "plain");
    if (this.options.colors !== true) return this.leaf(escapeControls(shown, { newlines: true }), "plain");
    let colours = 0;
    const onColour = (parameters: string): void => {
      colours += parameters.length + "\u001b[m".length;
    };
    const safe = this.leaf(escapeControls(shown, { newlines: true, onColour }), "plain");
    return colours === 0 ? safe : { kind: "leaf", text: `${safe.text}\u001b[0m`, width: safe.width - colours };
  }

  /** How an error is printed inside a value: name and message, on one line. */
  errorHead(error: Error): string {
    const message = errorMessage(error);
    const text = message === undefined ? "[message is no text]" : this.safe(message);
    return text === "" ? errorName(error) : `${errorName(error)}: ${text}`;
  }

  /** The name that goes before an instance's fields, `""` for plain objects. */
  className(value: object, prototypes: readonly object[]): string {
    const constructor = constructorOf(prototypes);
    const name = constructor === undefined ? "" : (moduleNameOf(constructor) ?? nameOfFunction(constructor));
    if (name !== "" && name !== "Object") return this.safe(name);
    const tag = dataOf(value, Symbol.toStringTag, prototypes);
    return typeof tag === "string" ? this.safe(tag) : "";
  }
}

function isIntact(value: object, numbers: readonly string[]): boolean {
  const own = (key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;
  return (
    !Object.hasOwn(value, "words") &&
    typeof own("node") === "string" &&
    numbers.every((key) => Number.isSafeInteger(own(key)))
  );
}
