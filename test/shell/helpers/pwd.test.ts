import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("pwd()", () => {
  test("IEX-035: prints the working directory", async () => {
    expect(await openSession().printed("pwd()")).toBe(`${process.cwd()}\n`);
  });
});
