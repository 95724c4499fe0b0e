import { beforeEach, describe, expect, test } from "vitest";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;
beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ clock, log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

class Echo extends GenServer {
  handleCall(request: unknown) {
    if (request === "die") return this.stop("shutdown");
    return request === "silence" ? this.noreply() : request;
  }
}

describe("GenServer.sendRequest()", () => {
  test("GENSERVER-046: a message is the reply, the server's end, or none of it", async () => {
    await run(async () => {
      const server = await GenServer.start(Echo);
      const a = GenServer.sendRequest(server, "a");
      const die = GenServer.sendRequest(server, "die");
      const reply = await receive();
      expect(GenServer.checkResponse(reply, a)).toEqual(["reply", "a"]);
      expect(GenServer.checkResponse(reply, die)).toBe("noReply");
      expect(GenServer.checkResponse("hello", a)).toBe("noReply");
      expect(GenServer.checkResponse(await receive(), die)).toEqual(["error", ["shutdown", server]]);
      const nobody = GenServer.sendRequest("Nobody", 1);
      expect(GenServer.checkResponse(await receive(), nobody)).toEqual(["error", ["noproc", "Nobody"]]);
      expect(Process.info(self())).toMatchObject({ monitors: [], messages: [] });
    });
  });

  test("GENSERVER-046: or a promise waits for it, however many are on their way", async () => {
    await run(async () => {
      const server = await GenServer.start(Echo);
      const requests = [1, 2, 3].map((n) => GenServer.sendRequest(server, n));
      send(self(), "other");
      expect(await Promise.all(requests.reverse().map((request) => GenServer.receiveResponse(request)))).toEqual([
        3, 2, 1,
      ]);
      const die = GenServer.sendRequest(server, "die");
      await expect(GenServer.receiveResponse(die)).rejects.toMatchObject({
        reason: ["shutdown", ["GenServer", "receiveResponse", [die, Infinity]]],
      });
      expect(Process.info(self())?.messages).toEqual(["other"]);
    });
  });

  test("a wait that is over gives the request up", async () => {
    await run(async () => {
      const silence = GenServer.sendRequest(await GenServer.start(Echo), "silence");
      void settled().then(() => clock.advance(10));
      await expect(GenServer.receiveResponse(silence, 10)).rejects.toMatchObject({ reason: ["timeout", {}] });
      expect(Process.info(self())).toMatchObject({ monitors: [], messages: [] });
    });
  });
});
