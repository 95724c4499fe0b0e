import { describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

describe("nodes()", () => {
  test("prints a table that begins with this node, and gives the list of the others", async () => {
    const { printed, run } = openSession();
    const lines = (await printed("nodes()")).split("\n");
    expect(lines[0]).toMatch(/^Node +State +Up +Processes +Round trip +Received +Sent$/);
    expect(lines[1]).toMatch(/^alex@localhost +this node +\d+ s +\d+$/);
    expect(await run("nodes()")).toEqual([]);
  });
});
