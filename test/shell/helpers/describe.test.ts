import { describe as suite, expect, test } from "vitest";
import { describe } from "../../../src/shell/helpers/describe.ts";
import { pidOf } from "../../../src/term/pid.ts";
import { openSession } from "./open-session.ts";

suite("describe()", () => {
  const about = (value: unknown) =>
    Object.fromEntries(describe(openSession().node.runtime, value)) as Record<string, string>;

  test.each<[value: unknown, type: string]>([
    [undefined, "undefined"],
    [null, "null"],
    [1, "number"],
    [1n, "bigint"],
    ["ok", "string"],
    [[1], "Array"],
    [new Map(), "Map"],
    [new Set(), "Set"],
    [new Date(0), "Date"],
    [new Uint8Array(2), "Uint8Array"],
    [Promise.resolve(), "Promise"],
    [new TypeError("no"), "TypeError"],
    [{ a: 1 }, "Object"],
    [Object.create(null), "Object"],
    [class A {}, "class"],
    [() => 1, "function"],
    [new Proxy({}, {}), "Proxy"],
  ])("IEX-026: tells the type of %o", (value, type) => {
    expect(about(value)["Data type"]).toBe(type);
  });

  test("IEX-026: says of a node's name whether it is connected", () => {
    expect(about("alex@localhost")["Connected"]).toBe("this node");
    expect(about("kate@localhost")["Connected"]).toMatch(/^no/u);
  });

  test("says of a process of another node where to ask, and of a dead one that it is", () => {
    expect(about(pidOf("kate@localhost", 7, 0, 9))).toMatchObject({
      Node: "kate@localhost",
      Description: expect.stringContaining("rpc.call") as unknown,
    });
    expect(about(pidOf("alex@localhost", 999, 0, 9))["Alive"]).toBe("false");
  });

  test("says what a module exports and how a function is called", () => {
    const { node } = openSession();
    const kate = {
      sayName(name: string, times = 1) {
        return name.repeat(times);
      },
    };
    node.runtime.modules.define("Kate", kate);
    expect(Object.fromEntries(describe(node.runtime, kate))).toMatchObject({
      "Data type": "module",
      Exports: "sayName/1",
    });
    expect(about(kate.sayName)["Signature"]).toBe("sayName(name, times = 1)");
  });

  test("says where something was written, what an instance can do, and how far a promise is", async () => {
    const { node, run } = openSession();
    const said = async (source: string) =>
      Object.fromEntries(describe(node.runtime, await run(source))) as Record<string, string>;
    expect((await said("(() => x => x)()"))["Source"]).toBe("moebi(1)");
    await run("class Stack { push(item) {} }\n0");
    expect(await said("Stack")).toMatchObject({ Methods: "push/1", Source: "moebi(2):1" });
    expect((await said("new Stack()"))["Methods"]).toBe("push/1");
    expect([about(new Promise(() => undefined))["State"], about(Promise.resolve(1))["State"]]).toEqual([
      "pending",
      "fulfilled",
    ]);
    const error = new AggregateError([1, 2], "many", { cause: "deep" });
    expect(about(error)).toMatchObject({ Cause: '"deep"', Errors: "2" });
  });

  test("runs no getter", () => {
    const value = {
      get secret(): never {
        throw new Error("it was run");
      },
    };
    expect(about(value)["Properties"]).toBe('"secret"');
  });
});
