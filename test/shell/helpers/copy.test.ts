import { describe, expect, test } from "vitest";
import { StringDevice } from "../../../src/io/string-device.ts";
import { openSession } from "./open-session.ts";

class Clipboard extends StringDevice {
  readonly copied: string[] = [];
  copy(text: string): void {
    this.copied.push(text);
  }
}

describe("copy()", () => {
  test("takes text as it is, and anything else as it is printed", async () => {
    const device = new Clipboard();
    const { run } = openSession({ device });
    await run("({ a: 1 })");
    await run("copy()");
    await run("copy('a\\nb')");
    expect(device.copied).toEqual(["{ a: 1 }", "a\nb"]);
    expect(device.output).toContain("Copied 8 characters");
  });

  test("fails where there is no terminal", async () => {
    await expect(openSession().run("copy(1)")).rejects.toMatchObject({ code: "enotsup" });
  });
});
