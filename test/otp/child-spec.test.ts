import { describe, expect, test } from "vitest";
import { fullSpec, specOf } from "../../src/otp/child-spec.ts";
import { ModuleTable } from "../../src/process/modules.ts";

const start = ["M", "f", []];

describe("fullSpec()", () => {
  test("fills in what is left open", () => {
    expect(fullSpec({ id: "a", start: ["M", "f"] })).toEqual({
      id: "a",
      start: ["M", "f", []],
      restart: "permanent",
      shutdown: 5000,
      type: "worker",
      significant: false,
      modules: ["M"],
    });
    expect(fullSpec({ id: "a", start, type: "supervisor" }).shutdown).toBe(Infinity);
    const fn = (): number => 1;
    expect(fullSpec({ id: "a", start: fn }).start).toEqual(["erlang", "apply", [fn, []]]);
  });

  test("takes what Erlang says", () => {
    expect(fullSpec({ id: "a", start, shutdown: "brutal_kill" }).shutdown).toBe("brutalKill");
    expect(fullSpec({ id: "a", start, shutdown: "infinity" }).shutdown).toBe(Infinity);
  });

  test.each([
    [5, "child is an object"],
    [{ start }, "child.id is missing"],
    [{ id: 1 }, "child.start is missing"],
    [{ id: 1, start: "M" }, "child.start is"],
    [{ id: 1, start: ["M", 5] }, "child.start is"],
    [{ id: 1, start, shutdown: -1 }, "child.shutdown is"],
    [{ id: 1, start, type: "boss" }, "child.type is"],
    [{ id: 1, start, significant: 1 }, "child.significant is"],
    [{ id: 1, start, significant: true }, "child.significant is for children that may end"],
  ])("tells what is wrong in %o", (spec, text) => {
    expect(() => fullSpec(spec)).toThrow(text);
  });
});

describe("specOf()", () => {
  const table = new ModuleTable();
  table.define("Asked", { childSpec: (arg: unknown) => ({ id: arg, start }) });
  table.define("Plain", { startLink: () => undefined });
  table.define("Empty", {});

  test("asks the module, by itself or by name; without childSpec its startLink will do", () => {
    expect(specOf(table, ["Asked", 5])).toEqual({ id: 5, start });
    expect(specOf(table, table.get("Asked"))).toEqual({ id: undefined, start });
    expect(specOf(table, ["Plain", 5])).toEqual({ id: "Plain", start: ["Plain", "startLink", [5]] });
    expect(specOf(table, { id: 1, start })).toEqual({ id: 1, start });
  });

  test.each([[5], [null], ["Nothing"], ["Empty"], [["Asked", 1, 2]], [[]]])("refuses %j, saying where", (child) => {
    expect(() => specOf(table, child, "children[3]")).toThrow(/^children\[3\] is /u);
  });
});
