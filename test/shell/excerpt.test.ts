import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { cleanStack, type StackFrame } from "../../src/process/format-exit.ts";
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

describe("a name that does not exist", () => {
  test.each([
    ["flsuh()", "flsuh is not defined; did you mean flush?\n  there is no function flsuh/0"],
    ["Kate.sayNam()", "Kate.sayNam is not a function; did you mean Kate.sayName?"],
    ["Hello.world()", "Hello is not defined\n  module Hello is not loaded on bar@localhost"],
    ["nope", "nope is not defined"],
  ])("%s: %s", async (source, message) => {
    const { run } = open({ flush: () => "ok", node: () => "a@b" });
    await run("const Kate = { sayName() {} }");
    expect((await failure(run(source))).message.startsWith(message)).toBe(true);
  });
});
