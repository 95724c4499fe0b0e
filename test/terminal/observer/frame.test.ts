import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { frame } from "../../../src/terminal/observer/frame.ts";
import { type Model, received, unanswered, VIEWS } from "../../../src/terminal/observer/model.ts";
import { sgr, widthOf } from "../../../src/terminal/observer/rows.ts";
import { colourOf } from "../../../src/shell/node-colour.ts";
import { model, pid, pressed, processes, report, row, shown, summary } from "./kit.ts";

/** A model with something in every view. */
function full(columns: number, rows: number): Model {
  let state = received(model(columns, rows), ["summary"], summary(1000));
  state = received(state, ["summary"], summary(2000, { bytesIn: 50_000 }));
  state = processes(
    state,
    Array.from({ length: 40 }, (_, index) => 40 - index),
  );
  const child = { pid: pid(1), label: "Top", supervisor: true, state: "running" } as const;
  state = received(state, ["tree", []], { roots: [child], children: [] });
  state = { ...state, pid: pid(7) };
  state = received(
    state,
    ["process", pid(7)],
    report(7, { state: { text: "{ coins: 7 }" }, messages: ["日本語".repeat(50)] }),
  );
  const event = { id: 1, time: 0, kind: "log", level: "error", text: "it broke\n  here" };
  return received(state, ["events", 0], { watch: 1, events: [event] });
}

const sizes = [40, 60, 80, 100, 200].flatMap((columns) => [10, 24, 60].map((rows) => [columns, rows] as const));

describe("frame()", () => {
  test.each(sizes)(
    "has as many rows as a screen of %d by %d and none that is wider, in every view",
    (columns, rows) => {
      for (const view of VIEWS) {
        for (const state of [model(columns, rows), full(columns, rows), pressed(full(columns, rows), "/", "x")]) {
          const lines = frame({ ...state, view });
          expect(lines).toHaveLength(rows);
          expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
        }
      }
    },
  );

  test("says how the node is, as much as there is room for", () => {
    expect(shown(full(120, 20)).split("\n")[0]).toBe(
      " alex@localhost  up 1 min 1 s · 123 processes · 1 peer · memory 80 MiB, heap 20 MiB · Node 24 linux x64",
    );
    expect(shown(full(40, 10)).split("\n")[0]).toBe(" alex@localhost  80 MiB · up 1 min 1 s");
    expect(shown({ ...full(40, 10), busy: 0.5 }).split("\n")[0]).toBe(" alex@localhost  busy 50% · 80 MiB");
  });

  test("shows nodes with round trips and traffic", () => {
    const lines = shown(full(100, 20)).split("\n");
    expect(lines[2]).toMatch(/^Node +State +Trip +In +Out +Processes/);
    expect(lines[4]).toMatch(/^kate@localhost +connected +1\.5 ms +48 KiB\/s +█ +0 B\/s +▁ +123/);
  });

  test("says which node does not answer, and for how long, with what is known still there", () => {
    const state = { ...unanswered(full(100, 20), "no answer"), answeredAt: 0, now: 65_000 };
    expect(shown(state)).toContain(" alex@localhost  no answer, for 1 min 5 s\n");
    expect(shown(state)).toContain("kate@localhost");
  });

  test("keeps the chosen process in sight", () => {
    const state = { ...full(80, 10), view: "processes", selected: { ...model().selected, processes: 30 } } as const;
    const chosen = frame(state).find((pieces) => pieces[0]?.inverse === true && pieces[0].text.startsWith("#PID"));
    expect(chosen?.[0]?.text).toMatch(/^#PID<0\.10\.0>/);
  });

  test("marks the column that rows are sorted by", () => {
    expect(shown({ ...full(100, 12), view: "processes" })).toContain("Mail▾");
    expect(shown(pressed({ ...full(100, 12), view: "processes" }, "r"))).toContain("Mail▵");
  });

  test("shows one process: state, mailbox, links", () => {
    const text = shown({ ...full(80, 40), view: "process" });
    expect(text).toMatch(/^State +\{ coins: 7 \}$/m);
    expect(text).toMatch(/^Links +#PID<0\.1\.0>$/m);
    expect(text).toContain("… 6 more");
  });

  test("shows the latest events, and scrolls to earlier ones", () => {
    const events = Array.from({ length: 50 }, (_, id) => ({
      id: id + 1,
      time: 0,
      kind: "log",
      level: "info",
      text: `e${String(id)}.`,
    }));
    const state = { ...received(model(80, 10), ["events", 0], { watch: 1, events }), view: "events" } as const;
    expect(shown(state)).toContain("e49.");
    expect(shown(pressed(state, "pageup"))).not.toContain("e49.");
    expect(shown(pressed(state, "home", "end"))).toContain("e49.");
  });

  test("asks before it kills, and says whom", () => {
    const state = pressed({ ...full(80, 12), view: "processes" }, "x");
    expect(shown(state).split("\n").at(-1)).toBe("Kill #PID<0.40.0> P40? y, or any other key");
    const tree = pressed({ ...full(80, 12), table: undefined, view: "tree" }, "x");
    expect(shown(tree).split("\n").at(-1)).toBe("Kill #PID<0.1.0> Top? y, or any other key");
  });

  test("explains the keys, until the next one", () => {
    const state = pressed(full(80, 24), "?");
    expect(shown(state)).toMatch(/^x +kill the process, once y says so$/m);
    expect(shown(state).split("\n").at(-1)).toBe("any key goes back");
    expect(shown(pressed(state, "x"))).toContain("kate@localhost");
  });

  test("shows nodes in their colours", () => {
    const [, , , , kate] = frame(full(100, 20));
    expect(kate?.[0]).toMatchObject({
      text: expect.stringContaining("kate@localhost"),
      colour: colourOf("kate@localhost"),
    });
  });

  test("escapes what could steer the terminal", () => {
    const evil = row(1, { name: "\x1b[2J\r", initialCall: "x" });
    const state = received({ ...model(), view: "processes" }, ["processes", {}], {
      rows: [evil],
      total: 1,
      matching: 1,
    });
    expect(shown(state)).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(shown(state)).toContain("\\x1b[2J");
  });

  test("names the keys that fit", () => {
    expect(shown(full(40, 10)).split("\n").at(-1)).toMatch(/^q leave {2}Tab view/);
    expect(stringWidth(shown(full(40, 10)).split("\n").at(-1) ?? "")).toBeLessThanOrEqual(40);
  });
});

describe("sgr()", () => {
  test("says without colours what it can", () => {
    const pieces = [
      { text: "a", colour: "red" },
      { text: "b", dim: true },
    ] as const;
    expect(sgr(pieces, true)).toBe("\x1b[91ma\x1b[0m\x1b[2mb\x1b[0m");
    expect(sgr(pieces, false)).toBe("a\x1b[2mb\x1b[0m");
  });
});
