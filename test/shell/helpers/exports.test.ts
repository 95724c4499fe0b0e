import { PRINTED } from "../../../src/shell/helpers/print.ts";
import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("exports()", () => {
  test("lists a module's functions with how many arguments they take, in alphabetical order", async () => {
    const { run, printed } = openSession();
    await run("const Kate = { sayName() {}, add(a, b) {}, age: 7 }");
    expect(await printed("exports(Kate)")).toBe("add/2      sayName/0\n");
    expect(await printed('exports("Kate")')).toBe("add/2      sayName/0\n");
    expect(await run("exports(Kate)")).toBe(PRINTED);
  });

  test("lists static functions of a class, and Kernel's when nothing is named", async () => {
    const { run, printed } = openSession();
    await run("class Alex { static greet(name) {} hidden() {} }");
    expect(await printed("exports(Alex)")).toBe("greet/1\n");
    expect(await printed("exports()")).toContain("spawn/");
  });

  test.each(['exports("Nobody")', "exports(5)"])("refuses %s", async (source) => {
    await expect(openSession().run(source)).rejects.toMatchObject({ code: "badarg" });
  });
});
