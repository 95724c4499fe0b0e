import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fullPath } from "../../../src/shell/helpers/full-path.ts";

describe("fullPath()", () => {
  test("starts at the working directory, or at home", () => {
    expect(fullPath("src")).toBe(join(process.cwd(), "src"));
    expect(fullPath("~/src")).toBe(join(homedir(), "src"));
    expect(fullPath("~")).toBe(homedir());
    expect(fullPath("/tmp")).toBe("/tmp");
  });

  test.each([[""], [5], [undefined]])("refuses %j", (path) => {
    expect(() => fullPath(path)).toThrow(expect.objectContaining({ code: "badarg" }));
  });
});
