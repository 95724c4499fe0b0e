import { beforeEach, describe, expect, test } from "vitest";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime, type Router } from "../../src/process/runtime.ts";
import type { Signal } from "../../src/process/signal.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { pidOf } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";
import { inProcess } from "../support/in-process.ts";
import { ended, mailbox } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ name: "here@localhost", creation: 7, log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("send()", () => {
  test("PROC-030: to a name nobody holds on the own node loses the message, and gives it back", async () => {
    await run(() => expect(send(["nobody", "here@localhost"], "message")).toBe("message"));
  });

  test("PROC-031: to a dead pid loses the message, and gives it back", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      expect(send(dead, "message")).toBe("message");
    });
  });

  test("Trap 12: only a bare name nobody holds is refused; an absent node is not", async () => {
    await run(() => {
      expect(() => send("nobody", 1)).toThrow(expect.objectContaining({ code: "badarg" }));
      expect(send(["name", "absent@localhost"], 1)).toBe(1);
      expect(send(pidOf("absent@localhost", 1, 0, 1), 1)).toBe(1);
      // @ts-expect-error -- not a destination
      expect(() => send(7, 1)).toThrow(expect.objectContaining({ code: "badarg" }));
    });
  });

  test("Trap 13: a pid of an earlier life of this node reaches nobody", async () => {
    await run(() => {
      const { id, serial } = self();
      send(pidOf("here@localhost", id, serial, 6), "stray");
      send(new Ref("here@localhost", 6, 1), "stray");
      expect(mailbox()).toEqual([]);
    });
  });

  test("Trap 20: a message shares nothing that can change with its sender", async () => {
    await run(async () => {
      const message = { list: [1], map: new Map([["a", { n: 1 }]]) };
      send(self(), message);
      message.list.push(2);
      const got = (await receive()) as typeof message;
      expect(got).toEqual({ list: [1], map: new Map([["a", { n: 1 }]]) });
      expect(got.map.get("a")).not.toBe(message.map.get("a"));
    });
  });

  test("reaches a name here, [name, node] and an alias alike", async () => {
    await run(() => {
      Process.register(self(), "me");
      send("me", 1);
      send(["me", "here@localhost"], 2);
      send(Process.alias(), 3);
      expect(mailbox()).toEqual([1, 2, 3]);
    });
  });

  test("to other nodes is a signal of its sender, and no message is changed on the way there", async () => {
    const signals: Signal[] = [];
    runtime.router = {
      route: (_, signal) => signals.push(signal),
      state: () => "up",
      drained: () => undefined,
    } satisfies Router;
    await run(() => {
      const to = pidOf("there@localhost", 1, 0, 1);
      const alias = new Ref("there@localhost", 1, 5);
      send(to, "a");
      send(["name", "there@localhost"], "b");
      send(alias, "c");
      const from = self();
      expect(signals).toEqual([
        { op: "send", from, to, message: "a" },
        { op: "sendName", from, name: "name", message: "b" },
        { op: "sendAlias", from, alias, message: "c" },
      ]);
    });
  });
});

describe("an alias", () => {
  test("PROC-052: once dropped, messages to it no longer arrive", async () => {
    await run(() => {
      const alias = Process.alias();
      send(alias, 1);
      expect(Process.unalias(alias)).toBe(true);
      expect(Process.unalias(alias)).toBe(false);
      send(alias, 2);
      expect(mailbox()).toEqual([1]);
    });
  });

  test("PROC-053: of the kind for one reply, only the first message arrives", async () => {
    await run(() => {
      const alias = Process.alias({ reply: true });
      send(alias, 1);
      send(alias, 2);
      expect(mailbox()).toEqual([1]);
      expect(runtime.aliases.size).toBe(0);
    });
  });

  test("belongs to its maker, and ends with it", async () => {
    await run(async () => {
      const me = self();
      const maker = spawn(async () => {
        send(me, Process.alias());
        await receive();
      });
      const alias = (await receive()) as Ref;
      expect(Process.unalias(alias)).toBe(false);
      Process.exit(maker, "kill");
      expect(runtime.aliases.size).toBe(0);
    });
  });
});
