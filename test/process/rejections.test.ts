import { afterEach, describe, expect, test, vi } from "vitest";
import { DeadProcessError } from "../../src/process/exit.ts";
import { claimRejections } from "../../src/process/rejections.ts";

describe("claimRejections()", () => {
  const mine = (): NodeJS.UnhandledRejectionListener[] =>
    process.listeners("unhandledRejection").filter((listener) => !before.includes(listener));
  const before = process.listeners("unhandledRejection");
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("listens once, as long as anybody needs it; taking it back twice counts once", () => {
    const [one, two] = [claimRejections(), claimRejections()];
    expect(mine()).toHaveLength(1);
    one();
    one();
    expect(mine()).toHaveLength(1);
    two();
    expect(mine()).toEqual([]);
  });

  test("keeps quiet about the dead, and leaves all else to who listens besides", () => {
    const release = claimRejections();
    const scheduled = vi.fn();
    vi.stubGlobal("setImmediate", scheduled);
    const [listener] = mine();
    listener?.(new DeadProcessError(), Promise.resolve());
    expect(scheduled).not.toHaveBeenCalled();
    listener?.(new Error("own"), Promise.resolve());
    // The test runner listens too, so the program is not ended from here.
    expect(scheduled).toHaveBeenCalledTimes(before.length === 0 ? 1 : 0);
    release();
  });
});
