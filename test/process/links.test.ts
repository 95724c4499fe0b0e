import { beforeEach, describe, expect, test } from "vitest";
import { exit } from "../../src/process/exit.ts";
import { link, unlink } from "../../src/process/links.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink } from "../../src/process/spawn.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";
import { ended, exitOf, linksOf, mailbox } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("a link", () => {
  test("PROC-006: a partner's end with a reason ends the other with the same reason", async () => {
    await run(async () => {
      const partner = spawn(() => receive());
      const other = spawn(() => {
        Process.link(partner);
        return receive();
      });
      await settled();
      expect(linksOf(other)).toEqual([partner]);
      const end = ended(other);
      Process.exit(partner, ["broken", 1]);
      expect(await end).toEqual(["broken", 1]);
    });
  });

  test("PROC-007: a partner's normal end does nothing to who does not trap exits", async () => {
    await run(async () => {
      const child = spawnLink(() => "done");
      expect(await ended(child)).toBe("normal");
      await settled();
      expect(mailbox()).toEqual([]);
      expect(linksOf()).toEqual([]);
    });
  });

  test("Trap 4: a partner's normal end is a message to who traps exits", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const child = spawnLink(() => "done");
      expect(await receive()).toEqual(["EXIT", child, "normal"]);
    });
  });

  test("PROC-012: along a chain of links a kill signal is passed on as killed, which can be trapped", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const me = self();
      const head = spawnLink(() => {
        spawnLink(() => {
          send(me, ["last", spawnLink(() => receive())]);
          return receive();
        });
        return receive();
      });
      const [, last] = (await receive()) as [string, ReturnType<typeof self>];
      Process.exit(last, "kill");
      expect(await receive()).toEqual(["EXIT", head, "killed"]);
    });
  });

  test("PROC-013: exit with the word kill is seen as kill, and trappable", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const child = spawnLink(() => exit("kill"));
      expect(await receive()).toEqual(["EXIT", child, "kill"]);
    });
  });

  test("PROC-036: linking twice to one partner is one link and gives one EXIT", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const child = spawn(() => receive());
      expect(Process.link(child)).toBe(true);
      Process.link(child);
      Process.exit(child, "end");
      expect(await receive()).toEqual(["EXIT", child, "end"]);
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-039: after unlink the former partner's end is not told", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const child = spawnLink(() => receive());
      expect(Process.unlink(child)).toBe(true);
      expect(linksOf(child)).toEqual([]);
      const end = ended(child);
      Process.exit(child, "end");
      expect(await end).toBe("end");
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-041: linking with a dead local pid is noproc: an exit, or a message to who traps exits", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      expect(await exitOf(() => Process.link(dead))).toBe("noproc");
      Process.flag("trapExit", true);
      Process.link(dead);
      expect(mailbox()).toEqual([["EXIT", dead, "noproc"]]);
      expect(linksOf()).toEqual([]);
    });
  });

  test("a pid of an earlier life of the own node is dead too, and no other node is asked", async () => {
    runtime = new Runtime({ name: "a@localhost", creation: 2, log: () => undefined });
    runtime.router = { route: () => expect.fail("asked"), state: () => "down", drained: () => undefined };
    await run(async () => {
      const old = pidOf("a@localhost", 1, 0, 1);
      expect(await exitOf(() => Process.link(old))).toBe("noproc");
      expect(Process.unlink(old)).toBe(true);
    });
  });
});

describe("link() and unlink()", () => {
  test("make and end one entry at both ends; a link with oneself is none", () => {
    const a = runtime.spawn(() => receive());
    const b = runtime.spawn(() => receive());
    link(a, b.pid);
    link(a, a.pid);
    expect([...(a.links?.keys() ?? [])]).toEqual([b.pid]);
    expect([...(b.links?.keys() ?? [])]).toEqual([a.pid]);
    unlink(b, a.pid);
    unlink(b, a.pid);
    expect([a.links?.size, b.links?.size]).toEqual([0, 0]);
    runtime.stop();
  });
});
