import { describe, expect, test } from "vitest";
import { genCall, genStop } from "../../src/otp/gen-call.ts";
import { serve } from "../../src/otp/serve.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = (): Runtime => new Runtime({ log: () => undefined });

/** A server that tells `owner` what it does, and takes its time over calls. */
function start(owner: Pid, parent?: Pid): Pid {
  return spawn(() => {
    Process.flag("trapExit", true);
    return serve(current(), parent, {
      async handleCall(request) {
        send(owner, ["begin", request]);
        await Process.yield();
        send(owner, ["end", request]);
        if (request === "bad") throw new Error("bad");
        return request;
      },
      handleInfo: (message) => send(owner, ["info", message]),
      terminate: (reason) => send(owner, ["terminate", reason instanceof Error ? reason.message : reason]),
    });
  });
}

describe("serve()", () => {
  test("Trap 2: handles one message at a time, also while it awaits", async () => {
    await inProcess(runtime(), async () => {
      const server = start(self());
      const calls = [genCall(server, 1, 5000, ["M", "f", []]), genCall(server, 2, 5000, ["M", "f", []])];
      send(server, "hello");
      expect(await Promise.all(calls)).toEqual([1, 2]);
      for (const expected of [
        ["begin", 1],
        ["end", 1],
        ["begin", 2],
        ["end", 2],
        ["info", "hello"],
      ])
        expect(await receive()).toEqual(expected);
    });
  });

  test("ends by order, with its parent, and by its own error, each time terminating first", async () => {
    await inProcess(runtime(), async () => {
      expect(await genStop(start(self()), "enough", 5000, ["M", "stop", []])).toBe("ok");
      expect(await receive()).toEqual(["terminate", "enough"]);

      const child = start(self(), self());
      await Process.yield();
      Process.exit(child, "shutdown");
      expect(await receive()).toEqual(["terminate", "shutdown"]);

      await expect(genCall(start(self()), "bad", 5000, ["M", "f", []])).rejects.toMatchObject({
        reason: [{ message: "bad" }, ["M", "f", []]],
      });
      expect([await receive(), await receive(), await receive()][2]).toEqual(["terminate", "bad"]);
    });
  });
});
