/** What a process is at, and what it holds, in words. */
import type { Awaits } from "../process/process-info.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { bytes } from "./units.ts";

/**
 * What stands for a process' current function: JavaScript tells no more of another's stack than what it waits for.
 *
 * @param server whether it is one, whose wait for a message is its loop's
 */
export function currentFunction(
  { awaits, server = false }: { readonly awaits: Awaits | null; readonly server?: boolean },
  pidText: (pid: Pid) => string = inspect,
): string {
  if (awaits === null) return "not known: it runs, or awaits a promise that is not the library's";
  const [kind, ...of] = awaits;
  if (kind === "message") return server ? "its loop, which waits for a message" : "receive";
  if (kind === "other") return "not known: it waits for a time, a device or another node";
  return `a call, which waits for ${of.map((one) => ("node" in one ? pidText(one) : one.join(" on "))).join(", ")}`;
}

/** An estimate, named as such. */
export function memoryText(memory: number): string {
  return memory === 0
    ? "nothing in its mailbox, dictionary or a server's state"
    : `about ${bytes(memory)} in its mailbox, its dictionary and a server's state`;
}
