import { expect, onTestFinished, test } from "vitest";
import { LocalNode } from "../../src/node/local-node.ts";
import { expectModule, loadFunctions } from "../../src/shell/load-functions.ts";

test("functions are loaded into the module that was expected, and again in place of those before", async () => {
  const node = new LocalNode({ name: "a@localhost", log: () => undefined });
  onTestFinished(() => node.stop());
  const { modules } = node.runtime;
  modules.define("Kate", { old: () => 0 });
  await node.run(() => expectModule("Kate"));
  const expected = modules.get("Kate");
  await node.run(() => loadFunctions("Kate", { one: () => 1, two: () => 2 }));
  await node.run(() => loadFunctions("Kate", { two: () => 3 }));
  expect(modules.get("Kate")).toBe(expected);
  expect(Object.keys(expected ?? {})).toEqual(["two"]);
  expect((expected as { two(): number }).two()).toBe(3);
});
