import { expect, test } from "vitest";
import { moduleNameOf, nameModule } from "../../src/term/module-name.ts";

test("a module is known by identity, object or class", () => {
  const Kate = { sayName: () => "Kate" };
  class Chat {}
  nameModule(Kate, "Kate");
  nameModule(Chat, "Chat");
  expect([moduleNameOf(Kate), moduleNameOf(Chat)]).toEqual(["Kate", "Chat"]);
  expect(moduleNameOf({ ...Kate })).toBeUndefined();
  expect(moduleNameOf(new Chat())).toBeUndefined();
});

test("the last name given counts", () => {
  const module = {};
  nameModule(module, "First");
  nameModule(module, "Second");
  expect(moduleNameOf(module)).toBe("Second");
});

test("no other value is a module", () => {
  for (const value of [undefined, null, 5, "Kate", Symbol("Kate"), () => undefined])
    expect(moduleNameOf(value)).toBeUndefined();
});
