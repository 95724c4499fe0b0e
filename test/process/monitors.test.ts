import { beforeEach, describe, expect, test } from "vitest";
import { exit } from "../../src/process/exit.ts";
import { monitor } from "../../src/process/monitors.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnMonitor } from "../../src/process/spawn.ts";
import type { Ref } from "../../src/term/ref.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";
import { downOf, ended, mailbox } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ name: "here@localhost", log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

/** A monitor whose DOWN is in the mailbox already. */
async function fired(): Promise<Ref> {
  const [, ref] = spawnMonitor(() => exit("end"));
  await settled();
  expect(mailbox().map((message) => (message as unknown[])[1])).toEqual([ref]);
  return ref;
}

describe("a monitor", () => {
  test("gives one DOWN with its reference, what was watched, and the reason", async () => {
    await run(async () => {
      const [pid, ref] = spawnMonitor(() => exit(["shutdown", "tired"]));
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, ["shutdown", "tired"]]);
      const named = spawn(() => receive());
      Process.register(named, "named");
      const byName = Process.monitor("named");
      Process.exit(named, "end");
      expect(await receive()).toEqual(["DOWN", byName, "process", ["named", "here@localhost"], "end"]);
    });
  });

  test("PROC-017: demonitor leaves a DOWN that has come in the mailbox", async () => {
    await run(async () => {
      const ref = await fired();
      expect(Process.demonitor(ref)).toBe(true);
      expect(await downOf(ref)).toBe("end");
    });
  });

  test("PROC-018: with flush it is taken out", async () => {
    await run(async () => {
      send(self(), "before");
      const [, ref] = spawnMonitor(() => exit("end"));
      await settled();
      expect(Process.demonitor(ref, { flush: true })).toBe(true);
      expect(mailbox()).toEqual(["before"]);
    });
  });

  test("PROC-019: no DOWN comes after demonitor", async () => {
    await run(async () => {
      const [pid, ref] = spawnMonitor(() => receive());
      Process.demonitor(ref);
      const end = ended(pid);
      Process.exit(pid, "end");
      expect(await end).toBe("end");
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-037: two monitors of one target have two references and give two DOWNs", async () => {
    await run(async () => {
      const pid = spawn(() => receive());
      const refs = [Process.monitor(pid), Process.monitor(pid)];
      expect(refs[0]).not.toBe(refs[1]);
      Process.exit(pid, "end");
      const downs = [await receive(), await receive()] as unknown[][];
      expect(new Set(downs.map((down) => down[1]))).toEqual(new Set(refs));
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });

  test("PROC-054: a monitor that is also an alias: after demonitor messages to it are lost", async () => {
    await run(() => {
      const pid = spawn(() => receive());
      const ref = Process.monitor(pid, { alias: "demonitor" });
      send(ref, "early");
      Process.demonitor(ref);
      send(ref, "late");
      expect(mailbox()).toEqual(["early"]);
    });
  });

  test("PROC-058: demonitor of a reference already off or never known is true", async () => {
    await run(async () => {
      const [, ref] = spawnMonitor(() => receive());
      expect(Process.demonitor(ref)).toBe(true);
      expect(Process.demonitor(ref)).toBe(true);
      expect(Process.demonitor(runtime.makeRef(), { flush: true })).toBe(true);
      expect(Process.demonitor(await fired())).toBe(true);
      // @ts-expect-error -- not a reference
      expect(() => Process.demonitor("ref")).toThrow(expect.objectContaining({ code: "badarg" }));
    });
  });

  test("PROC-059: asked to report, demonitor says whether the monitor was still on", async () => {
    await run(async () => {
      const [, on] = spawnMonitor(() => receive());
      expect(Process.demonitor(on, { info: true })).toBe(true);
      expect(Process.demonitor(on, { info: true })).toBe(false);
      expect(Process.demonitor(await fired(), { info: true })).toBe(false);
      const [, other] = spawnMonitor(() => receive());
      expect(Process.demonitor(other, { info: true, flush: true })).toBe(true);
    });
  });

  test("PROC-063: demonitor of another's reference leaves its monitor on", async () => {
    await run(async () => {
      const me = self();
      const target = spawn(() => receive());
      spawn(async () => {
        const ref = Process.monitor(target);
        send(me, ref);
        send(me, await receive());
      });
      const ref = (await receive()) as Ref;
      expect(Process.demonitor(ref, { flush: true })).toBe(true);
      Process.exit(target, "end");
      expect(await receive()).toEqual(["DOWN", ref, "process", target, "end"]);
    });
  });

  test("Trap 11: of the absent: noproc on the own node, noconnection where there is no way; never thrown, never waited for", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      const gone = Process.monitor(dead);
      const unnamed = Process.monitor("nobody");
      const away = Process.monitor(["name", "absent@localhost"]);
      expect(mailbox()).toEqual([
        ["DOWN", gone, "process", dead, "noproc"],
        ["DOWN", unnamed, "process", ["nobody", "here@localhost"], "noproc"],
        ["DOWN", away, "process", ["name", "absent@localhost"], "noconnection"],
      ]);
    });
  });

  test("of oneself gives a reference and never fires", async () => {
    await run(() => {
      Process.register(self(), "me");
      const refs = [Process.monitor(self()), Process.monitor("me")];
      expect(refs.every((ref) => Process.demonitor(ref))).toBe(true);
      expect(Process.info(self())).toMatchObject({ monitors: [], messages: [] });
    });
  });

  test("of something that is no target is refused, and leaves no alias behind", async () => {
    await run(() => {
      // @ts-expect-error -- not a target
      expect(() => Process.monitor(7, { alias: "explicit" })).toThrow(expect.objectContaining({ code: "badarg" }));
      expect(runtime.aliases.size).toBe(0);
    });
  });
});

describe("monitor()", () => {
  test("hands the end to who asked for it instead of the mailbox", async () => {
    await run(async () => {
      const pid = spawn(() => exit("end"));
      const process = runtime.find(self());
      const reason = await new Promise((resolve) => monitor(process!, pid, {}, { onDown: resolve }));
      expect(reason).toBe("end");
      expect(mailbox()).toEqual([]);
    });
  });
});
