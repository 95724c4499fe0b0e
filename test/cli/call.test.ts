import { expect, test } from "vitest";
import { argumentOf, failureText, resultText } from "../../src/cli/call.ts";
import { MoebiError } from "../../src/term/error.ts";

test("an argument is JSON, or the text as it is", () => {
  expect(["1", '"1"', "[1, {}]", "null", "text", "{x}", "007", ""].map(argumentOf)).toEqual([
    1,
    "1",
    [1, {}],
    null,
    "text",
    "{x}",
    "007",
    "",
  ]);
});

test("a result is printed as at a prompt, a text as it is, and all as JSON for those who ask for it", () => {
  expect([resultText("a b", false), resultText(["a"], false), resultText(undefined, false)]).toEqual([
    "a b",
    '["a"]',
    "undefined",
  ]);
  expect([resultText("a b", true), resultText({ a: 1 }, true), resultText(undefined, true)]).toEqual([
    '"a b"',
    '{"a":1}',
    "null",
  ]);
});

test("an error of the other node is told once, with its own causes; one of this node as it is", () => {
  const there = new TypeError("bad", { cause: new RangeError("why") });
  const text = failureText(new MoebiError("exception", "bad", { cause: there }));
  expect(text.match(/\*\* \(\w+\) \w+/gu)).toEqual(["** (TypeError) bad", "** (RangeError) why"]);
  expect(failureText(new MoebiError("noconnection", "gone"))).toMatch(/^\*\* \(\w+\) gone/u);
});
