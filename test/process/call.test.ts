import { beforeEach, describe, expect, test } from "vitest";
import { checkTimeout, type From, isSelf, nodeOf, type Outcome, reply, request } from "../../src/process/call.ts";
import { current } from "../../src/process/context.ts";
import type { Destination } from "../../src/process/destination.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
import { mailbox } from "../support/processes.ts";

let clock: ManualClock;
let runtime: Runtime;
beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ name: "here@localhost", clock, log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const ask = (server: Destination, timeout = Infinity): Promise<Outcome> =>
  request(current(), server, (from) => ["ask", from], timeout);
const asked = async (): Promise<From> => ((await receive()) as [string, From])[1];

describe("request()", () => {
  test("gives the answer, past a full mailbox", async () => {
    await run(async () => {
      const server = spawn(async () => reply(await asked(), "answer"));
      for (let i = 0; i < 1000; i++) send(self(), i);
      expect(await ask(server)).toEqual({ ok: true, value: "answer" });
      expect(mailbox()).toHaveLength(1000);
    });
  });

  test("a wait that a person stops is withdrawn where it was asked, and a late answer never shows", async () => {
    await run(async () => {
      const heard: unknown[] = [];
      const server = spawn(async () => {
        const from = await asked();
        heard.push(await receive());
        reply(from, "late");
      });
      const process = current();
      const stopped = expect(
        request(
          process,
          server,
          (from) => ["ask", from],
          Infinity,
          ([, tag]) => ["withdrawn", tag],
        ),
      ).rejects.toThrow("Stopped");
      await settled();
      process.interrupt(new Error("Stopped"));
      await stopped;
      await settled();
      expect([heard, mailbox(), process.monitors?.size]).toEqual([[["withdrawn", expect.anything()]], [], 0]);
    });
  });

  test("Trap 7: after a timeout a late answer never shows", async () => {
    await run(async () => {
      let from: From | undefined;
      const server = spawn(async () => {
        from = await asked();
        await receive();
        reply(from, "late");
      });
      const outcome = ask(server, 10);
      await settled();
      clock.advance(10);
      expect(await outcome).toEqual({ ok: false, reason: "timeout" });
      send(server, "answer now");
      await settled();
      expect(mailbox()).toEqual([]);
      expect(Process.info(self())).toMatchObject({ monitors: [] });
      expect([runtime.aliases.size, clock.waiting]).toEqual([0, 0]);
    });
  });

  test("a second answer to one request is lost", async () => {
    await run(async () => {
      const server = spawn(async () => {
        const from = await asked();
        reply(from, 1);
        reply(from, 2);
      });
      expect(await ask(server)).toEqual({ ok: true, value: 1 });
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("Trap 11: says noproc of the missing, nodedown where there is no node, and the reason of who ends", async () => {
    await run(async () => {
      expect(await ask("nobody")).toEqual({ ok: false, reason: "noproc" });
      expect(await ask(["name", "absent@localhost"])).toEqual({ ok: false, reason: ["nodedown", "absent@localhost"] });
      expect(await ask(spawn(async () => exit(["end", await asked()].slice(0, 1))))).toEqual({
        ok: false,
        reason: ["end"],
      });
    });
  });

  test("leaves nothing when its caller exits meanwhile", async () => {
    await run(async () => {
      const server = spawn(() => receive(() => false));
      const caller = spawn(() => ask(server, 1000));
      await settled();
      Process.exit(caller, "kill");
      await settled();
      expect([runtime.aliases.size, clock.waiting, Process.info(server)?.monitoredBy]).toEqual([0, 0, []]);
    });
  });
});

describe("destinations of a call", () => {
  test("name their node, and the caller itself", async () => {
    await run(() => {
      Process.register(self(), "me");
      expect([nodeOf(current(), self()), nodeOf(current(), "me"), nodeOf(current(), ["x", "there@localhost"])]).toEqual(
        ["here@localhost", "here@localhost", "there@localhost"],
      );
      expect(
        [self(), "me", ["me", "here@localhost"], "other", ["me", "there@localhost"]].map((to) =>
          isSelf(to as Destination),
        ),
      ).toEqual([true, true, true, false, false]);
    });
    expect(isSelf("me")).toBe(false);
  });

  test.each([-1, Number.NaN, "5", undefined])("a timeout of %j is refused", (timeout) => {
    expect(() => checkTimeout(timeout)).toThrow(expect.objectContaining({ code: "badarg" }));
  });
});
