import { describe, expect, test } from "vitest";
import { StringDevice } from "../../../src/io/string-device.ts";
import { openSession } from "./open-session.ts";

class Clipboard extends StringDevice {
  readonly copied: string[] = [];
  copy(text: string): string | undefined {
    this.copied.push(text);
    return text === "far" ? "over the wire" : undefined;
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
    await run("copy('x')");
    await run("copy('far')");
    expect(device.output).toContain("Copied 1 character\nCopied 3 characters; over the wire\n");
  });

  test("fails where there is no terminal", async () => {
    await expect(openSession().run("copy(1)")).rejects.toMatchObject({ code: "enotsup" });
  });
});
