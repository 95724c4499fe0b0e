import { describe, expect, test } from "vitest";
import { IO } from "../../src/io/io.ts";
import { asIoRequest, ioReply } from "../../src/io/io-protocol.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import type { Signal } from "../../src/process/signal.ts";
import { type ProcessSignal, receiveSignal } from "../../src/process/signals.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

const line = (n: number): string => `line ${String(n)}\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, n) => line(n)).join("");
const printLines = (leader: Pid, count: number): Promise<"ok">[] =>
  Array.from({ length: count }, (_, n) => IO.write(leader, line(n)));

/** Two nodes, between which nothing takes time. The body runs as a process of the first; the other prints there. */
function asLeader<T>(body: (leader: Pid, other: Runtime) => Promise<T>): Promise<T> {
  const [here, other] = (["a@localhost", "b@localhost"] as const).map(
    (name) => new Runtime({ name, log: () => undefined }),
  ) as [Runtime, Runtime];
  const join = (from: Runtime, to: Runtime): void => {
    const reply = (signal: Signal): void => receiveSignal(from, signal as ProcessSignal, () => undefined);
    from.router = {
      route: (_, signal) => receiveSignal(to, signal as ProcessSignal, reply),
      state: () => "up",
      drained: () => undefined,
    };
  };
  join(here, other);
  join(other, here);
  return inProcess(here, () => body(self(), other));
}

/** What is asked next of the calling process, answered if so wished; other messages as they are. */
async function next(answered = true): Promise<unknown> {
  const message = await receive();
  const asked = asIoRequest(message);
  if (asked === undefined) return message;
  if (answered) send(asked.reply, ioReply(asked.reply, "ok"));
  return asked.request[2];
}

describe("what a process prints on another node without waiting for it", () => {
  test("comes whole and in order, in far fewer requests than it has lines", () =>
    asLeader(async (leader, other) => {
      other.spawn(async () => {
        await Promise.all(printLines(leader, 100_000));
        send(leader, "all answered");
      });
      const got: unknown[] = [];
      while (got.at(-1) !== "all answered") got.push(await next());
      got.pop();
      expect(got.join("")).toBe(lines(100_000));
      expect(got.length).toBeLessThan(100);
    }));

  test("waits as text where the leader does not answer, but goes before what is sent behind it", () =>
    asLeader(async (leader, other) => {
      const { pid: process } = other.spawn(async () => {
        printLines(leader, 1_000_000);
        await receive();
        send(leader, "behind");
        await receive();
      });
      await Process.sleep(0);
      const inMailbox = (): number => Process.info(leader)?.messageQueueLen ?? 0;
      expect(inMailbox()).toBe(64);
      send(process, "go on");
      await Process.sleep(0);
      expect(inMailbox()).toBeGreaterThan(200);
      const got: unknown[] = [];
      while (got.at(-1) !== "behind") got.push(await next(false));
      got.pop();
      expect(got.join("")).toBe(lines(1_000_000));
    }));

  test.each(["ends", "is killed"])("goes before its end is told if it %s", (how) =>
    asLeader(async (leader, other) => {
      const { pid: process } = other.spawn(async () => {
        await receive();
        printLines(leader, 1_000);
        if (how === "is killed") await new Promise(() => undefined);
      });
      Process.monitor(process);
      send(process, "go on");
      await Process.sleep(0);
      if (how === "is killed") Process.exit(process, "kill");
      const got: unknown[] = [];
      while (!Array.isArray(got.at(-1))) got.push(await next(false));
      expect(got.pop()).toEqual(["DOWN", expect.anything(), "process", process, how === "ends" ? "normal" : "killed"]);
      expect(got.join("")).toBe(lines(1_000));
    }),
  );

  test("is not lost if it is more than should be sent at once when the process ends", () =>
    asLeader(async (leader, other) => {
      other.spawn(() => void printLines(leader, 500_000));
      const all = lines(500_000);
      let got = "";
      while (got.length < all.length) got += String(await next());
      expect(got).toBe(all);
    }));

  test("fails for whoever awaits it with the leader, with the process, and where a person stops it", () =>
    asLeader(async (_, other) => {
      const leader = spawn(() => receive((message) => message === "never"));
      const outcome = async (act: (process: Pid) => void): Promise<unknown> => {
        let ended: Promise<unknown> = Promise.resolve();
        const { pid: process } = other.spawn(async () => {
          ended = (printLines(leader, 10_000).at(-1) ?? Promise.resolve()).catch((error: unknown) => error);
          await new Promise(() => undefined);
        });
        await Process.sleep(0);
        act(process);
        return ended;
      };
      const stopped = new Error("Interrupted");
      expect(await outcome((process) => other.find(process)?.interrupt(stopped))).toBe(stopped);
      expect(await outcome((process) => Process.exit(process, "kill"))).toMatchObject({ code: "dead" });
      expect(await outcome(() => Process.exit(leader, "kill"))).toMatchObject({ code: "terminated" });
    }));

  test("waits while the connection to the leader's node is busy, and is whole when that has room", async () => {
    const runtime = new Runtime({ name: "a@localhost", log: () => undefined });
    let state: "up" | "busy" = "up";
    const room = Promise.withResolvers<void>();
    const routed: Signal[] = [];
    runtime.router = {
      route: (_, signal) => routed.push(signal),
      state: () => state,
      drained: () => (state === "busy" ? room.promise : undefined),
    };
    const sent = (): string =>
      routed.map((signal) => (signal.op === "send" ? asIoRequest(signal.message)?.request[2] : "")).join("");
    await inProcess(runtime, async () => {
      const leader = new Pid("b@localhost", 1, 0, 1);
      void IO.write(leader, line(0));
      state = "busy";
      for (let n = 1; n < 10; n++) void IO.write(leader, line(n));
      await Process.sleep(0);
      expect(sent()).toBe(lines(1));
      state = "up";
      room.resolve();
      await Process.sleep(0);
      expect(sent()).toBe(lines(10));
    });
  });
});
