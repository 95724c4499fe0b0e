import { describe, expect, test } from "vitest";
import { StringDevice } from "../../src/io/string-device.ts";

describe("StringDevice", () => {
  test("serves its lines, the last without a newline, then null", async () => {
    const device = new StringDevice("a\n\nb");
    expect([
      await device.readLine(),
      await device.readLine(),
      await device.readLine(),
      await device.readLine(),
    ]).toEqual(["a\n", "\n", "b", null]);
  });

  test("gives a statement without its newline", async () => {
    const device = new StringDevice("1 + 1\n");
    expect([await device.readStatement(), await device.readStatement()]).toEqual(["1 + 1", null]);
  });

  test("collects output, has no size, and refuses reads once closed", async () => {
    const device = new StringDevice("x");
    await device.write("a");
    await device.write("b");
    device.clear();
    expect([device.output, device.columns, device.rows]).toEqual(["ab", undefined, undefined]);
    await device.close();
    await expect(device.readLine()).rejects.toMatchObject({ code: "terminated" });
  });
});
