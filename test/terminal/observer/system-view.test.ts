import { describe, expect, test } from "vitest";
import { type Model, received } from "../../../src/terminal/observer/model.ts";
import { systemRows } from "../../../src/terminal/observer/system-view.ts";
import { health, model, summary } from "./kit.ts";

/** Two looks at a node, a second apart. */
function looked(columns: number): Model {
  const first = received(model(columns, 20), ["summary"], summary(1000));
  const later = { ...summary(2000, { bytesIn: 50_000, queued: 2048 }), health: { ...health, user: 650 } };
  return received(first, ["summary"], later);
}

const textOf = (state: Model): string =>
  systemRows(state)
    .map((row) => row.map(({ text }) => text).join(""))
    .join("\n");

describe("systemRows()", () => {
  test("tell of the event loop, the processor, memory and traffic, with bars where there is room", () => {
    const text = textOf(looked(100));
    expect(text).toMatch(/^Delay {8}0\.2 ms, at most 12 ms +██$/m);
    expect(text).toMatch(/^Processor {4}25% +█$/m);
    expect(text).toMatch(/^Heap {9}20 MiB of at most 4\.0 GiB +██$/m);
    expect(text).toMatch(/^Received {5}48 KiB\/s, 49 KiB in all +█$/m);
    expect(text).toMatch(/^Waiting {6}2\.0 KiB for slow connections$/m);
    expect(text).toMatch(/^Program {6}Node 24 linux x64, pid 4711$/m);
  });

  test("are words alone on a narrow screen", () => {
    expect(textOf(looked(40))).toMatch(/^Delay {8}0\.2 ms, at most 12 ms$/m);
    expect(textOf(looked(40))).not.toContain("█");
  });

  test("wait for the first answer", () => {
    expect(textOf(model())).toBe("…");
  });
});
