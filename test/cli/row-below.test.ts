import { describe, expect, test, vi } from "vitest";
import { RowBelow } from "../../src/cli/row-below.ts";
import type { Device, StatusRow } from "../../src/io/device.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { type Facts, textOf } from "../../src/shell/status.ts";
import type { NodeName } from "../../src/term/pid.ts";
import { settled } from "../support/manual-clock.ts";

const facts = (node: NodeName): Facts => ({ node, peers: [], messages: 0, news: undefined });

/** A device that notes whose row it was given. */
function open(answer: NodeName) {
  const runtime = new Runtime({ name: "alex@localhost" });
  const rows: ("own" | StatusRow)[] = [];
  const device: Pick<Device, "accompany" | "accompanyBy"> = {
    accompany: () => void rows.push("own"),
    accompanyBy: (row) => void rows.push(row(() => undefined)),
  };
  const row = new RowBelow(runtime, device, () => Promise.resolve(facts(answer)));
  return { row, rows };
}

describe("RowBelow", () => {
  test("tells of the node whose shell is shown, and of one's own again", async () => {
    const { row, rows } = open("kate@localhost");
    row.tellOf(undefined);
    row.tellOf("kate@localhost");
    await vi.waitFor(() => expect(rows).toHaveLength(2));
    const [, other] = rows;
    if (other === undefined || other === "own") throw new Error("no row of another");
    await settled();
    expect(textOf(other.parts(80))).toContain("kate@localhost");
    other.stop();
    row.tellOf(undefined);
    expect(rows.map((one) => one === "own")).toEqual([true, false, true]);
  });

  test("is not made anew for a shell of the same node", () => {
    const { row, rows } = open("kate@localhost");
    row.tellOf(undefined);
    row.tellOf(undefined);
    expect(rows).toEqual(["own"]);
  });

  test("says nothing that another node told, and nothing of one that was left meanwhile", async () => {
    const { row, rows } = open("moebi@localhost");
    row.tellOf("kate@localhost");
    row.tellOf(undefined);
    row.tellOf("kate@localhost");
    await vi.waitFor(() => expect(rows.at(-1)).not.toBe("own"));
    await settled();
    const other = rows.at(-1);
    if (other === undefined || other === "own") throw new Error("no row of another");
    expect(textOf(other.parts(80))).toBe("");
    other.stop();
  });
});
