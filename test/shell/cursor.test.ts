import { describe, expect, test } from "vitest";
import { callAt, cursorIn } from "../../src/shell/cursor.ts";

describe("cursorIn()", () => {
  test.each([
    ['send("Ka', "Ka"],
    ["'it\\'s", "it\\'s"],
    ["`a ${f('x')} b", "a ${f('x')} b".slice(-2)],
    ['f("a") + "b', "b"],
    ['/"/.test("x', "x"],
  ])("finds the open string of %j", (before, text) => {
    expect(cursorIn(before).quoted?.text).toBe(text);
  });

  test.each(['"a"', "a / b", '"unclosed\nnext', '/[/"]/', "`${a}`"])("there is none in %j", (before) => {
    expect(cursorIn(before).quoted).toBeUndefined();
  });

  test("knows a comment", () => {
    expect(cursorIn("a // Ka").comment).toBe(true);
    expect(cursorIn("a /* Ka").comment).toBe(true);
    expect(cursorIn("a /* Ka */ b").comment).toBe(false);
  });

  test("lists the brackets that are open, and blanks out what is quoted", () => {
    const cursor = cursorIn('f([1], { a: "(", b: g(');
    expect(cursor.open.map(({ bracket }) => bracket)).toEqual(["(", "{", "("]);
    expect(cursor.masked).toBe("f([1], { a:    , b: g(");
  });
});

describe("callAt()", () => {
  test("tells what is called, and at which argument the cursor is", () => {
    const cursor = cursorIn('Node.spawn("a@b", [1, 2], ');
    const [bracket] = cursor.open;
    expect(bracket && callAt(cursor, bracket)).toMatchObject({ callee: "Node.spawn", argument: 2 });
  });

  test("a condition is no call", () => {
    const cursor = cursorIn("if (");
    const [bracket] = cursor.open;
    expect(bracket && callAt(cursor, bracket)).toBeUndefined();
  });
});
