/** What names of the whole cluster cost, on one of its nodes. */
import { global, receive, spawn } from "../../src/index.ts";

export interface GlobalRates {
  /** Names given a second, one after another: each is told to all nodes, under a lock that all of them hold. */
  readonly register: number;
  /** Look-ups a second among those names. */
  readonly whereis: number;
}

export async function globalNames(count: number): Promise<GlobalRates> {
  // Erlang's gives a process one name.
  const pids = Array.from({ length: count }, () => spawn(() => receive()));
  const begun = performance.now();
  for (const [i, pid] of pids.entries()) await global.registerName(["bench", i], pid);
  const registered = performance.now();
  const lookups = 1000 * count;
  for (let i = 0; i < lookups; i++) global.whereisName(["bench", i % count]);
  const done = performance.now();
  return { register: (count / (registered - begun)) * 1000, whereis: (lookups / (done - registered)) * 1000 };
}
