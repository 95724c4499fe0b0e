import { describe, expect, test } from "vitest";
import { failure, open } from "../support/sessions.ts";

describe("results", () => {
  test("IEX-007: v gives the value by number, by negative number, or the last", async () => {
    const { value } = open();
    await value("'a'");
    await value("'b'");
    expect(await value("[v(), v(1), v(-2), v(2)]")).toEqual(["b", "a", "a", "b"]);
    for (const n of [99, 0, -99]) {
      expect((await failure(value(`v(${String(n)})`))).message).toBe(`v(${String(n)}) is out of bounds`);
    }
  });

  test("v gives the error thrown last, and says what it takes", async () => {
    const { value } = open();
    expect(await value('v("error")')).toBeUndefined();
    const error = await failure(value("nothing.at.all"));
    expect(await value('v("error")')).toBe(error);
    expect((await failure(value("v({})"))).message).toBe('v takes the number of an input, or "error"');
    expect((await failure(value("_"))).message).toBe("_ is not defined; did you mean v()?");
  });

  test("the counter rises only when an input succeeds", async () => {
    const { session, value } = open();
    expect(session.counter).toBe(1);
    await value("1");
    expect(session.counter).toBe(2);
    await failure(value("nothing"));
    await failure(session.prepare("foo bar"));
    await value("// nothing");
    expect(session.counter).toBe(2);
    await value("class A {}");
    expect(session.counter).toBe(3);
  });

  test("an input that begins with an operator goes on from the last value", async () => {
    const { value } = open();
    await value("'moebi'");
    expect(await value(".length")).toBe(5);
    expect(await value("=== 5")).toBe(true);
    expect(await value("&& 'yes'")).toBe("yes");
    expect(await value("?.toUpperCase()")).toBe("YES");
  });

  test("restart() counts from 1 and keeps the variables", async () => {
    const { session, value } = open();
    await value("const a = 1");
    session.restart();
    expect(session.counter).toBe(1);
    expect(await value("a")).toBe(1);
    session.clearVariables();
    expect(await value("typeof a")).toBe("undefined");
  });
});
