import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { describe, expect, onTestFinished, test } from "vitest";
import { cleanStack, formatThrown, type StackFrame } from "../../src/process/format-exit.ts";
import { cropped } from "../../src/shell/excerpt.ts";
import { open, failure } from "../support/sessions.ts";

const frame = (over: Partial<StackFrame>): StackFrame => ({
  ...{ text: "", fun: undefined, file: undefined, line: undefined, column: undefined, node: undefined },
  ...over,
});

describe("Statements", () => {
  test("show the line and the place as typed, whatever was made of them", async () => {
    const { session, run } = open();
    await run("const f = (a) => {\n  const b = a.x\n  return b.y.z\n}");
    const error = await failure(run("f({})"));
    const [first] = cleanStack(error);
    expect(first && session.statements.excerpt(first)).toEqual({ line: 3, text: "  return b.y.z", column: 12 });
  });

  test("find the place in what had types", async () => {
    const { session, run } = open();
    await run("const h = (x: { a: any }): string => x.a.b.c");
    const error = await failure(run("h({} as any)"));
    const [first] = cleanStack(error);
    const excerpt = first && session.statements.excerpt(first);
    expect(excerpt?.text).toBe("const h = (x: { a: any }): string => x.a.b.c");
    expect(excerpt?.text.slice((excerpt.column ?? 1) - 1)).toBe("b.c");
  });

  test("of one file are told apart by their lines", async () => {
    const { session } = open();
    const run = async (source: string, line: number) => (await session.prepare(source, "a.ts", line)).run();
    await run("function f(a: any) {\n  return a.b.c\n}", 3);
    await run("let n: number =\n  1", 7);
    const [first, second] = cleanStack(await failure(run("n +\n  f({})", 12)));
    expect(first?.text).toMatch(/^at f \(a\.ts:4:/);
    expect(first && session.statements.excerpt(first)).toEqual({ line: 4, text: "  return a.b.c", column: 14 });
    expect(second && session.statements.place(second)).toEqual({ line: 13, column: 4 });
    await expect(session.prepare("foo bar", "a.ts", 20)).rejects.toThrow(/^a\.ts:20:5: .*\n.*\n {2}20 \| foo bar\n/);
  });

  test("say nothing of a single line, which stands right above, nor of another node's", async () => {
    const { session, run } = open();
    await failure(run("null.x"));
    expect(session.statements.excerpt(frame({ file: "moebi(1)", line: 1, column: 5 }))).toBeUndefined();
    expect(session.statements.excerpt(frame({ file: "moebi(9)", line: 1 }))).toBeUndefined();
    expect(session.statements.excerpt(frame({ node: "kate@localhost" }))).toBeUndefined();
  });

  test("read the line of a file, if it is there and somebody's own", () => {
    const folder = mkdtempSync(join(tmpdir(), "moebi-excerpt-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "a.ts");
    writeFileSync(file, "one\ntwo\n");
    const { session } = open();
    expect(session.statements.excerpt(frame({ file, line: 2, column: 1 }))).toEqual({
      line: 2,
      text: "two",
      column: 1,
    });
    expect(session.statements.excerpt(frame({ file: join(folder, "gone.ts"), line: 1 }))).toBeUndefined();
    expect(session.statements.excerpt(frame({ file: "/a/node_modules/b.js", line: 1 }))).toBeUndefined();
  });
});

describe("place()", () => {
  test("gives the columns as typed, of a function as of a file", async () => {
    const { session, run } = open();
    await run("const f = (a) => { const b = a.x; return b.y.z }");
    const error = await failure(run("f({})"));
    expect(cleanStack(error).map((one) => session.statements.place(one))[0]).toEqual({ line: 1, column: 44 });
    const prepared = await session.prepare("const a = 1;\nconst m = nope.name;", "/home/me/init.ts");
    const [first] = cleanStack(await failure(prepared.run()));
    expect(first?.file).toBe("/home/me/init.ts");
    expect(first && session.statements.place(first)).toEqual({ line: 2, column: 11 });
  });

  test("is what logs and nested errors show, unless two sessions call different statements the same", async () => {
    const { run } = open();
    await run(`const a = 1${"\n".repeat(40)}const g = (a) => { const b = a.x; return b.y.z }`);
    const error = await failure(run("g({})"));
    expect(formatThrown(error)).toContain("at g (moebi(1):41:44)");
    await open().run(`const a = 1${"\n".repeat(40)}const h = (a: any): any => { const b = a.x; b.y.y; return b.y.z }`);
    expect(formatThrown(error)).toContain("at g (moebi(1):41)");
  });

  test("gives no column where types that were taken off leave it open, and nothing of what was not typed", async () => {
    const { session, run } = open();
    await run("const f = (a: any): string => a.a.a.a");
    const [first] = cleanStack(await failure(run("f({})")));
    expect(first && session.statements.place(first)).toEqual({ line: 1, column: undefined });
    expect(session.statements.place(frame({ file: "/a/b.ts", line: 1, column: 5 }))).toBeUndefined();
  });
});

describe("cropped()", () => {
  const line = (text: string, column?: number) => ({ line: 1, text, column });

  test("leaves a line that fits, and counts its column in cells", () => {
    expect(cropped(line("a = b.c", 5), 20)).toEqual(line("a = b.c", 5));
    expect(cropped(line("\tf(x)", 2), 20)).toEqual(line(" f(x)", 2));
    expect(cropped(line('s = "日本" + b', 12), 20)).toEqual(line('s = "日本" + b', 14));
    expect(cropped(line('s = "👨‍👩‍👧".x', 15), 20).column).toBe(9);
  });

  test.each([1, 10, 19, 20, 30, 50, 60])("keeps column %i of 60 on 20 cells", (column) => {
    const text = Array.from({ length: 60 }, (_, at) => String.fromCodePoint(0x100 + at)).join("");
    const { text: shown, column: marked } = cropped(line(text, column), 20);
    expect(stringWidth(shown)).toBeLessThanOrEqual(20);
    expect(shown[(marked ?? 0) - 1]).toBe(text[column - 1]);
    expect(shown.startsWith("…")).toBe(!shown.startsWith(text.slice(0, 1)));
  });

  test("cuts no wide character in two", () => {
    const text = "日本".repeat(20);
    const { text: shown, column } = cropped(line(text, 31), 21);
    expect(stringWidth(shown)).toBeLessThanOrEqual(21);
    expect(shown.replaceAll("…", "")).toMatch(/^[日本]+$/u);
    expect(column).toBeLessThanOrEqual(21);
  });

  test("without a column shows the beginning", () => {
    expect(cropped(line("a".repeat(50)), 10)).toEqual(line(`${"a".repeat(9)}…`));
  });
});

describe("a name that does not exist", () => {
  test.each([
    ["flsuh()", "flsuh is not defined; did you mean flush?"],
    [
      "Kate.sayNam()",
      "Kate.sayNam is not a function; did you mean Kate.sayName?\n  there is no function Kate.sayNam/0 in module Kate",
    ],
    ['require("fs")', 'require is not defined; did you mean import fs from "node:fs"?'],
    ["[1, 2].mpa(String)", "[1,2].mpa is not a function; did you mean [1,2].map?"],
    ['"abc".tirm()', '"abc".tirm is not a function; did you mean "abc".trim?'],
    ["make().fecth(1)", "make(...).fecth is not a function; did you mean make(...).fetch?"],
    ["make().name.tirm()", "make(...).name.tirm is not a function"],
    ["Hello.world()", "Hello is not defined\n  module Hello is not loaded on bar@localhost"],
    ["nope", "nope is not defined"],
  ])("%s: %s", async (source, message) => {
    const { run } = open({ flush: () => "ok", node: () => "a@b" });
    await run("const Kate = { sayName() {} }");
    await run("const make = () => ({ name: 'x', fetch() {} })");
    expect((await failure(run(source))).message).toBe(message);
  });
});
