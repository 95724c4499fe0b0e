import { expect, test } from "vitest";
import { runningHint } from "../../src/shell/leave-hint.ts";

test("says how many processes run and which key leaves all the same", () => {
  expect(runningHint(1, "Ctrl+D")).toBe("(1 process started here still runs; Ctrl+D again to leave)");
  expect(runningHint(12, "Ctrl+C")).toBe("(12 processes started here still run; Ctrl+C again to leave)");
});
