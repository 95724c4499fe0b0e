import { estimateSize } from "../term/size.ts";
import type { Process } from "./process.ts";

/** So many messages stand for the others. */
const SAMPLE = 16;
const SLOT = 8;

/**
 * An estimate, in bytes, of what a process holds: its mailbox, its dictionary, and the state of a server. What its
 * function keeps in variables nobody can see. `most` is how many values are looked at in each of them.
 */
export function memoryOf(process: Process, most = 500): number {
  const { mailbox, dictionary, server } = process;
  let bytes = 0;
  if (mailbox.length > 0) {
    const sample = mailbox.sample(SAMPLE);
    bytes += mailbox.length * SLOT + Math.round((estimateSize(sample, most) * mailbox.length) / sample.length);
  }
  if (dictionary !== undefined && dictionary.size > 0) bytes += estimateSize(dictionary, most);
  return bytes + (server === undefined ? 0 : stateSize(server, most));
}

function stateSize(server: NonNullable<Process["server"]>, most: number): number {
  try {
    return estimateSize(server.getState?.(), most);
  } catch {
    // A state that fails to show itself is no reason for a look at a process to fail.
    return 0;
  }
}
