import { describe, expect, test } from "vitest";
import { StringDevice } from "../../../src/io/string-device.ts";
import { openSession } from "./open-session.ts";

class Pages extends StringDevice {
  readonly paged: string[] = [];
  page(text: string): Promise<void> {
    this.paged.push(text);
    return Promise.resolve();
  }
}

describe("more()", () => {
  test("shows all of the last value on pages, with nothing left out", async () => {
    const device = new Pages();
    const { run } = openSession({ device });
    await run("Array.from({ length: 500 }, (_, index) => index)");
    await run("more()");
    expect(device.paged[0]).toContain(" 499\n");
    expect(device.paged[0]).not.toContain("more");
    await run("more('text')");
    expect(device.paged[1]).toBe('"text"');
  });

  test("prints where there are no pages", async () => {
    expect(await openSession().printed("more({ a: 1 })")).toBe("{ a: 1 }\n");
  });

  test("shows the last value that was one, whatever helpers have printed since", async () => {
    const device = new Pages();
    const { run } = openSession({ device });
    await run("[1, 2]");
    await run("runtimeInfo()");
    await run("more()");
    await run("more()");
    expect(device.paged).toEqual(["[1, 2]", "[1, 2]"]);
  });

  test("throws if there is no last value", async () => {
    await expect(openSession().run("more()")).rejects.toThrow("out of bounds");
  });
});
