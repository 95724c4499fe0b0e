/** Whether loaded files have changed on disk since their code was read. */
import { statSync } from "node:fs";
import type { Runtime } from "../../process/runtime.ts";

/** What tells a file from itself before a change: one that was put in its place is another, however old it is. */
type Stamp = string;
type Stamps = ReadonlyMap<string, Stamp | undefined>;

/** How the files were that each loaded file was read from, on each node. */
const all = new WeakMap<Runtime, Map<string, Stamps>>();

function stampsOf(runtime: Runtime): Map<string, Stamps> {
  let stamps = all.get(runtime);
  if (stamps === undefined) all.set(runtime, (stamps = new Map()));
  return stamps;
}

/** How a file is now, `undefined` while there is none: an editor that replaces it has taken the old one away. */
function stampOf(path: string): Stamp | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && [found.mtimeNs, found.size, found.ino].join(" ");
}

/**
 * Remembers that the code of `file` was read from `inputs` after `since`, in milliseconds. One that was written meanwhile
 * may have been read before that, and counts as changed.
 */
export function rememberStamps(runtime: Runtime, file: string, inputs: readonly string[], since: number): void {
  const now = Date.now();
  const stamps = inputs.map((input) => {
    const written = statSync(input, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    // One from the future would count as changed for ever.
    return [input, written >= since && written <= now ? undefined : stampOf(input)] as const;
  });
  stampsOf(runtime).set(file, new Map(stamps));
}

/**
 * Whether what `file` was read from is another by now, since the last time that this was asked. What is gone is not: it
 * has no other code.
 */
export function hasChanged(runtime: Runtime, file: string): boolean {
  const known: Stamps = stampsOf(runtime).get(file) ?? new Map<string, Stamp | undefined>();
  const now = new Map([...known].map(([input, stamp]) => [input, stampOf(input) ?? stamp] as const));
  stampsOf(runtime).set(file, now);
  return [...now].some(([input, stamp]) => stamp !== known.get(input));
}
