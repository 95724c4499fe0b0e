import { describe, expect, test } from "vitest";
import { StringDevice } from "../../../src/io/string-device.ts";
import { openSession } from "./open-session.ts";

describe("settings()", () => {
  test("shows the menu where the leader has one", async () => {
    let shown = 0;
    const device = new (class extends StringDevice {
      settings(): Promise<void> {
        shown++;
        return Promise.resolve();
      }
    })();
    const { run } = openSession({ device });
    await run("settings()");
    expect([shown, device.output]).toEqual([1, ""]);
  });

  test("prints what each means and is now, and how to change them, where there is none", async () => {
    const { run, printed } = openSession();
    await run('configure({ depth: 3, keys: { "ctrl+o": "newline" } })');
    const text = await printed("settings()");
    expect(text).toMatch(/^ {2}depth: 3 +How many levels of nesting/mu);
    expect(text).toContain('keys: { "ctrl+o": "newline" }');
    expect(text).toContain("configure({ depth: 3 }) changes a setting for as long as the node runs");
  });
});
