import { expect, test } from "vitest";
import { lastShown } from "../../../src/shell/helpers/last-shown.ts";
import { PRINTED } from "../../../src/shell/helpers/print.ts";
import { Results } from "../../../src/shell/results.ts";

test("gives the last value that was one, `undefined` too, and throws if there is none", () => {
  const results = new Results();
  expect(() => lastShown(results)).toThrow("out of bounds");
  results.push(PRINTED);
  expect(() => lastShown(results)).toThrow("out of bounds");
  results.push(7);
  results.push(PRINTED);
  results.push(PRINTED);
  expect(lastShown(results)).toBe(7);
  results.push(undefined);
  expect(lastShown(results)).toBeUndefined();
});
