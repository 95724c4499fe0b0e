import type { Runtime } from "../../process/runtime.ts";
import { viewerOf } from "../../process/viewer.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { type Ref, refOf } from "../../term/ref.ts";
import type { Helper } from "./context.ts";
import { isWord, numbersIn } from "./numbers.ts";

const FORM = /^(?:#Ref<(?<printed>\d+(?:\.\d+){3,5})>|(?<bare>\d+(?:\.\d+){3,5}))$/u;

/** A reference, from what was printed of it. */
export const ref: Helper = {
  name: "ref",
  usage: ['ref("0.0.0.400")', "ref(0, 0, 0, 400)"],
  doc:
    "Makes the reference that is printed like this: the one itself if it is a monitor or an alias of this node, or has " +
    'left it, so === holds. Also takes "#Ref<0.0.0.400>". The first number is the node, as for pid. ' +
    "Throws badarg if the text is no reference, or no node has that number here.",
  make:
    ({ runtime }) =>
    (...parts: readonly unknown[]) =>
      refFrom(runtime, parts),
};

function refFrom(runtime: Runtime, parts: readonly unknown[]): Ref {
  const numbers = numbersIn(parts, FORM);
  const [index = 0, ...words] = numbers ?? [];
  // Most significant first, as they are printed.
  const [low = 0, high = 0, ...rest] = words.reverse();
  if (
    numbers === undefined ||
    rest.length < 1 ||
    rest.length > 3 ||
    ![index, low, high, ...rest].every(isWord) ||
    high >= 2 ** 21
  ) {
    const given = parts.map((part) => inspect(part)).join(", ");
    throw new ArgumentError(`ref(${given}) is no reference: give it as it is printed, ref("0.0.0.400"), or as numbers`);
  }
  const at = viewerOf(runtime).nodeOf(index);
  if (at === undefined)
    throw new ArgumentError(`No node has the number ${String(index)} here: only printed references have one`);
  const id = high * 2 ** 32 + low;
  const more = rest.length === 1 && rest[0] === 0 ? undefined : rest;
  return (
    (index === 0 && more === undefined ? activeRef(runtime, id) : undefined) ?? refOf(at.node, at.creation, id, more)
  );
}

/** The reference of this node that a process holds as an alias or a monitor. */
function activeRef(runtime: Runtime, id: number): Ref | undefined {
  const same = (ref: Ref): boolean =>
    ref.id === id && ref.node === runtime.name && ref.creation === runtime.creation && ref.more === undefined;
  for (const { aliases, monitors } of runtime.processes.values()) {
    for (const held of [aliases?.keys(), monitors?.keys()]) {
      for (const ref of held ?? []) if (same(ref)) return ref;
    }
  }
  return undefined;
}
