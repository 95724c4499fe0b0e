import { beforeEach, describe, expect, test } from "vitest";
import { genCall, genStop } from "../../src/otp/gen-call.ts";
import { asCall, asSystem } from "../../src/otp/envelope.ts";
import { reply } from "../../src/process/call.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;
beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ clock, log: () => undefined });
});

const describeAs = ["Mod", "call", ["x"]] as const;

/** A server that answers `echo`, ends for `die`, and is silent otherwise. */
const server = (): Pid =>
  spawn(async () => {
    for (;;) {
      const message = await receive();
      const call = asCall(message);
      if (call?.request === "echo") reply(call.from, "echo");
      if (call?.request === "die") exit("why");
      if (asSystem(message) !== undefined) exit("stopped");
    }
  });

describe("genCall()", () => {
  test("gives the answer", async () => {
    expect(await inProcess(runtime, () => genCall(server(), "echo", 5000, describeAs))).toBe("echo");
  });

  test("makes the caller exit with the reason and the call", async () => {
    const call = (to: Parameters<typeof genCall>[0], request: string): Promise<unknown> =>
      inProcess(runtime, () => genCall(to, request, Infinity, describeAs));
    await expect(call("nobody", "echo")).rejects.toEqual(["noproc", describeAs]);
    await expect(call(["Name", "absent@localhost"], "echo")).rejects.toEqual([
      ["nodedown", "absent@localhost"],
      describeAs,
    ]);
    await expect(inProcess(runtime, () => genCall(server(), "die", 5000, describeAs))).rejects.toEqual([
      "why",
      describeAs,
    ]);
    await expect(inProcess(runtime, () => genCall(self(), "echo", 5000, describeAs))).rejects.toEqual([
      "calling_self",
      describeAs,
    ]);
  });

  test("times out, leaving nothing behind", async () => {
    await inProcess(runtime, async () => {
      void settled().then(() => clock.advance(10));
      await expect(genCall(server(), "silence", 10, describeAs)).rejects.toMatchObject({
        reason: ["timeout", describeAs],
      });
      expect(Process.info(self())).toMatchObject({ messages: [], monitors: [] });
    });
  });
});

describe("genStop()", () => {
  test("waits for the end, and fails unless it is the one asked for", async () => {
    await inProcess(runtime, async () => {
      const pid = server();
      expect(await genStop(pid, "stopped", Infinity, describeAs)).toBe("ok");
      expect(Process.alive(pid)).toBe(false);
      await expect(genStop(server(), "normal", Infinity, describeAs)).rejects.toMatchObject({
        reason: ["stopped", describeAs],
      });
      await expect(genStop(pid, "normal", Infinity, describeAs)).rejects.toMatchObject({
        reason: ["noproc", describeAs],
      });
    });
  });
});
