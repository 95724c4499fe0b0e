import { expect, test } from "vitest";
import { LEVELS } from "../../src/process/log.ts";

test("LOGGER-002: the levels are those of syslog, least grave first", () => {
  expect(LEVELS).toEqual(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]);
});
