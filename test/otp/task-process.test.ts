import { expect, test } from "vitest";
import { callersOf, initialCallOf, runTask } from "../../src/otp/task-process.ts";
import { mfaOf, ownerOf } from "../../src/otp/task-protocol.ts";
import { current } from "../../src/process/context.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";

test("a task's failure ends it with its reason, is logged once as a task's, and not as a crash", async () => {
  const logged: string[] = [];
  const crashed: unknown[] = [];
  const runtime = new Runtime({
    log: (entry) => void logged.push(entry.message),
    onCrash: (_, reason) => void crashed.push(reason),
  });
  function boom(): never {
    throw new TypeError("boom");
  }
  await expect(
    inProcess(runtime, () => runTask(ownerOf(current()), callersOf(current()), mfaOf(boom))),
  ).rejects.toThrow("boom");
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("** (TypeError) boom");
  expect(logged[0]).toMatch(/\nFunction: .*boom.*\n {4}Args: \[\]$/);
  expect(crashed).toEqual([]);
});

test("initialCallOf() names what a task runs", () => {
  expect(initialCallOf(["Job", "run", [1, 2]])).toBe("Job.run/2");
  expect(initialCallOf(mfaOf(() => 1))).toBe("(anonymous)");
});
