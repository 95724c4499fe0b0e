import { expect, test } from "vitest";
import { DONE, labelOfReason } from "../../src/node/erpc-done.ts";
import { Refusal, refusalError } from "../../src/term/codec-refusal.ts";

/** What is said of a value at a path into a reason. */
function said(reason: unknown, path: readonly (number | string)[]): string {
  const refusal = new Refusal("not_sendable", "is a symbol");
  refusal.steps.push(...path.toReversed());
  return (refusalError(refusal, labelOfReason(reason)) as Error).message;
}

test("of what ends a remote call, its value is the result; of any other reason all is the reason", () => {
  const outcome = [DONE, ["ok", [1]]];
  expect(said(outcome, [1, 1])).toBe("result is a symbol");
  expect(said(outcome, [1, 1, 0, "deep"])).toBe("result[0].deep is a symbol");
  expect(said(outcome, [2, 1])).toBe("reason[2][1] is a symbol");
  expect(said(["shutdown", ["ok", 1]], [1, 1])).toBe("reason[1][1] is a symbol");
});
