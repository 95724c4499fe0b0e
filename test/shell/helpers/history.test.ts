import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("history()", () => {
  const entries = ["1 + 1", "[1,\n2]", "flush()"];

  test("lists what was typed, oldest first", async () => {
    expect(await openSession({ entries }).printed("history()")).toBe("1  1 + 1\n2  [1,\n   2]\n3  flush()\n");
  });

  test("lists the last few", async () => {
    expect(await openSession({ entries }).printed("history(1)")).toBe("3  flush()\n");
    expect(await openSession({ entries }).printed("history(0)")).toBe("");
  });

  test("refuses what is no count", async () => {
    await expect(openSession({ entries }).run('history("all")')).rejects.toMatchObject({ code: "badarg" });
  });
});
