import { describe, expect, test } from "vitest";
import { duration } from "../../../src/shell/helpers/runtime-info.ts";
import { openSession } from "./open-session.ts";

describe("runtimeInfo()", () => {
  test("prints the node, its processes, memory and versions", async () => {
    const { printed } = openSession();
    const lines = (await printed("runtimeInfo()")).split("\n");
    expect(lines).toContain("Node              alex@localhost");
    expect(lines).toContain("Connected nodes   none");
    expect(lines).toContain(`Node.js           ${process.version}`);
    expect(lines).toContainEqual(expect.stringMatching(/^Processes +[1-9]/u));
    expect(lines).toContainEqual(expect.stringMatching(/^Memory +[\d.]+ MiB/u));
  });
});

describe("duration()", () => {
  test.each([
    [0.5, "0 s"],
    [61, "1 min 1 s"],
    [90_061, "1 d 1 h 1 min 1 s"],
  ])("says %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
