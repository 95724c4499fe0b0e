import { expect } from "vitest";
import { isExit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import type { Ref } from "../../src/term/ref.ts";

/** The messages of the calling process, oldest first. */
export const mailbox = (): readonly unknown[] => Process.info(self())?.messages ?? [];

/** The partners of a process of the caller's node, the caller by default. */
export const linksOf = (pid: Pid = self()): readonly Pid[] => Process.info(pid)?.links ?? [];

/** Takes the `DOWN` of a monitor and gives its reason. */
export async function downOf(ref: Ref): Promise<unknown> {
  const down = await receive<readonly unknown[]>((m) => Array.isArray(m) && m[0] === "DOWN" && m[1] === ref);
  return down[4];
}

/** Waits for the end of a process and gives its reason. */
export const ended = (pid: Pid): Promise<unknown> => downOf(Process.monitor(pid));

/** The reason `body` exits with. */
export async function exitOf(body: () => unknown): Promise<unknown> {
  try {
    await body();
  } catch (thrown) {
    return isExit(thrown) ? thrown.reason : expect.fail(`No exit: ${String(thrown)}`);
  }
  return expect.fail("It did not exit");
}

/** Every number from 0 below `count`. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
