import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { documentation } from "../../../src/shell/docs.ts";
import { openSession } from "./open-session.ts";

vi.mock("../../../src/shell/docs.ts", { spy: true });

beforeEach(() => {
  vi.mocked(documentation).mockReturnValue(
    new Map([
      ["Task", { signature: "Task", doc: "Work in a process of its own." }],
      ["Task.async", { signature: "Task.async<T>(fn: () => T): Task<T>", doc: "Runs a function." }],
      ["spawn", { signature: "spawn(fn: () => unknown): Pid", doc: "Starts a process." }],
    ]),
  );
});

describe("h()", () => {
  test("lists the helpers by what they are for, each with what it does", async () => {
    const text = await openSession().printed("h()");
    expect(text).toMatch(/^Session\n {2}flush\(\) +the messages of the shell's mailbox$/mu);
  });

  test.each(["h(Task.async)", 'h("Task.async")', 'h("Task.async/1")', 'h("Task.async()")'])(
    "IEX-027: %s shows signature and documentation",
    async (source) => {
      expect(await openSession().printed(source)).toBe("Task.async<T>(fn: () => T): Task<T>\n\nRuns a function.\n");
    },
  );

  test("IEX-027: shows a module with what it holds, and a function that stands alone", async () => {
    const { printed } = openSession();
    expect(await printed("h(Task)")).toBe("Task\n\nWork in a process of its own.\n\n  Task.async  Runs a function\n");
    expect(await printed("h(spawn)")).toContain("Starts a process.");
  });

  test.each(["h(flush)", 'h("flush")'])("shows a helper with %s", async (source) => {
    expect(await openSession().printed(source)).toMatch(/^flush\(\)\n\nPrints the messages/u);
  });

  test("IEX-027: says that there is none", async () => {
    const { printed } = openSession();
    expect(await printed('h("nope")')).toBe("No documentation for nope was found\n");
    expect(await printed("h(5)")).toBe("No documentation for 5 was found\n");
    expect(await printed("h(null)")).toBe("No documentation for null was found\n");
  });

  test("names what may have been meant, and what describes values", async () => {
    const { printed } = openSession();
    expect(await printed('h("Task.asinc")')).toBe(
      "No documentation for Task.asinc was found; did you mean Task.async?\n",
    );
    expect(await printed('h("flsuh")')).toBe("No documentation for flsuh was found; did you mean flush?\n");
    expect(await printed("h(self())")).toMatch(
      /^No documentation for #PID<.*> was found; i\(x\) describes a value\n$/u,
    );
  });

  test("knows v, and the language's own functions", async () => {
    const { printed } = openSession();
    expect(await printed("h(v)")).toMatch(/^v\(\)\nv\(n\)\nv\("error"\)\n\nGives the value/u);
    expect(await printed("h([].map)")).toMatch(/^map<U>\(callbackfn: /u);
    expect(await printed('h("Math.max")')).toMatch(/^Math\.max\(\.\.\.values: number\[\]\): number\n/u);
  });

  test("shows the methods of a class, one by its name, and of an instance its class", async () => {
    const { run, printed } = openSession();
    await run(
      "class Stack { items = []; /** Puts it on top. */ push(item: string): void {} static of(): Stack { return new Stack() } }",
    );
    const page = "Stack\n  Stack.of(): Stack\n  push(item: string): void\n";
    expect(await printed("h(Stack)")).toBe(page);
    expect(await printed("h(new Stack())")).toBe(page);
    expect(await printed('h("Stack.push")')).toBe("push(item: string): void\n\nPuts it on top.\n");
  });

  test("lists the options that a function takes", async () => {
    vi.mocked(documentation).mockReturnValue(
      new Map([["spawn", { signature: "spawn(o: O): Pid", doc: "Starts.", options: [["link", "boolean", "To it."]] }]]),
    );
    expect(await openSession().printed("h(spawn)")).toBe("spawn(o: O): Pid\n\nStarts.\n\n  link: boolean  To it.\n");
  });

  test("shows the comment in front of one's own function, and else how it is called", async () => {
    const { run, printed } = openSession();
    await run("/** Says a name. */ function say(name, times = 1) {}");
    await run("const Kate = { /** Who she is. */ sayName() {}, add: (a, b) => a + b }");
    expect(await printed("h(say)")).toBe("say(name, times = 1)\n\nSays a name.\n");
    expect(await printed("h(Kate.sayName)")).toBe("Kate.sayName()\n\nWho she is.\n");
    expect(await printed('h("Kate.add")')).toBe("Kate.add(a, b)\n");
    expect(await printed("h(Kate)")).toBe("Kate\n  Kate.sayName()\n  Kate.add(a, b)\n");
  });

  test("shows one's own function under a name of the library's", async () => {
    const { run, printed } = openSession();
    await run("const spawn = (what) => what");
    expect(await printed('h("spawn")')).toBe("spawn(what)\n");
  });

  test("runs no getter on the way to a name", async () => {
    const { run, printed } = openSession();
    await run("let asked = 0; const o = { get p() { asked++; return {} } }");
    expect(await printed('h("o.p.q")')).toBe("No documentation for o.p.q was found\n");
    expect(await run("asked")).toBe(0);
  });

  test("shows what the user's own comments say of a module and its functions, typed or loaded", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moebi-h-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, "anna.ts"),
      "/** Anna. */\nexport const Anna = {\n  /** Greets. */\n  greet(to: string): string { return to },\n};\n",
    );
    const { printed, run } = openSession();
    await run(`c(${JSON.stringify(join(folder, "anna.ts"))})`);
    expect(await printed("h(Anna)")).toBe("Anna\n  Anna.greet(to: string): string\n\nAnna.\n");
    expect(await printed("h(Anna.greet)")).toBe("Anna.greet(to: string): string\n\nGreets.\n");
    expect(await printed('h("Anna.greet")')).toBe("Anna.greet(to: string): string\n\nGreets.\n");
    await run("/** Kate. */\nconst Kate = {\n  /** Says it. */\n  sayName(n: number): string { return '' },\n}");
    expect(await printed("h(Kate)")).toBe("Kate\n  Kate.sayName(n: number): string\n\nKate.\n");
    expect(await printed('h("Kate.sayName")')).toBe("Kate.sayName(n: number): string\n\nSays it.\n");
  });
});
