import { describe, expect, test } from "vitest";
import { asIoRequest, ioReply, type IoRequest } from "../../src/io/io-protocol.ts";
import { IO } from "../../src/io/io.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = new Runtime({ log: () => undefined });

/** A leader that keeps what it is asked, and answers. Anything else it gets is kept as it is. */
function leader(kept: unknown[]): Pid {
  const pid = spawn(async () => {
    for (;;) {
      const message = await receive();
      const asked = asIoRequest(message);
      kept.push(asked === undefined ? message : textOf(asked.request));
      if (asked !== undefined) send(asked.reply, ioReply(asked.reply, "ok"));
    }
  });
  Process.groupLeader(self(), pid);
  return pid;
}

const textOf = (request: IoRequest): unknown => request[2];

describe("print()", () => {
  test("what nobody awaits goes together to a leader that has not read it, in order", async () => {
    const kept: string[] = [];
    await inProcess(runtime, async () => {
      leader(kept);
      await IO.write("");
      kept.length = 0;
      for (let line = 0; line < 5000; line++) void IO.puts(line);
      await IO.puts("end");
    });
    expect(kept.join("")).toBe([...Array(5000).keys(), "end", ""].join("\n"));
    expect(kept.length).toBeLessThan(10);
    expect(Math.max(...kept.map(({ length }) => length))).toBeLessThanOrEqual(4096);
  });

  test("another message to the leader keeps its place", async () => {
    const kept: unknown[] = [];
    await inProcess(runtime, async () => {
      const pid = leader(kept);
      await IO.write("");
      kept.length = 0;
      void IO.write("a");
      void IO.write("b");
      void IO.write("c");
      send(pid, "between");
      void IO.write("d");
      await IO.write("e");
    });
    const at = kept.indexOf("between");
    expect([kept.slice(0, at).join(""), kept.slice(at + 1).join("")]).toEqual(["abc", "de"]);
  });

  test("two processes that print in turn stay in turn", async () => {
    const kept: string[] = [];
    await inProcess(runtime, async () => {
      const pid = leader(kept);
      const other = runtime.spawn(() => new Promise(() => undefined), { leader: pid });
      await IO.write("");
      kept.length = 0;
      const process = current();
      for (let n = 0; n < 3; n++) {
        void IO.write(`a${n} `);
        runtime.deliver(runtime.find(pid) ?? process, [
          "io_request",
          other.pid,
          runtime.makeRef(),
          ["put_chars", "unicode", `b${n} `],
        ]);
      }
      await IO.write("end");
    });
    expect(kept.join("")).toBe("a0 b0 a1 b1 a2 b2 end");
  });

  test("fails with terminated for each, if the leader ends before it has read", async () => {
    await inProcess(runtime, async () => {
      const pid = leader([]);
      await IO.write("");
      const printed = [IO.write("a"), IO.write("b"), IO.write("c")];
      Process.exit(pid, "kill");
      for (const each of printed) await expect(each).rejects.toMatchObject({ code: "terminated" });
    });
  });

  test("what was given up says nothing of what is printed after it", async () => {
    const kept: string[] = [];
    await inProcess(runtime, async () => {
      const process = current();
      const deaf = spawn(async () => {
        await receive((message) => message === "listen");
        for (;;) {
          const asked = asIoRequest(await receive());
          if (asked === undefined) continue;
          kept.push(String(textOf(asked.request)));
          send(asked.reply, ioReply(asked.reply, "ok"));
        }
      });
      Process.groupLeader(self(), deaf);
      const given = IO.write("a");
      process.interrupt(new Error("interrupted"));
      const after = IO.write("b");
      await expect(given).rejects.toThrow("interrupted");
      send(deaf, "listen");
      expect(await after).toBe("ok");
    });
    expect(kept).toEqual(["a", "b"]);
  });
});
