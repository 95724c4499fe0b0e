/** What names of the whole cluster cost, on one of its nodes. */
import { global, type Pid, receive, spawn } from "../../src/index.ts";

export interface GlobalRates {
  /** Names given a second, one after another: each is told to all nodes, under a lock that all of them hold. */
  readonly register: number;
  /** Look-ups a second among those names. */
  readonly whereis: number;
}

/** As many names as are counted come first, and half as many look-ups: a node that serves names has done so before. */
export async function globalNames(count: number): Promise<GlobalRates> {
  // Erlang's gives a process one name.
  const pids = Array.from({ length: 2 * count }, () => spawn(() => receive()));
  await registerNames(pids.slice(0, count), 0);
  const begun = performance.now();
  await registerNames(pids.slice(count), count);
  const registered = performance.now();
  const lookups = 1000 * count;
  lookUp(lookups / 2, count);
  const warm = performance.now();
  lookUp(lookups, count);
  const done = performance.now();
  return { register: (count / (registered - begun)) * 1000, whereis: (lookups / (done - warm)) * 1000 };
}

async function registerNames(pids: readonly Pid[], first: number): Promise<void> {
  for (const [i, pid] of pids.entries()) await global.registerName(["bench", first + i], pid);
}

function lookUp(times: number, names: number): void {
  let found = 0;
  for (let i = 0; i < times; i++) if (global.whereisName(["bench", i % names]) !== null) found++;
  if (found !== times) throw new Error("A global name was not found");
}
