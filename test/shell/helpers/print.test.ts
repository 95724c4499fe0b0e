import { describe, expect, test } from "vitest";
import { columns, print, table, width } from "../../../src/shell/helpers/print.ts";
import { openSession } from "./open-session.ts";

describe("print()", () => {
  test("prints lines, with what could steer the terminal as escapes, and gives ok", async () => {
    const { node, printed } = openSession();
    node.runtime.modules.define("Test", { say: () => print("a\u001b[2J", "b") });
    expect(await printed("Test.say()")).toBe("a\\x1b[2J\nb\n");
  });
});

describe("width()", () => {
  test("is 80 where the leader has none", async () => {
    const { node, leader } = openSession();
    expect(await node.run(() => width(), { leader })).toBe(80);
  });
});

describe("columns()", () => {
  test("fills lines, each word below another", () => {
    expect(columns(["a", "bbb", "c", "d"], 10)).toEqual(["a    bbb", "c    d"]);
  });

  test("has one word a line where no two fit, and no line for no word", () => {
    expect(columns(["aaaa", "bbbb"], 3)).toEqual(["aaaa", "bbbb"]);
    expect(columns([], 80)).toEqual([]);
  });
});

describe("table()", () => {
  test("lines up what is said", () => {
    expect(
      table([
        ["a", "one"],
        ["bcd", "two"],
      ]),
    ).toEqual(["a    one", "bcd  two"]);
  });
});
