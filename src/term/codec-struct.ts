import { ArgumentError } from "./error.ts";

/** How the instances of one class of the library cross: as their fields. */
export interface StructCodec<T extends object = object> {
  /** Whether `value` is one. */
  is(value: object): boolean;
  /** Its fields, which cross in turn. */
  take(value: T): readonly unknown[];
  /** One with these fields, which are a peer's and so to be checked: throw if they are not what `take` gives. */
  make(fields: readonly unknown[]): T;
}

const structs = new Map<string, StructCodec>();

/** Lets the instances of a class cross under a tag. Once per class, where it is defined. Throws `badarg` if the tag is taken. */
export function registerStruct<T extends object>(tag: string, codec: StructCodec<T>): void {
  if (structs.has(tag)) throw new ArgumentError(`The struct tag "${tag}" is taken`);
  structs.set(tag, codec);
}

/** The tag and codec for an object, if it is an instance of a registered class. */
export function structOf(value: object): readonly [tag: string, codec: StructCodec] | undefined {
  for (const entry of structs) if (entry[1].is(value)) return entry;
  return undefined;
}

export function structByTag(tag: string): StructCodec | undefined {
  return structs.get(tag);
}
