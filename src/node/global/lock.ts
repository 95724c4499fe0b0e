import type { NodeName } from "../../term/pid.ts";
import { request } from "../../process/call.ts";
import type { Process } from "../../process/process.ts";
import { runAs } from "../../process/context.ts";
import { sleep } from "../../process/timers.ts";
import { callMessage } from "../../otp/envelope.ts";
import type { LockId } from "./lock-table.ts";

/** The name that each node's name server is registered under. */
export const NAME_SERVER = "global_name_server";

/** Asks the name server of a node. `undefined` if there is none to ask, or none any more. */
export async function ask(process: Process, node: NodeName, what: readonly unknown[]): Promise<unknown> {
  const outcome = await request(process, [NAME_SERVER, node], (from) => callMessage(from, what), Infinity);
  return outcome.ok ? outcome.value : undefined;
}

/**
 * Takes a lock on all of these nodes or on none, trying again up to `retries` times; whether it was had. Nodes that
 * can't be reached do not count. The lock ends with the process.
 *
 * All ask the first node first, so that of many who want the same one always gets it; who has no end of retries waits
 * there for its turn. Nobody waits who holds a part of it, or two could wait for each other.
 */
export async function takeLock(
  process: Process,
  id: LockId,
  nodes: readonly NodeName[],
  retries: number,
): Promise<boolean> {
  const [first, ...others] = [...new Set(nodes)].sort();
  if (first === undefined) return true;
  const set = ["set_lock", ...id, process.pid];
  const inTurn = retries === Infinity ? ["await_lock", ...id, process.pid] : set;
  for (let tries = 0; ; tries++) {
    if ((await ask(process, first, inTurn)) !== false) {
      const answers = await Promise.all(others.map((node) => ask(process, node, set)));
      if (!answers.includes(false)) return true;
      const taken = others.filter((_, index) => answers[index] === true);
      await releaseLock(process, id, [first, ...taken]);
    }
    if (tries >= retries) return false;
    await runAs(process, () => sleep(pause(process, tries)));
  }
}

export async function releaseLock(process: Process, id: LockId, nodes: readonly NodeName[]): Promise<void> {
  await Promise.all([...new Set(nodes)].map((node) => ask(process, node, ["del_lock", ...id, process.pid])));
}

/** Longer with each try, up to a second; and not the same for two processes, or they would meet again. */
function pause({ pid }: Process, tries: number): number {
  let word = Math.imul(pid.creation ^ (pid.id * 0x9e37_79b1) ^ (tries * 0x85eb_ca6b), 0xc2b2_ae35);
  word ^= word >>> 15;
  return 10 * 2 ** Math.min(tries, 6) * (0.5 + (word >>> 0) / 2 ** 32);
}
