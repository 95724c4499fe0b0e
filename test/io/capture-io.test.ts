import { describe, expect, test } from "vitest";
import { captureIO } from "../../src/io/capture-io.ts";
import { IO } from "../../src/io/io.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { spawnMonitor } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = new Runtime({ log: () => undefined });

describe("captureIO()", () => {
  test("GL-017: holds what the caller and its children print, and puts the leader back, after a failure too", async () => {
    await inProcess(runtime, async () => {
      const leader = Process.groupLeader();
      const text = await captureIO(async () => {
        expect(Process.groupLeader()).not.toBe(leader);
        await IO.write("own ");
        spawnMonitor(() => IO.write("child's"));
        await receive();
      });
      expect(text).toBe("own child's");
      expect(Process.groupLeader()).toBe(leader);
      const before = runtime.processes.size;
      await expect(captureIO(() => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
      expect(Process.groupLeader()).toBe(leader);
      expect(runtime.processes.size).toBe(before);
    });
  });

  test("serves reads from its input, and nests", async () => {
    await inProcess(runtime, async () => {
      let inner = "";
      const outer = await captureIO(async () => {
        await IO.write(await IO.gets());
        inner = await captureIO(() => IO.write("inner"));
      }, "line\n");
      expect([outer, inner]).toEqual(["line\n", "inner"]);
    });
  });
});
