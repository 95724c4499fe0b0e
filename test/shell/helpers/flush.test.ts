import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("flush()", () => {
  test("IEX-009: prints the messages in order, gives ok, and a second time prints none", async () => {
    const { run, printed } = openSession();
    expect(await printed('send(self(), "one"); send(self(), ["two", 2]); flush()')).toBe('"one"\n["two", 2]\n');
    expect(await run('send(self(), "one"); flush()')).toBe("ok");
    expect(await printed('send(self(), "one"); await flush(); await flush()')).toBe('"one"\n');
  });

  test("shows what could steer the terminal as escapes", async () => {
    const { printed } = openSession();
    expect(await printed('send(self(), "\\u001b[2J"); flush()')).not.toContain("\u001b");
  });
});
