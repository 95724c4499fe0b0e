import { types } from "node:util";
import { cut, quote } from "./escape.ts";
import { isErrorValue } from "./inspect-error.ts";
import type { Printer } from "./inspect.ts";
import { row, type Doc } from "./inspect-layout.ts";
import { getterOf, nameOfFunction } from "./inspect-reflect.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const CLASS = /^class(?![\p{ID_Continue}$])/u;

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const typedArrayLength = getterOf<number>(TypedArray, "length");
const regExpSource = getterOf<string>(RegExp.prototype, "source");
const regExpFlags = (
  ["hasIndices", "global", "ignoreCase", "multiline", "dotAll", "unicode", "unicodeSets", "sticky"] as const
).map((name, i) => ["dgimsuvy".charAt(i), getterOf<boolean>(RegExp.prototype, name)] as const);
const urlText = getterOf<string>(URL.prototype, "href");
/** What setTimeout and setImmediate give: their fields are Node's own, and lead to everything the program holds. */
const TIMERS = new Set<unknown>([
  timerPrototype(setTimeout, clearTimeout),
  timerPrototype(setImmediate, clearImmediate),
]);

function timerPrototype<T>(start: (run: () => void) => T, stop: (timer: T) => void): unknown {
  const timer = start(() => undefined);
  stop(timer);
  return typeof timer === "object" ? Object.getPrototypeOf(timer) : undefined;
}

const mapSize = getterOf<number>(Map.prototype, "size");
const setSize = getterOf<number>(Set.prototype, "size");

/** The document of an object or function that has no notation of its own. */
export function describeObject(printer: Printer, value: object, prototypes: readonly object[], level: number): Doc {
  if (typeof value === "function") return printer.leaf(functionText(printer, value), "function");
  if (isErrorValue(value)) return error(printer, value, level);
  if (types.isRegExp(value)) return printer.text(`/${regExpSource(value)}/${flags(value)}`, "regexp");
  if (types.isDate(value)) return printer.leaf(dateText(value), "date");

  const name = printer.className(value, prototypes);
  if (Array.isArray(value)) return array(printer, value, name === "Array" ? "" : name, level);
  if (types.isMap(value)) return map(printer, value, name, level);
  if (types.isSet(value)) return set(printer, value, name, level);
  if (types.isTypedArray(value)) return bytes(printer, value, typedArrayLength(value), name);
  if (types.isAnyArrayBuffer(value)) {
    const view = new Uint8Array(value);
    return bytes(printer, view, view.length, name);
  }
  // Their contents can't be seen from here.
  if (
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    prototypes.includes(WeakRef.prototype) ||
    TIMERS.has(prototypes[0])
  ) {
    return printer.leaf(`[${name === "" ? "Object" : name}]`, "function");
  }
  const primitive = unboxed(value);
  if (primitive !== undefined) return printer.group(`${name}{`, [printer.describe(primitive, level + 1)], "}", true);
  if (prototypes[0] === URL.prototype) return printer.group("URL{", [printer.string(urlText(value))], "}", true);

  if (level > printer.depth) return printer.leaf(`${name}{...}`, "plain");
  return printer.group(`${name}{`, fields(printer, value, Reflect.ownKeys(value), level), "}", true);
}

function error(printer: Printer, value: Error, level: number): Doc {
  const head = printer.leaf(printer.errorHead(value), "error");
  if (level > printer.depth) return head;
  const said = new Set<PropertyKey>(["name", "message", "stack"]);
  const hidden = ["cause", "errors"].filter((key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable === false);
  const keys = Object.getOwnPropertyNames(value).filter((key) => !said.has(key) && !hidden.includes(key));
  const items = [...fields(printer, value, keys, level), ...fields(printer, value, hidden, level, true)];
  return items.length === 0 ? head : row(head, printer.group(" {", items, "}", true));
}

/** The items `key: value` of the enumerable ones of `keys`. */
function fields(printer: Printer, value: object, keys: readonly PropertyKey[], level: number, hidden = false): Doc[] {
  const items: Doc[] = [];
  const shown = (key: PropertyKey): boolean => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    return descriptor !== undefined && (descriptor.enumerable === true || hidden);
  };
  for (const [at, key] of keys.entries()) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || !shown(key)) continue;
    if (isFull(printer, items, () => keys.slice(at).filter(shown).length)) break;
    items.push(row(printer.leaf(`${keyText(printer, key)}: `, "plain"), property(printer, descriptor, level)));
  }
  return items;
}

/** Whether no more may be added to `items`; if so, says how many are left out. */
function isFull(printer: Printer, items: Doc[], left: () => number): boolean {
  if (items.length < printer.maxItems && !printer.exhausted) return false;
  items.push(printer.leaf(`... ${left()} more`, "plain"));
  return true;
}

function property(printer: Printer, descriptor: PropertyDescriptor, level: number): Doc {
  if (descriptor.get !== undefined)
    return printer.leaf(descriptor.set === undefined ? "[Getter]" : "[Getter/Setter]", "function");
  if (descriptor.set !== undefined) return printer.leaf("[Setter]", "function");
  return printer.describe(descriptor.value, level + 1);
}

function keyText(printer: Printer, key: PropertyKey): string {
  if (typeof key === "symbol") return `[${printer.symbol(key)}]`;
  const text = String(key);
  // Cut first: a key may be as long as any other text from elsewhere.
  if (text.length > 256) return quote(`${cut(text, 255)}…`);
  return IDENTIFIER.test(text) ? text : quote(text);
}

function array(printer: Printer, value: readonly unknown[], name: string, level: number): Doc {
  if (level > printer.depth && value.length > 0) return printer.leaf(`${name}[...]`, "plain");
  const items: Doc[] = [];
  let i = 0;
  while (i < value.length) {
    const at = i;
    if (isFull(printer, items, () => value.length - at)) break;
    const descriptor = Object.getOwnPropertyDescriptor(value, i);
    if (descriptor !== undefined) {
      items.push(property(printer, descriptor, level));
      i++;
      continue;
    }
    const next = nextIndex(value, i);
    items.push(printer.leaf(`<${next - i} empty>`, "undefined"));
    i = next;
  }
  // What else an array carries, such as `index` of a match, is worth the look only where the array is short.
  if (i === value.length && items.length < printer.maxItems) {
    const rest = Reflect.ownKeys(value).slice(items.length);
    items.push(
      ...fields(
        printer,
        value,
        rest.filter((key) => !isIndex(key)),
        level,
      ),
    );
  }
  return printer.group(`${name}[`, items, "]", false);
}

/** The first index from `from` on that is filled, or the length: by steps while they are few, else by the keys. */
function nextIndex(value: readonly unknown[], from: number): number {
  const near = Math.min(value.length, from + 1000);
  for (let i = from; i < near; i++) if (Object.hasOwn(value, i)) return i;
  if (near === value.length) return near;
  let next = value.length;
  for (const key of Object.keys(value))
    if (isIndex(key) && Number(key) >= near && Number(key) < next) next = Number(key);
  return next;
}

function isIndex(key: PropertyKey): boolean {
  return typeof key === "string" && /^(?:0|[1-9]\d{0,9})$/.test(key);
}

function bytes(printer: Printer, value: ArrayLike<number | bigint>, length: number, name: string): Doc {
  const items: Doc[] = [];
  for (let i = 0; i < length && !isFull(printer, items, () => length - i); i++)
    items.push(printer.describe(value[i], 0));
  return printer.group(`${name}[`, items, "]", false);
}

function map(printer: Printer, value: Map<unknown, unknown>, name: string, level: number): Doc {
  if (level > printer.depth && mapSize(value) > 0) return printer.leaf(`${name}{...}`, "plain");
  const items: Doc[] = [];
  for (const [key, item] of Map.prototype.entries.call(value)) {
    if (isFull(printer, items, () => mapSize(value) - items.length)) break;
    const before = printer.describe(key, level + 1);
    items.push(row(before, printer.leaf(" => ", "plain"), printer.describe(item, level + 1)));
  }
  return printer.group(`${name}{`, items, "}", true);
}

function set(printer: Printer, value: Set<unknown>, name: string, level: number): Doc {
  if (level > printer.depth && setSize(value) > 0) return printer.leaf(`${name}{...}`, "plain");
  const items: Doc[] = [];
  for (const item of Set.prototype.values.call(value)) {
    if (isFull(printer, items, () => setSize(value) - items.length)) break;
    items.push(printer.describe(item, level + 1));
  }
  return printer.group(`${name}{`, items, "}", true);
}

let placeOfFunction: (fn: object) => string | undefined = () => undefined;

/** Says where a function was written, for one that has no name; see `src/code/registry.ts`. */
export function setFunctionPlaces(find: (fn: object) => string | undefined): void {
  placeOfFunction = find;
}

/** What a function goes by: its name, or `fn in moebi(3)` where it was typed without one; else `(anonymous)`. */
export function titleOfFunction(fn: object): string {
  const name = nameOfFunction(fn);
  if (name !== "") return name;
  const place = placeOfFunction(fn);
  return place === undefined ? "(anonymous)" : `fn in ${place}`;
}

function functionText(printer: Printer, value: object): string {
  const name = printer.safe(nameOfFunction(value));
  const kind = CLASS.test(Function.prototype.toString.call(value))
    ? "class"
    : `${types.isAsyncFunction(value) ? "Async" : ""}${types.isGeneratorFunction(value) ? "Generator" : ""}Function`;
  if (name === "") {
    const place = placeOfFunction(value);
    return place === undefined ? `[${kind}]` : `[${kind} in ${printer.safe(place)}]`;
  }
  return kind === "class" ? `[class ${name}]` : `[${kind}: ${name}]`;
}

function dateText(value: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(value)) ? "Invalid Date" : Date.prototype.toISOString.call(value);
}

function flags(value: object): string {
  return regExpFlags.map(([flag, isSet]) => (isSet(value) ? flag : "")).join("");
}

function unboxed(value: object): unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  if (types.isSymbolObject(value)) return Symbol.prototype.valueOf.call(value);
  return undefined;
}
