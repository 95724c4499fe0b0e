import { beforeEach, describe, expect, test } from "vitest";
import { GenServer } from "../../src/otp/gen-server.ts";
import { sys } from "../../src/otp/sys.ts";
import { Task } from "../../src/otp/task.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

class Counter extends GenServer {
  count = 0;
  handleCall(): number {
    return ++this.count;
  }
}

describe("sys", () => {
  test("GENSERVER-041: shows a server's state, and replaces it", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Counter, undefined, { name: "Counter" });
      const state = (await sys.getState("Counter")) as Counter;
      state.count = 99;
      expect(await sys.getState(server)).toEqual({ count: 0 });
      expect(await sys.replaceState(server, ({ count }: Counter) => ({ count: count + 41 }))).toEqual({ count: 41 });
      expect(await GenServer.call(server, "next")).toBe(42);
    });
  });

  test("a change that throws leaves the state, and the server, as they were", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Counter);
      const change = (): never => {
        throw new RangeError("boom");
      };
      await expect(sys.replaceState(server, change)).rejects.toMatchObject({
        code: "callback_failed",
        cause: { message: "boom" },
      });
      await expect(sys.replaceState(await Task.Supervisor.start(), change)).rejects.toMatchObject({ code: "badarg" });
      expect(await GenServer.call(server, "next")).toBe(1);
    });
  });

  test("GENSERVER-041: a suspended server leaves calls waiting until it is resumed, and can be looked at and stopped", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Counter);
      expect(await sys.suspend(server)).toBe("ok");
      const answers: number[] = [];
      const calls = [1, 2].map(async () => answers.push(await GenServer.call(server, "next")));
      expect(await sys.getStatus(server)).toMatchObject(["status", server, ["module", "Counter"], {}]);
      expect(await sys.getState(server)).toEqual({ count: 0 });
      expect(answers).toEqual([]);
      expect(await sys.resume(server)).toBe("ok");
      await Promise.all(calls);
      expect(answers).toEqual([1, 2]);
      await sys.suspend(server);
      expect(await GenServer.stop(server)).toBe("ok");
      expect(Process.alive(server)).toBe(false);
    });
  });

  test("says whom it asked in vain", async () => {
    await run(async () => {
      await expect(sys.getState("Nobody")).rejects.toMatchObject({
        reason: ["noproc", ["sys", "getState", ["Nobody"]]],
      });
    });
  });
});
