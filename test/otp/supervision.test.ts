import { describe, expect, test } from "vitest";
import { fullSpec } from "../../src/otp/child-spec.ts";
import { type Effect, Supervision } from "../../src/otp/supervision.ts";
import { type Strategy, supervisorFlags } from "../../src/otp/supervisor-flags.ts";
import { Pid } from "../../src/term/pid.ts";

const pid = (id: number): Pid => new Pid("nonode@nohost", id, 0, 1);

function supervision(strategy: Strategy, restarts: readonly string[], options = {}): Supervision {
  const made = new Supervision(supervisorFlags({ strategy, ...options }));
  for (const [i, restart] of restarts.entries()) {
    const child = made.add(fullSpec({ id: i, start: ["M", "f", []], restart, significant: "autoShutdown" in options }));
    made.started(child, pid(i + 1));
  }
  return made;
}

const shown = (effects: readonly Effect[]): unknown[] =>
  effects.map((effect) =>
    "children" in effect ? [effect.do, ...effect.children.map(({ spec }) => spec.id)] : effect.do,
  );

function ended(made: Supervision, id: unknown, reason: unknown, now = 0): unknown[] {
  const child = made.find(id);
  return child === undefined ? expect.fail("no such child") : shown(made.ended(child, reason, now));
}

describe("Supervision", () => {
  const all = ["permanent", "permanent", "permanent"];

  test.each([
    ["oneForOne", [["stop"], ["start", 1]]],
    [
      "restForOne",
      [
        ["stop", 2],
        ["start", 1, 2],
      ],
    ],
    [
      "oneForAll",
      [
        ["stop", 2, 1, 0],
        ["start", 0, 1, 2],
      ],
    ],
  ] as const)("%s: what is ended and started again", (strategy, effects) => {
    const made = supervision(strategy, all);
    const [stop, start] = effects;
    // The one that ended runs no more.
    expect(ended(made, 1, "why")).toEqual([
      "report",
      stop.filter((id) => id !== 1 || strategy === "restForOne"),
      start,
    ]);
  });

  test("a quiet end is no restart for a transient child, and a temporary one is forgotten", () => {
    const made = supervision("oneForOne", ["transient", "temporary"]);
    expect(ended(made, 0, "shutdown")).toEqual([]);
    expect(ended(made, 1, "why")).toEqual(["report"]);
    expect(made.children.map(({ spec, running }) => [spec.id, running])).toEqual([[0, "undefined"]]);
  });

  test("a failed start is retried unless somebody ended the child meanwhile, and each try counts", () => {
    const made = supervision("oneForOne", all, { maxRestarts: 1 });
    expect(ended(made, 0, "why")).toEqual(["report", ["stop"], ["start", 0]]);
    const child = made.find(0)!;
    expect(shown(made.startFailed(child))).toEqual(["retry"]);
    expect(child.running).toBe("restarting");
    expect(shown(made.retry(child, 0))).toEqual(["report", "shutdown"]);
    expect(shown(made.retry(child, 0))).toEqual([]);
  });

  test("the last of the significant children takes it down", () => {
    const made = supervision("oneForOne", ["transient", "temporary"], { autoShutdown: "allSignificant" });
    expect(ended(made, 0, "normal")).toEqual([]);
    expect(ended(made, 1, "normal")).toEqual(["shutdown"]);
  });

  test("equal ids are one child", () => {
    const made = new Supervision(supervisorFlags({ strategy: "oneForOne" }));
    const child = made.add(fullSpec({ id: ["room", 7], start: ["M", "f", []] }));
    expect(made.find(["room", 7])).toBe(child);
    made.delete(child);
    expect(made.children).toEqual([]);
  });
});
