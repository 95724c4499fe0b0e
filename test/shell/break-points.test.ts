import { describe, expect, onTestFinished, test } from "vitest";
import { closureOf } from "../../src/code/closure.ts";
import { startGroup } from "../../src/io/group.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { hookCalls } from "../../src/node/trace/call-hooks.ts";
import { defmodule } from "../../src/process/kernel.ts";
import { exportedFunction } from "../../src/process/modules.ts";
import { Shell } from "../../src/shell/server.ts";
import { startNode } from "../../src/start-node.ts";
import { TypedDevice } from "../support/typed-device.ts";
import { openSession } from "./helpers/open-session.ts";

const KATE = `/** Kate. */
const Kate = {
  async sayName(greeting: string, { times } = { times: 1 }, ...rest: string[]) {
    return [greeting, times, rest, this === Kate];
  },
  sum: (a: number) => a + 1,
}`;

async function open() {
  const device = new TypedDevice();
  const node = await startNode({ device, log: () => undefined });
  const leader = node.runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  const shell = new Shell({ runtime: node.runtime, scope: node.scope, leader });
  void shell.start();
  onTestFinished(async () => {
    shell.stop();
    await node.stop();
  });
  return { device, node, type: (prompt: string, text: string | null) => device.type(prompt, text) };
}

describe("a break point", () => {
  test("IEX-038: stops the next call, whose arguments can be read and assigned, and no further one", async () => {
    const { device, type } = await open();
    await type("moebi(1)> ", KATE);
    await type("moebi(2)> ", "setBreak(Kate.sayName)");
    await type("moebi(3)> ", 'Kate.sayName("hi", undefined, "x")');
    await type("pry(1)> ", "[greeting, arg2, rest, this === Kate]");
    await type("pry(2)> ", "greeting = 'hello'; rest = ['y', 'z']");
    await type("pry(3)> ", "continue()");
    await type("moebi(4)> ", 'Kate.sayName("again")');
    await device.prompted("moebi(5)> ");
    expect(device.shown).toContain("Break reached: Kate.sayName/1 (moebi(1):3)\n\n=>   3: async sayName(");
    expect(device.shown).toContain('["hi", undefined, ["x"], true]\n');
    expect(device.shown).toContain('continue()\n["hello", 1, ["y", "z"], true]\n');
    expect(device.shown).toContain('["again", 1, [], true]\n');
  });

  test("stops a call that comes by module, function and arguments, in whichever process, once it is allowed", async () => {
    const { device, type } = await open();
    await type("moebi(1)> ", KATE);
    await type("moebi(2)> ", 'setBreak(Kate, "sum", 2)');
    await type("moebi(3)> ", 'const task = Task.async(Kate, "sum", [1])');
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", "a = 41");
    await type("pry(2)> ", null);
    await type("moebi(4)> ", "Task.await(task)");
    await type("moebi(5)> ", "breaks()");
    await device.prompted("moebi(6)> ");
    expect(device.shown).toContain("Task.await(task)\n42\n");
    expect(device.shown).toContain(
      " ID   Module.function/arity   Pending stops\n---- ----------------------- ---------------\n 1    Kate.sum/1              1\n",
    );
  });
});

test("a break point of a program's module stops its processes, which have no shell, at the prompt that set it", async () => {
  const { device, node, type } = await open();
  const Served = defmodule("BreakPointServed", { greet: (name: string) => `hi ${name}` });
  const leader = startGroup(node.runtime, new StringDevice()).pid;
  const greet = (): Promise<string> => node.run(() => Served.greet("ada"), { leader });
  const other = await startNode({ device: new StringDevice(), log: () => undefined });
  onTestFinished(() => other.stop());
  await type("moebi(1)> ", "setBreak(BreakPointServed.greet)");
  await device.prompted("moebi(2)> ");
  expect(await other.run(() => Served.greet("ada"))).toBe("hi ada");
  const greeted = greet();
  await type("Allow? [Yn] ", "y");
  await type("pry(1)> ", 'name = "bob"');
  await type("pry(2)> ", 'await IO.puts("seen " + name)');
  await type("pry(3)> ", "continue()");
  expect(await greeted).toBe("hi bob");
  expect(device.shown).toContain("\nseen bob\n");
  expect(await greet()).toBe("hi ada");
});

const COUNTER = `class Counter extends GenServer {
  count = 1;
  handleCall(request: "next", from: unknown) { return (this.count += 1) }
}`;

describe("a break point of a class", () => {
  test("stops a server in a callback, whose request and instance can be read and assigned", async () => {
    const { device, type } = await open();
    await type("moebi(1)> ", COUNTER);
    await type("moebi(2)> ", "const server = await GenServer.startLink(Counter)");
    await type("moebi(3)> ", 'setBreak(Counter, "handleCall")');
    await type("moebi(4)> ", 'GenServer.call(server, "next", Infinity)');
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", "[request, this.count]");
    await type("pry(2)> ", "this.count = 41");
    await type("pry(3)> ", "continue()");
    await type("moebi(5)> ", 'GenServer.call(server, "next")');
    await device.prompted("moebi(6)> ");
    expect(device.shown).toContain("Counter.handleCall/2 (moebi(1):3)\n\n=>   3: handleCall(request");
    expect(device.shown).toContain('["next", 1]\n');
    expect(device.shown).toMatch(/\n42\n[^]*\n43\n/u);
  });

  test.each(['Counter, "handleCall"', "Counter.prototype.handleCall", '"Counter.handleCall"'])(
    "is found by %s, and taken away again",
    async (named) => {
      const { run, printed } = openSession();
      await run(COUNTER);
      const before = await run("Counter.prototype.handleCall");
      await run(`setBreak(${named})`);
      expect(await run(`setBreak(${named}, 2)`)).toBe(1);
      expect(await printed("breaks()")).toMatch(/ 1 +Counter\.handleCall\/2 +2\n$/u);
      await run("removeBreaks(Counter)");
      expect(await run("Counter.prototype.handleCall")).toBe(before);
    },
  );
});

describe("setBreak(), breaks(), resetBreak(), removeBreaks()", () => {
  test("a break point that is set again has so many stops, and the number it had", async () => {
    const { run, printed } = openSession();
    await run(KATE);
    expect(await run("setBreak(Kate.sum)")).toBe(1);
    expect(await run("setBreak(Kate.sayName, 3)")).toBe(2);
    expect(await run('setBreak("Kate.sum", 5)')).toBe(1);
    expect(await printed("breaks()")).toMatch(/ 1 +Kate\.sum\/1 +5\n 2 +Kate\.sayName\/1 +3\n$/u);
    expect(await run("resetBreak(1)")).toBe("ok");
    expect(await run("Kate.sum(1)")).toBe(2);
    expect(await run("resetBreak(Kate.sayName)")).toBe("ok");
    expect(await run("resetBreak(7)")).toBe("not_found");
    expect(await printed("breaks()")).toMatch(/ 1 +Kate\.sum\/1 +0\n 2 +Kate\.sayName\/1 +0\n$/u);
  });

  test("all are removed, or those of a module, and the functions are what they were", async () => {
    const { run, printed } = openSession();
    await run(KATE);
    await run("const Alex = { f() { return 1 } }");
    const before = await run("[Kate.sum, Alex.f]");
    await run("setBreak(Kate.sum); setBreak(Alex.f)");
    expect(await run("removeBreaks(Alex)")).toBe("ok");
    expect(await printed("breaks()")).toMatch(/Kate\.sum\/1/u);
    await run("removeBreaks()");
    expect(await printed("breaks()")).toBe("No breakpoints set\n");
    expect(await run("[Kate.sum, Alex.f]")).toEqual(before);
  });

  test("a function that is traced as well keeps its break point, and loses it with the others", async () => {
    const { node, run, printed } = openSession();
    await run(KATE);
    await run("setBreak(Kate.sum)");
    const { unhook } = hookCalls(node.runtime.modules.get("Kate") ?? {}, () => undefined);
    expect(await printed("breaks()")).toMatch(/ 1 +Kate\.sum\/1 +1\n$/u);
    expect(await run("setBreak(Kate.sum, 2)")).toBe(1);
    await run("removeBreaks()");
    unhook();
    expect(await printed("breaks()")).toBe("No breakpoints set\n");
    expect(await run("Kate.sum(1)")).toBe(2);
  });

  test("defining the module anew ends them", async () => {
    const { run, printed } = openSession();
    await run(KATE);
    await run("setBreak(Kate.sum)");
    await run(KATE);
    expect(await printed("breaks()")).toBe("No breakpoints set\n");
  });

  test("the function is shown, described and sent as what it was", async () => {
    const { node, run, printed } = openSession();
    await run(KATE);
    const shown = await printed("source(Kate.sum); h(Kate.sum); exports(Kate)");
    await run("setBreak(Kate.sum)");
    expect(await printed("source(Kate.sum); h(Kate.sum); exports(Kate)")).toBe(shown);
    const sum = exportedFunction(node.runtime.modules.get("Kate") ?? {}, "sum");
    expect(closureOf(sum as () => unknown).source).toContain("(a) => a + 1");
  });

  test.each([
    ["setBreak(Kate.sum, 0)", /positive integer, not 0/u],
    ["setBreak(1)", /1 is no function of a module/u],
    [
      "setBreak(Kate.nosuch)",
      /undefined is no function of a module: give Kate\.sayName or, of a class, a method by its name/u,
    ],
    ['setBreak(Kate, "nosuch")', /There is no function Kate\.nosuch/u],
    ["setBreak(IO.puts)", /IO is not a module that was defined on this node/u],
    ["setBreak(Frozen.f)", /Frozen can't be changed/u],
    ["setBreak(Nested.Inner)", /Nested\.Inner is a class/u],
    ["removeBreaks(1)", /takes a module or its name, not 1/u],
  ])("%s is refused", async (source, message) => {
    const { run } = openSession();
    await run(KATE);
    await run("const Frozen = Object.freeze({ f() {} }); const Nested = { Inner: class {} }");
    await expect(run(source)).rejects.toMatchObject({
      code: "badarg",
      message: expect.stringMatching(message) as unknown,
    });
  });
});
