/** A server for tests of what any server does. */
import { GenServer } from "../../src/otp/gen-server.ts";
import type { From } from "../../src/process/call.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { self, send } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";

/** Does what it is told, and tells `owner` of its end. */
export class Server extends GenServer {
  value: unknown = 0;
  owner: Pid | undefined;
  waiting: From | undefined;

  init(owner?: Pid): void {
    this.owner = owner;
  }

  async handleCall(request: unknown, from: From): Promise<unknown> {
    const [what, arg] = Array.isArray(request) ? (request as readonly unknown[]) : [request];
    switch (what) {
      case "get":
        return this.value;
      case "slowly":
        this.value = arg;
        await Process.yield();
        return this.value;
      case "later":
        this.waiting = from;
        return this.noreply();
      case "stop":
        return this.stop(arg, "bye");
      case "die":
        return this.stop(arg);
      case "within":
        return this.reply("ok", { timeout: arg as number });
      case "self":
        return GenServer.call(this.owner ?? self(), "get");
      default:
        throw new TypeError("boom");
    }
  }

  handleCast(request: unknown): void {
    if (Array.isArray(request)) this.value = (request as unknown[])[1];
    else if (this.waiting !== undefined) GenServer.reply(this.waiting, request);
  }

  handleInfo(message: unknown): void {
    if (message === "exit") exit("by itself");
    if (this.owner !== undefined) send(this.owner, ["info", message]);
  }

  terminate(reason: unknown): void {
    if (this.owner !== undefined) send(this.owner, ["terminate", reason instanceof Error ? reason.message : reason]);
    if (reason === "worse") throw new RangeError("worse");
  }
}
