import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ArgumentError, hasCode, MoebiError } from "../../src/term/error.ts";

test("an error carries its code, its cause and the name it is printed with", () => {
  const cause = new Error("below");
  const error = new MoebiError("noproc", "No such process", { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "Error", code: "noproc", message: "No such process", cause });
  expect(String(new ArgumentError("Give a pid"))).toBe("ArgumentError: Give a pid");
  expect(new ArgumentError("Give a pid").code).toBe("badarg");
});

test("hasCode() knows an error that has lost its class, and takes nothing else for one", () => {
  expect(hasCode(new ArgumentError("no"), "badarg")).toBe(true);
  expect(hasCode({ code: "badarg" }, "badarg")).toBe(true);
  expect(hasCode(runInNewContext('Object.assign(new Error("no"), { code: "badarg" })'), "badarg")).toBe(true);
  expect(hasCode(new ArgumentError("no"), "noproc")).toBe(false);
  for (const value of [undefined, null, "badarg", 5]) expect(hasCode(value, "badarg")).toBe(false);
});
