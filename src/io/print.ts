import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { isPid } from "../term/pid.ts";
import type { Process } from "../process/process.ts";
import { type IoDevice, put } from "./ask.ts";
import { printAfar } from "./outlet.ts";

/** How long a text that nobody has read may become, in UTF-16 units. */
const LONGEST = 4096;

/** What a process asked its leader to print last. */
interface Printed {
  readonly leader: Pid;
  readonly tag: Ref;
  readonly done: Promise<"ok">;
}

const prints = new WeakMap<Process, Printed>();

/**
 * Prints at a leader. Gives `"ok"` once it is printed, and fails as {@link put} does; nobody need wait.
 *
 * Who prints line by line without waiting sends no message for each: a request, what awaits its answer and the monitor
 * beneath take some two kilobytes. Where the newest message of a leader on this node is what this process printed last,
 * that is made longer, so that all else keeps its place. For leaders of other nodes see {@link printAfar}.
 */
export function print(process: Process, device: IoDevice, text: string): Promise<"ok"> {
  if (isPid(device) && device.node !== process.runtime.name) return printAfar(process, device, text);
  const before = prints.get(process);
  if (before !== undefined && before.leader === device && lengthen(process, before, text)) return before.done;
  let tag: Ref | undefined;
  const done = put(process, device, text, (sent) => (tag = sent));
  if (tag !== undefined && isPid(device)) prints.set(process, { leader: device, tag, done });
  return done;
}

function lengthen(process: Process, { leader, tag }: Printed, text: string): boolean {
  // What was given up (Ctrl+C) may still be unread, but tells nothing of what comes after it.
  if (process.monitors?.has(tag) !== true) return false;
  const newest = process.runtime.find(leader)?.mailbox.newest;
  // The leader's own copy, which nobody has seen.
  if (!Array.isArray(newest) || newest[0] !== "io_request" || newest[2] !== tag) return false;
  const request = newest[3] as [kind: string, encoding: string, text: string];
  if (request[2].length + text.length > LONGEST) return false;
  request[2] += text;
  return true;
}
