import { describe, expect, test } from "vitest";
import type { Awaits } from "../../src/process/process-info.ts";
import { currentFunction, memoryText } from "../../src/shell/awaits-text.ts";
import { pidOf } from "../../src/term/pid.ts";

describe("currentFunction()", () => {
  test.each<[awaits: Awaits | null, server: boolean, text: string]>([
    [["message"], false, "receive"],
    [["message"], true, "its loop, which waits for a message"],
    [["answer", pidOf("a@b", 7, 0, 1)], true, "a call, which waits for #PID<a@b.7.0>"],
    [["answer", ["Counter", "a@b"]], false, "a call, which waits for Counter on a@b"],
    [["other"], false, "not known: it waits for a time, a device or another node"],
    [null, false, "not known: it runs, or awaits a promise that is not the library's"],
  ])("%j, of a server: %j", (awaits, server, text) => {
    expect(
      currentFunction({ awaits, server }, ({ node, id, serial }) => `#PID<${node}.${String(id)}.${String(serial)}>`),
    ).toBe(text);
  });
});

test("memoryText() names it an estimate", () => {
  expect(memoryText(0)).toMatch(/^nothing in /u);
  expect(memoryText(2048)).toMatch(/^about 2\.0 KiB in /u);
});
