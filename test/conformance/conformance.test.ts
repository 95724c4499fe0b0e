import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { conformanceList } from "../../scripts/conformance.ts";

test("the list of covered cases is as the tests are: node scripts/conformance.ts brings it up to date", () => {
  const list = readFileSync(new URL("README.md", import.meta.url), "utf8");
  expect(list === conformanceList()).toBe(true);
});
