import { describe, expect, test } from "vitest";
import { compileFormat, truncate } from "../../../src/otp/logger/format.ts";
import { LEVELS, type LogEntry } from "../../../src/process/log.ts";

const time = new Date(2030, 0, 2, 3, 4, 5, 6).getTime();
const entry = {
  level: "warning",
  message: "low",
  time,
  node: "a@localhost",
  metadata: { user: 7, at: "home", gone: undefined },
} satisfies LogEntry;

describe("compileFormat()", () => {
  test("is Elixir's line unless told, with the node's name only where it is another's", () => {
    const line = compileFormat();
    expect(line(entry, "a@localhost")).toBe("03:04:05.006 [warning] low");
    expect(line(entry, "b@localhost")).toBe("03:04:05.006 [warning] [a@localhost] low");
  });

  test("LOGGER-010: shows the parts named, and refuses one that there is not", () => {
    const format = compileFormat({
      format: "$date|$level|$node|$metadata|$message.",
      metadata: ["at", "user", "absent"],
    });
    expect(format(entry, "b@localhost")).toBe("2030-01-02|warning|[a@localhost] |at=home user=7 |low.");
    expect(compileFormat({ format: "$metadata$message", metadata: "all" })(entry, "a@localhost")).toBe(
      "user=7 at=home low",
    );
    expect(() => compileFormat({ format: "$time $levl" })).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining('"$levl"') as string }),
    );
  });

  test("LOGGER-015: the level's colour goes round the line, not round its end; what is ordinary has none", () => {
    const line = compileFormat({ format: "$message" });
    expect(LEVELS.map((level) => line({ ...entry, level }, "a@localhost", true))).toEqual([
      "\x1b[36mlow\x1b[0m",
      "low",
      "low",
      "\x1b[95mlow\x1b[0m",
      ...Array.from({ length: 4 }, () => "\x1b[91mlow\x1b[0m"),
    ]);
  });
});

describe("truncate()", () => {
  test("LOGGER-012: cuts what takes more bytes, at the border of a character, and marks it", () => {
    expect(truncate("äöü", 6)).toBe("äöü");
    expect(truncate("äöü", 5)).toBe("äö (truncated)");
    expect(truncate("a😀b", 4)).toBe("a (truncated)");
    expect(truncate("a😀b", 5)).toBe("a😀 (truncated)");
    expect(truncate("abc", 0)).toBe(" (truncated)");
    expect(truncate("abc", Infinity)).toBe("abc");
  });
});
