import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withEsbuild } from "../../src/code/esbuild.ts";

/** The programs that this one has started and that run. */
function children(): string[] {
  return readFileSync(`/proc/${String(process.pid)}/task/${String(process.pid)}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "");
}

const convert = (idleMs?: number): Promise<string> =>
  withEsbuild(async ({ transform }) => (await transform("let n: number = 1", { loader: "ts" })).code, idleMs);

describe("withEsbuild()", () => {
  test("gives what is made of it, and fails as that does", async () => {
    expect(await convert()).toBe("let n = 1;\n");
    await expect(withEsbuild(({ transform }) => transform("let n:", { loader: "ts" }))).rejects.toMatchObject({
      errors: [{ text: "Unexpected end of file" }],
    });
  });

  test.runIf(process.platform === "linux")("ends it when it is idle, and starts it anew", async () => {
    const held = Promise.withResolvers<undefined>();
    const long = withEsbuild(() => held.promise, 0);
    await convert(0);
    const running = children();
    expect(running).toHaveLength(1);
    held.resolve(undefined);
    await long;
    while (children().length > 0) await new Promise((resolve) => setTimeout(resolve));
    expect(await convert()).toBe("let n = 1;\n");
    expect(children()).not.toEqual(running);
  });
});
