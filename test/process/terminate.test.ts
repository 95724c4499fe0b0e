import { beforeEach, describe, expect, test } from "vitest";
import { LinkedHashMap } from "../../src/process/linked-hash-map.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink, spawnMonitor } from "../../src/process/spawn.ts";
import { terminate } from "../../src/process/terminate.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";
import { ended, mailbox, numbers } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

/** A process that traps exits and gives what it gets to the caller. */
function trapper(): Pid {
  const me = self();
  return spawn(async () => {
    Process.flag("trapExit", true);
    for (;;) send(me, ["got", await receive()]);
  });
}

describe("an exit signal", () => {
  test("PROC-009: normal does nothing to another; who traps exits gets it as a message", async () => {
    await run(async () => {
      const plain = spawn(() => receive());
      const trapping = trapper();
      await settled();
      expect(Process.exit(plain, "normal")).toBe(true);
      Process.exit(trapping, "normal");
      expect(await receive()).toEqual(["got", ["EXIT", self(), "normal"]]);
      expect(Process.info(plain)).toMatchObject({ messages: [] });
    });
  });

  test("Trap 3: kill can't be trapped by its target, and everyone else sees killed", async () => {
    await run(async () => {
      const trapping = trapper();
      await settled();
      const end = ended(trapping);
      Process.exit(trapping, "kill");
      expect(Process.alive(trapping)).toBe(false);
      expect(await end).toBe("killed");
    });
  });

  test("Trap 4: normal to oneself ends oneself", async () => {
    await run(async () => {
      const pid = spawn(() => {
        Process.exit(self(), "normal");
        return receive();
      });
      expect(await ended(pid)).toBe("normal");
    });
  });

  test("Trap 5: a signal to oneself can't be caught, exit() can", async () => {
    await run(async () => {
      const me = self();
      const signalled = spawn(() => {
        try {
          Process.exit(self(), "signal");
        } catch {
          // It has exited all the same.
        }
        send(me, "still here");
      });
      expect(await ended(signalled)).toBe("signal");
      const thrown = spawn(async () => {
        try {
          exit("thrown");
        } catch {
          send(me, "caught");
        }
        await receive();
      });
      expect(await receive()).toBe("caught");
      expect(Process.alive(thrown)).toBe(true);
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-032: messages, an exit signal and messages come to a trapping process in that order", async () => {
    await run(async () => {
      const trapping = trapper();
      await settled();
      send(trapping, 1);
      Process.exit(trapping, "signal");
      send(trapping, 2);
      expect([await receive(), await receive(), await receive()]).toEqual([
        ["got", 1],
        ["got", ["EXIT", self(), "signal"]],
        ["got", 2],
      ]);
    });
  });

  test("PROC-033: what is sent after a deadly signal is never acted on", async () => {
    await run(async () => {
      const pid = spawn(async () => {
        for (;;) if ((await receive()) === "end") exit("by a message");
      });
      await settled();
      const end = ended(pid);
      send(pid, "other");
      Process.exit(pid, "signal");
      send(pid, "end");
      expect(await end).toBe("signal");
    });
  });

  test("PROC-044: of two deadly signals the first reason counts", async () => {
    await run(async () => {
      const pid = spawn(() => receive());
      const end = ended(pid);
      Process.exit(pid, "first");
      Process.exit(pid, "second");
      expect(await end).toBe("first");
    });
  });

  test("PROC-045: an own end and a signal that meet are one end", async () => {
    await run(async () => {
      const [pid, ref] = spawnMonitor(async () => {
        await receive();
        exit("own");
      });
      await settled();
      send(pid, "go");
      Process.exit(pid, "signal");
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, "signal"]);
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-067: who watches its killer dies quietly, and nothing is sent to the dead", async () => {
    await run(async () => {
      const me = self();
      const killer = spawn(async () => {
        Process.exit((await receive()) as Pid, "kill");
        send(me, "killed");
        exit("end");
      });
      const victim = spawn(() => {
        Process.monitor(killer);
        return receive();
      });
      await settled();
      const end = ended(killer);
      send(killer, victim);
      expect(await receive((m) => m === "killed")).toBe("killed");
      expect(await end).toBe("end");
      expect(runtime.find(victim)).toBeUndefined();
    });
  });
});

describe("the end of a process", () => {
  test("PROC-028: frees its name before anyone hears of it", async () => {
    await run(async () => {
      const pid = spawn(() => receive());
      Process.register(pid, "name");
      const end = ended(pid);
      Process.exit(pid, "end");
      expect(Process.whereis("name")).toBeNull();
      await end;
      expect(Process.register(self(), "name")).toBe(true);
    });
  });

  test("Trap 1: the reason: normal for a return, the error for a throw, nocatch for a value, the bare reason for exit", async () => {
    await run(async () => {
      const error = new TypeError("bad");
      const reasonOf = (body: () => unknown): Promise<unknown> => ended(spawn(body));
      expect(await reasonOf(() => "value")).toBe("normal");
      expect(await reasonOf(() => exit("normal"))).toBe("normal");
      expect(await reasonOf(() => exit(["shutdown", 1]))).toEqual(["shutdown", 1]);
      const thrown = (await reasonOf(() => Promise.reject(error))) as Error;
      expect(thrown).toMatchObject({ name: "TypeError", message: "bad", stack: error.stack });
      const value = await reasonOf(() => {
        throw "value";
      });
      expect(value).toEqual(["nocatch", "value"]);
    });
  });

  test("Trap 6: nothing a process does after its end takes effect", async () => {
    await run(async () => {
      const me = self();
      const after: unknown[] = [];
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      const pid = spawn(async () => {
        await gate;
        const attempts = [
          () => send(me, "sent"),
          () => spawn(() => send(me, "spawned")),
          () => Process.register(me, "registered"),
          () => Process.sendAfter(me, "timer", 0),
          () => Process.monitor(me),
          () => Process.link(me),
          () => Process.exit(me, "kill"),
          () => receive(),
        ];
        for (const attempt of attempts) {
          try {
            await attempt();
            after.push("took effect");
          } catch (error) {
            after.push((error as { code?: unknown }).code);
          }
        }
      });
      await settled();
      Process.exit(pid, "kill");
      go();
      await settled();
      expect(after).toEqual(numbers(8).map(() => "dead"));
      expect(mailbox()).toEqual([]);
      expect(Process.registered()).toEqual([]);
      expect(runtime.processes.size).toBe(1);
    });
  });

  test("tells monitors before links, and a chain of ten thousand links does not overflow the stack", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const first = runtime.spawn(() => receive());
      let last = first;
      for (const _ of numbers(10_000)) {
        const next = runtime.spawn(() => receive());
        (last.links ??= new LinkedHashMap()).set(next.pid, { active: true, unlinkId: 0 });
        (next.links ??= new LinkedHashMap()).set(last.pid, { active: true, unlinkId: 0 });
        last = next;
      }
      const ref = Process.monitor(last.pid);
      Process.link(last.pid);
      terminate(first, "end");
      expect(mailbox()).toEqual([
        ["DOWN", ref, "process", last.pid, "end"],
        ["EXIT", last.pid, "end"],
      ]);
    });
  });

  test("aborts its signal and rejects what it waits for", async () => {
    await run(async () => {
      const me = self();
      const child = spawnLink(() => {
        const { promise, reject } = Promise.withResolvers();
        Process.signal().addEventListener("abort", () => reject(new Error("aborted")));
        send(me, "ready");
        return promise;
      });
      await receive();
      Process.unlink(child);
      const signal = runtime.find(child)?.signal;
      Process.exit(child, "end");
      expect(signal).toMatchObject({ aborted: true, reason: { code: "dead" } });
    });
  });
});
