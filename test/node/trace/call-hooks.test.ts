import { describe, expect, test } from "vitest";
import { closureOf } from "../../../src/code/closure.ts";
import { hookCalls } from "../../../src/node/trace/call-hooks.ts";

function recorder() {
  const told: unknown[] = [];
  return {
    told,
    listener: (fun: string, args: readonly unknown[]) => {
      told.push(["call", fun, ...args]);
      return (how: string, value: unknown): void => void told.push([how, fun, value]);
    },
  };
}

describe("hookCalls()", () => {
  test("tells of calls with arguments, results and errors, of promises when they settle", async () => {
    const module = {
      base: 2,
      double(n: number) {
        return n * this.base;
      },
      async later(n: number) {
        await Promise.resolve();
        if (n < 0) throw new RangeError("negative");
        return n;
      },
      fails(): never {
        throw new TypeError("no");
      },
    };
    const { told, listener } = recorder();
    const hooked = hookCalls(module, listener);
    expect(hooked.count).toBe(3);
    expect(module.double(21)).toBe(42);
    expect(() => module.fails()).toThrow("no");
    const later = module.later(1);
    expect(told.at(-1)).toEqual(["call", "later", 1]);
    expect(await later).toBe(1);
    await expect(module.later(-1)).rejects.toThrow("negative");
    expect(told).toEqual([
      ["call", "double", 21],
      ["returned", "double", 42],
      ["call", "fails"],
      ["exception", "fails", new TypeError("no")],
      ["call", "later", 1],
      ["returned", "later", 1],
      ["call", "later", -1],
      ["exception", "later", new RangeError("negative")],
    ]);
  });

  test("hooks static functions and methods of a class, but not the classes in it", () => {
    class Counter {
      static Inner = class {};
      static start(): Counter {
        return new Counter();
      }
      handleCall(): number {
        return 1;
      }
    }
    const { told, listener } = recorder();
    expect(hookCalls(Counter, listener).count).toBe(2);
    Counter.start().handleCall();
    expect(new Counter.Inner()).toBeInstanceOf(Counter.Inner);
    expect(told.filter((one) => (one as string[])[0] === "call")).toEqual([
      ["call", "start"],
      ["call", "handleCall"],
    ]);
  });

  test("puts back exactly what was there when the last listener goes, in whichever order they go", () => {
    const say = (text: string, _times: number): string => text;
    const module = Object.defineProperty({} as { say: typeof say }, "say", { value: say, configurable: true });
    const before = Object.getOwnPropertyDescriptor(module, "say");
    const [first, second] = [recorder(), recorder()];
    const one = hookCalls(module, first.listener);
    const two = hookCalls(module, second.listener);
    expect([module.say.name, module.say.length]).toEqual(["say", 2]);
    one.unhook();
    module.say("a", 1);
    expect([first.told.length, second.told.length]).toEqual([0, 2]);
    two.unhook();
    expect(Object.getOwnPropertyDescriptor(module, "say")).toEqual(before);
  });

  test("leaves a function that was put there meanwhile", () => {
    const module = { say: () => "old" };
    const hooked = hookCalls(module, recorder().listener);
    module.say = () => "new";
    hooked.unhook();
    expect(module.say()).toBe("new");
  });

  test("hooks one function if one is named, and none of a frozen module", () => {
    const module = { a: () => 1, b: () => 2 };
    const { told, listener } = recorder();
    expect(hookCalls(module, listener, "b").count).toBe(1);
    module.a();
    module.b();
    expect(told).toHaveLength(2);
    expect(hookCalls(Object.freeze({ a: () => 1 }), listener).count).toBe(0);
  });

  test("a hooked function travels as the one that it stands for", () => {
    const module = { say: (text: string) => `${text}!` };
    const { source } = closureOf(module.say) as { source?: string };
    hookCalls(module, recorder().listener);
    expect(closureOf(module.say)).toMatchObject({ ...(source !== undefined && { source }) });
    expect(JSON.stringify(closureOf(module.say))).toContain("!");
    expect(JSON.stringify(closureOf(module.say))).not.toContain("listener");
  });
});
