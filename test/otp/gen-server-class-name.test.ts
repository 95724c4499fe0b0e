import { beforeEach, expect, test } from "vitest";
import { GenServer } from "../../src/otp/gen-server.ts";
import { sys } from "../../src/otp/sys.ts";
import { Process } from "../../src/process/process-module.ts";
import { formatExit } from "../../src/process/format-exit.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { hasCode } from "../../src/term/error.ts";
import { inProcess } from "../support/in-process.ts";

class Counter extends GenServer {
  count = 0;
  init(from: number): void {
    this.count = from;
  }
  handleCall(_request: "next"): number {
    return ++this.count;
  }
  handleCast(by: number): void {
    this.count += by;
  }
}

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const reasonOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  return (error as { readonly reason: unknown }).reason;
};

test("a class names its server wherever a server is addressed", async () => {
  await run(async () => {
    const pid = await GenServer.startLink(Counter, 41, { name: Counter });
    expect(Process.whereis("Counter")).toBe(pid);
    expect(GenServer.whereis(Counter)).toBe(pid);
    expect(GenServer.whereis([Counter, runtime.name])).toBe(pid);
    expect(await GenServer.call(Counter, "next")).toBe(42);
    expect(await GenServer.call([Counter, runtime.name], "next")).toBe(43);
    expect(GenServer.cast(Counter, 1)).toBe("ok");
    expect(GenServer.cast([Counter, runtime.name], 1)).toBe("ok");
    expect(await sys.getState(Counter)).toEqual({ count: 45 });
    expect(await GenServer.receiveResponse(GenServer.sendRequest(Counter, "next"))).toBe(46);
    expect(await GenServer.multiCall(Counter, "next")).toEqual([[[runtime.name, 47]], []]);
    expect(GenServer.abcast(Counter, 1)).toBe("abcast");
    expect(await GenServer.call("Counter", "next")).toBe(49);
    expect(await GenServer.stop(Counter)).toBe("ok");
    expect(GenServer.whereis(Counter)).toBeNull();
  });
});

test("the name is taken once, by a class or by text", async () => {
  await run(async () => {
    await GenServer.start(Counter, 1, { name: "Counter" });
    const error: unknown = await GenServer.start(Counter, 1, { name: Counter }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, "already_started")).toBe(true);
  });
});

test("a class defined anew addresses the server of the one before, and so does that", async () => {
  const earlier = class Till extends GenServer {
    handleCall(_request: "version"): number {
      return 1;
    }
  };
  const later = class Till extends GenServer {
    handleCall(_request: "version"): number {
      return 2;
    }
  };
  runtime.modules.define("Till", earlier);
  await run(async () => {
    await GenServer.startLink(earlier, undefined, { name: earlier });
    expect(await GenServer.call(earlier, "version")).toBe(1);
    runtime.modules.define("Till", later);
    expect(await GenServer.call(later, "version")).toBe(2);
    expect(await GenServer.call(earlier, "version")).toBe(2);
  });
});

test("an exit names the class: a module as itself, another by its name, so that both can travel", async () => {
  class Loose extends GenServer {}
  runtime.modules.define("Counter", Counter);
  await run(async () => {
    const reason = await reasonOf(GenServer.call(Counter, "next"));
    expect(reason).toEqual(["noproc", ["GenServer", "call", [Counter, "next", 5000]]]);
    expect(formatExit(reason)).toContain('exited in: GenServer.call(Counter, "next", 5000)');
    expect(await reasonOf(GenServer.call(Loose, "x"))).toEqual(["noproc", ["GenServer", "call", ["Loose", "x", 5000]]]);
    expect(await reasonOf(GenServer.stop([Loose, runtime.name]))).toEqual([
      "noproc",
      ["GenServer", "stop", [["Loose", runtime.name], "normal", Infinity]],
    ]);
  });
});

test("a class without a name is refused at once", async () => {
  const nameless = (() => class extends GenServer {})();
  await run(async () => {
    await expect(GenServer.start(nameless, undefined, { name: nameless })).rejects.toThrow("This class has no name");
    await expect(GenServer.call(nameless, "x")).rejects.toThrow("This class has no name");
    expect(() => GenServer.cast(nameless, "x")).toThrow("This class has no name");
  });
});
