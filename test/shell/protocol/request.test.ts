import { describe, expect, test } from "vitest";
import { OPS, opsText } from "../../../src/shell/protocol/ops.ts";
import { readRequest } from "../../../src/shell/protocol/request.ts";

function problem(line: string): unknown {
  const read = readRequest(line);
  return "problem" in read ? read.problem : read;
}

describe("readRequest()", () => {
  test("gives a request with its fields", () => {
    expect(readRequest('{"id": 1, "op": "eval", "code": "1", "line": 3}')).toEqual({
      request: { id: 1, op: "eval", code: "1", line: 3 },
    });
    expect(readRequest('{"op": "sessions", "id": "a"}')).toEqual({ request: { id: "a", op: "sessions" } });
  });

  test.each(["", "foo", '{"id": 1', "\u0000"])("says that %j is no JSON", (line) => {
    expect(problem(line)).toMatchObject({ code: "not_json" });
    expect(problem(line)).not.toHaveProperty("id");
  });

  test.each(["1", "null", "[]", '"eval"'])("says that %s is no message, and shows one", (line) => {
    expect(problem(line)).toEqual({
      code: "not_a_message",
      message: expect.stringContaining('"op": "eval"') as string,
    });
  });

  test.each<[string, object]>([
    ["{}", { code: "missing_field" }],
    ['{"id": null, "op": "sessions"}', { code: "bad_field" }],
    ['{"id": 1.5, "op": "sessions"}', { code: "bad_field" }],
    ['{"id": 1}', { id: 1, code: "missing_field" }],
    ['{"id": 1, "op": 7}', { id: 1, code: "unknown_op" }],
    ['{"id": 1, "op": "toString"}', { id: 1, code: "unknown_op" }],
    ['{"id": 1, "op": "__proto__"}', { id: 1, code: "unknown_op" }],
    [
      '{"id": "x", "op": "eval"}',
      { id: "x", code: "missing_field", message: '"eval" needs the field "code": The statements' },
    ],
    [
      '{"id": 1, "op": "eval", "code": 1}',
      { id: 1, code: "bad_field", message: 'The field "code" of "eval" is a text, not 1' },
    ],
    ['{"id": 1, "op": "eval", "code": "", "line": -1}', { id: 1, code: "bad_field" }],
    [
      '{"id": 1, "op": "sessions", "x": 1}',
      { id: 1, code: "unknown_field", message: '"sessions" has no field "x"; its fields are none but id' },
    ],
  ])("says what is wrong with %s, with its id if there is one", (line, expected) => {
    expect(problem(line)).toMatchObject(expected);
  });

  test("an operation that is misspelt is told which may have been meant", () => {
    expect(problem('{"id": 1, "op": "intrrupt"}')).toMatchObject({
      message: expect.stringContaining('Did you mean "interrupt"?') as string,
    });
  });

  test("an answer is short however long what is wrong is", () => {
    const line = JSON.stringify({ id: 1, op: "eval", code: { text: "x".repeat(100_000) } });
    expect(JSON.stringify(problem(line)).length).toBeLessThan(300);
  });
});

test("the list of operations names each with its fields, and fits on a page", () => {
  const text = opsText();
  for (const name of Object.keys(OPS)) expect(text).toMatch(new RegExp(`^  ${name} \\{`, "mu"));
  expect(text).toContain("eval { code, session?, file?, line? }");
  expect(text.split("\n").length).toBeLessThan(60);
});
