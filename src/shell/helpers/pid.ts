import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { type Pid, pidOf } from "../../term/pid.ts";
import type { Runtime } from "../../process/runtime.ts";
import { viewerOf } from "../../process/viewer.ts";
import type { Helper } from "./context.ts";
import { isWord, numbersIn } from "./numbers.ts";

const FORM = /^(?:#PID<(?<printed>\d+\.\d+\.\d+)>|(?<bare>\d+\.\d+\.\d+))$/u;

/** A pid, from what was printed of it. */
export const pid: Helper = {
  name: "pid",
  usage: ['pid("0.73.0")', "pid(0, 73, 0)"],
  doc:
    "Makes the pid that is printed like this: the process itself if it lives, so === holds. Also takes " +
    '"#PID<0.73.0>". The first number is the node, 0 for this one, else one that has been printed here. ' +
    "Throws badarg if the text is no pid, or no node has that number here.",
  make:
    ({ runtime }) =>
    (...parts: readonly unknown[]) =>
      pidFrom(runtime, parts),
};

function pidFrom(runtime: Runtime, parts: readonly unknown[]): Pid {
  const numbers = numbersIn(parts, FORM);
  if (numbers?.length !== 3 || !numbers.every(isWord)) {
    const given = parts.map((part) => inspect(part)).join(", ");
    throw new ArgumentError(`pid(${given}) is no pid: give it as it is printed, pid("0.73.0"), or as three numbers`);
  }
  const [index, id, serial] = numbers as [number, number, number];
  const at = viewerOf(runtime).nodeOf(index);
  if (at === undefined)
    throw new ArgumentError(`No node has the number ${String(index)} here: only printed pids have one`);
  const living = index === 0 ? runtime.processes.get(id) : undefined;
  return living?.pid.serial === serial ? living.pid : pidOf(at.node, id, serial, at.creation);
}
