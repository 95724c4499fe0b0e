import { describe, expect, test } from "vitest";
import { current, processOrUndefined, runAs } from "../../src/process/context.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";

describe("the current process", () => {
  test("is carried through awaits and callbacks", async () => {
    const runtime = new Runtime();
    const process = runtime.spawn(() => receive());
    await runAs(process, async () => {
      expect(current()).toBe(process);
      await new Promise((resolve) => setImmediate(resolve));
      expect(current()).toBe(process);
    });
    expect(processOrUndefined()).toBeUndefined();
    runtime.stop();
  });

  test("is refused outside of one, and once it has exited", () => {
    expect(() => current()).toThrow(expect.objectContaining({ code: "noprocess" }));
    const runtime = new Runtime();
    const process = runtime.spawn(() => receive());
    runtime.stop();
    runAs(process, () => {
      expect(() => current()).toThrow(expect.objectContaining({ code: "dead" }));
      expect(processOrUndefined()).toBe(process);
    });
  });
});
