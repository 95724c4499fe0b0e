import { beforeEach, describe, expect, test } from "vitest";
import { GenServer } from "../../src/otp/gen-server.ts";
import { ServerInstance, serverClass } from "../../src/otp/gen-server-instance.ts";
import { current } from "../../src/process/context.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { receive } from "../../src/process/receive.ts";
import * as library from "../../src/index.ts";
import { Session } from "../../src/shell/session.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});

/** A class named Counter, as each definition at a prompt makes one. */
function define(step: number): void {
  class Counter extends GenServer {
    count = 0;
    handleCall(): number {
      return (this.count += step);
    }
    handleInfo(message: unknown): void {
      send(message as never, `step ${step}`);
    }
  }
  runtime.modules.define("Counter", Counter);
}

describe("a server whose class is defined anew", () => {
  test("runs the new code from the next message on, on the state it has", async () => {
    define(1);
    await inProcess(runtime, async () => {
      const server = await GenServer.startLink("Counter");
      expect(await GenServer.call(server, "next")).toBe(1);
      define(10);
      expect(await GenServer.call(server, "next")).toBe(11);
      send(server, self());
      expect(await receive()).toBe("step 10");
    });
  });

  test("goes on as it is if the name then means something else, or its class is no module", async () => {
    define(1);
    await inProcess(runtime, async () => {
      const server = await GenServer.startLink("Counter");
      runtime.modules.define("Counter", { no: "class" });
      expect(await GenServer.call(server, "next")).toBe(1);

      class Local extends GenServer {
        handleCall(): string {
          return "local";
        }
      }
      const local = await GenServer.startLink(Local);
      runtime.modules.define("Local", class extends GenServer {});
      expect(await GenServer.call(local, "who")).toBe("local");
    });
  });
});

test("a class typed again at the prompt is the new code of the servers that run", async () => {
  const node = await library.startNode({ device: new StringDevice() });
  try {
    const session = new Session({ scope: node.scope, helpers: { ...library } });
    const type = (text: string): Promise<unknown> =>
      node.run(async () => (await (await session.prepare(`${text}\n`)).run()).value);
    await type("class Meter extends GenServer { n = 0; handleCall(request) { return this.n += 1 } }");
    await type('const meter = GenServer.start(Meter, null, { name: "Meter" })');
    expect(await type('GenServer.call(meter, "next")')).toBe(1);
    await type("class Meter extends GenServer { n = 0; handleCall(request) { return `${request} ${this.n += 100}` } }");
    expect(await type('GenServer.call("Meter", "next")')).toBe("next 101");
    expect(await type("Process.info(meter).initialCall")).toBe("Meter.init/1");
  } finally {
    await node.stop();
  }
});

describe("ServerInstance", () => {
  class Pair extends GenServer {
    a = 1;
    b: unknown = 2;
    readonly double = (): number => this.a * 2;
  }

  test("its state is its fields, which can be replaced as a whole", async () => {
    await inProcess(runtime, () => {
      const instance = new ServerInstance(current(), serverClass(runtime, Pair), undefined);
      expect(instance.getState()).toEqual({ a: 1, b: 2 });
      expect(instance.replaceState((state) => ({ a: (state as Pair).a + 1, c: 3 }))).toEqual({ a: 2, c: 3 });
      expect(() => instance.replaceState(() => 7)).toThrow("an object of its fields, not 7");
      expect(instance.getState()).toEqual({ a: 2, c: 3 });
    });
  });
});
