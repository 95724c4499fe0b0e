import { describe, expect, test } from "vitest";
import { formatEntry, LEVELS } from "../../src/process/log.ts";

describe("formatEntry()", () => {
  const time = new Date(2030, 0, 2, 3, 4, 5, 6).getTime();

  test("is Elixir's line, with the node's name only where it is another's", () => {
    const entry = { level: "warning", message: "low", time, node: "a@localhost" } as const;
    expect(formatEntry(entry, "a@localhost")).toBe("03:04:05.006 [warning] low");
    expect(formatEntry(entry, "b@localhost")).toBe("03:04:05.006 [warning] [a@localhost] low");
  });

  test("knows the levels of syslog, least first", () => {
    expect(LEVELS[0]).toBe("debug");
    expect(LEVELS.indexOf("error")).toBeGreaterThan(LEVELS.indexOf("warning"));
    expect(LEVELS).toHaveLength(8);
  });
});
