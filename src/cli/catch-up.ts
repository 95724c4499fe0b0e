import { apply } from "../node/erpc.ts";
import type { LocalNode } from "../node/local-node.ts";
import { current } from "../process/context.ts";

/** A node that takes longer is not waited for. */
const PATIENCE_MS = 1000;

/**
 * Waits until what was under way to connected nodes has arrived, and what they sent because of it has come back: by a
 * call to each of them, which no earlier message on the same link can be behind. A person is slower than this by far;
 * the next line of a script is not. Runs in a process.
 */
export async function catchUp({ connections }: LocalNode): Promise<void> {
  const process = current();
  const nothing = { what: "Process", fun: "sleep", args: [0] };
  await Promise.all((connections?.list("connected") ?? []).map((node) => apply(process, node, nothing, PATIENCE_MS)));
}
