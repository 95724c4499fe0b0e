import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("i()", () => {
  test("IEX-026: prints term and type, and for a process what it is doing", async () => {
    const text = await openSession().printed('Process.register(self(), "Alex"); send(self(), 1); i(self())');
    const lines = text.split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "Term",
      expect.stringMatching(/^ {2}#PID<0\.\d+\.0>$/u),
      "Data type",
      "  Pid",
      "Alive",
      "  true",
    ]);
    expect(text).toContain("\nName\n  Alex\nLinks\n  none\nMonitors\n");
    expect(text).toContain("\nMessage queue length\n  1\n");
    expect(text).toMatch(/\nGroup leader\n {2}#PID<0/u);
  });

  test("indents a term of several lines", async () => {
    expect(await openSession().printed("i([`${'a'.repeat(60)}`, `${'b'.repeat(60)}`])")).toContain("Term\n  [\n  ");
  });

  test("takes the last value when nothing is given", async () => {
    const { run, printed } = openSession();
    await run("7");
    expect(await printed("i()")).toContain("Term\n  7\nData type\n  number\n");
  });
});
