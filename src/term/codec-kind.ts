import { types } from "node:util";

/** What a built-in object is, whatever realm it comes from. `undefined`: nothing that crosses by itself. */
export type Kind =
  | "array"
  | "object"
  | "null"
  | "map"
  | "set"
  | "date"
  | "regexp"
  | "error"
  | "buffer"
  | "view"
  | "arraybuffer"
  | "boxed";

/**
 * The kind of an object that is neither an array nor a plain object of this realm. Subclasses are not their base class
 * (errors are), because what arrived would have lost its methods.
 */
export function kindOf(value: object): Kind | undefined {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Error.isError is not there before Node 24
  if (types.isNativeError(value) || value instanceof Error) return "error";
  if (Buffer.isBuffer(value)) return "buffer";
  const levels = prototypes(value);
  if (ArrayBuffer.isView(value)) return levels === (types.isDataView(value) ? 2 : 3) ? "view" : undefined;
  if (levels === 1) {
    // The prototype of plain objects, of another realm.
    const proto: object = Object.getPrototypeOf(value) as object;
    return Object.hasOwn(proto, "isPrototypeOf") ? "object" : undefined;
  }
  if (levels !== 2) return undefined;
  if (Array.isArray(value)) return "array";
  if (types.isMap(value)) return "map";
  if (types.isSet(value)) return "set";
  if (types.isDate(value)) return "date";
  if (types.isRegExp(value)) return "regexp";
  if (types.isArrayBuffer(value)) return "arraybuffer";
  if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) return "boxed";
  return undefined;
}

function prototypes(value: object): number {
  let levels = 0;
  for (let proto: unknown = Object.getPrototypeOf(value); proto !== null && levels < 4; levels++)
    proto = Object.getPrototypeOf(proto);
  return levels;
}

/**
 * Whether a view may take its whole buffer along, as structured clone does. Node cuts small buffers out of a pool they
 * share with strangers; a view into that takes only its own bytes.
 */
export function ownsBuffer(view: ArrayBufferView): boolean {
  return view.buffer.byteLength === view.byteLength || view.buffer.byteLength !== Buffer.poolSize;
}
