import { describe, expect, test } from "vitest";
import { nearest } from "../../src/term/nearest.ts";

describe("nearest()", () => {
  test.each([
    ["pidd", "pid"],
    ["flsuh", "flush"],
    ["genserver", "GenServer"],
    ["GenSever", "GenServer"],
    ["runtimeinfo", "runtimeInfo"],
    ["Suprevisor", "Supervisor"],
  ])("of %s is %s", (wanted, name) => {
    expect(nearest(wanted, ["pid", "flush", "GenServer", "runtimeInfo", "Supervisor", "node"])).toBe(name);
  });

  test("is nothing where nothing is near: a short name with another letter is another name", () => {
    expect(nearest("nope", ["node", "none"])).toBeUndefined();
    expect(nearest("xy", ["xyz"])).toBeUndefined();
    expect(nearest("Hello", ["Help", "Kernel"])).toBeUndefined();
  });
});
