import { expect, test } from "vitest";
import { jsonText } from "../../src/shell/json-text.ts";
import { atom } from "../../src/term/atom.ts";
import { MoebiError } from "../../src/term/error.ts";
import { pidOf } from "../../src/term/pid.ts";

const pid = pidOf("kate@localhost", 4, 0, 7);

test.each<[unknown, string]>([
  ["a b", '"a b"'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
  [undefined, "null"],
  [[undefined, NaN], "[null,null]"],
  [{ pid }, `{"pid":"${String(pid)}"}`],
  [atom("ok"), '"ok"'],
  [2n ** 64n, '"18446744073709551616"'],
  [new Map([["a", new Set([1, 2])]]), '{"a":[1,2]}'],
  [new Map([[1, "one"]]), '[[1,"one"]]'],
  [new Uint8Array([1, 255]), "[1,255]"],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new MoebiError("noproc", "gone"), '{"code":"noproc","name":"Error","message":"gone"}'],
  [[function add() {}], '["[Function: add]"]'],
  // Its own data, whatever it is called.
  [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
])("%o is %s", (value, text) => {
  expect(jsonText(value)).toBe(text);
});

test("a value that contains itself is refused, and the error says that the function has run", () => {
  const value: unknown[] = [];
  value.push(value);
  expect(() => jsonText(value)).toThrow(
    expect.objectContaining({ code: "not_json", message: expect.stringContaining("has run") as unknown }),
  );
});

test("a value whose JSON would be longer than asked for is an error, found before all of it is made", () => {
  let asked = 0;
  const many = Array.from({ length: 1000 }, () => ({ toJSON: () => ++asked }));
  expect(() => jsonText(many, 100)).toThrow(expect.objectContaining({ code: "too_large" }) as Error);
  expect(asked).toBeLessThan(100);
  expect(jsonText(many.slice(0, 3), 100)).toMatch(/^\[\d+,\d+,\d+\]$/u);
});
