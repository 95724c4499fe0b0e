import { describe, expect, test } from "vitest";
import { questions, received, treeRows } from "../../../src/terminal/observer/model.ts";
import { press } from "../../../src/terminal/observer/press.ts";
import { effectOf, model, PEER, pid, pressed, processes, summary } from "./kit.ts";

const child = (id: number, supervisor = false) =>
  ({ pid: pid(id), label: `c${String(id)}`, supervisor, state: "running" }) as const;

describe("press()", () => {
  test.each(["q", "escape", "ctrl+c"])("leaves at %s", (key) => {
    expect(effectOf(model(), key)).toBe("leave");
  });

  test("changes views by number and by Tab, and asks at once", () => {
    expect(pressed(model(), "3").view).toBe("tree");
    expect(pressed(model(), "tab").view).toBe("processes");
    expect(pressed(model(), "shift+tab").view).toBe("system");
    expect(effectOf(model(), "2")).toBe("ask");
  });

  test("moves within what there is", () => {
    const state = processes({ ...model(80, 6), view: "processes" }, [9, 8, 7, 6, 5]);
    expect(pressed(state, "up").selected.processes).toBe(0);
    expect(pressed(state, "j", "down").selected.processes).toBe(2);
    expect(pressed(state, "pagedown").selected.processes).toBe(2);
    expect(pressed(state, "end").selected.processes).toBe(4);
    expect(pressed(state, "G", "g").selected.processes).toBe(0);
  });

  test("types a filter after a slash, in one piece or several", () => {
    const [state, effect] = press(model(), { type: "text", text: "/käte" });
    expect([state.filter, state.typing, state.view, effect]).toEqual(["käte", true, "processes", "ask"]);
    expect(pressed(state, "backspace", "q").filter).toBe("kätq");
    expect(pressed(state, "enter")).toMatchObject({ typing: false, filter: "käte" });
    expect(pressed(state, "escape")).toMatchObject({ typing: false, filter: "", view: "processes" });
    expect(questions(state)).toContainEqual(["processes", expect.objectContaining({ filter: "käte" })]);
    expect(effectOf(state, "ctrl+c")).toBe("leave");
  });

  test("does what is typed behind the filter once it is entered", () => {
    const state = processes({ ...model(), view: "processes" }, [9, 8]);
    expect(pressed(state, "/", "x", "enter", "down").selected.processes).toBe(1);
  });

  test("sorts by the next column, and turns the order round", () => {
    const state = { ...model(), view: "processes" } as const;
    expect(pressed(state, "s").sort).toBe("rate");
    expect(pressed(state, "S").sort).toBe("name");
    expect(pressed(state, "r").reverse).toBe(true);
  });

  test("observes the node that is chosen", () => {
    const state = received(model(), ["summary"], summary());
    expect(pressed(state, "down", "enter")).toMatchObject({ node: PEER, view: "processes", summary: undefined });
    expect(pressed(state, "enter")).toMatchObject({ view: "processes", summary: {} });
  });

  test("kills the process that is chosen once y says so", () => {
    const state = processes({ ...model(), view: "processes" }, [9, 8]);
    expect(pressed(state, "down", "x").killing).toBe(pid(8));
    expect(effectOf(pressed(state, "down", "x"), "y")).toEqual({ kill: pid(8) });
    expect(pressed(state, "x", "y").killing).toBeUndefined();
    for (const key of ["n", "q", "escape", "ctrl+c", "enter"]) {
      expect(effectOf(pressed(state, "x"), key)).toBeUndefined();
      expect(pressed(state, "x", key)).toEqual(state);
    }
    // There is none to be chosen.
    for (const view of ["nodes", "events", "system", "process"] as const)
      expect(pressed({ ...model(), view }, "x").killing).toBeUndefined();
  });

  test("kills the process that is shown, and none that is gone", () => {
    const state = { ...model(), view: "process", pid: pid(7) } as const;
    expect(pressed(state, "x").killing).toBe(pid(7));
    expect(pressed({ ...state, report: "gone" }, "x").killing).toBeUndefined();
  });

  test("shows the process that is chosen, and goes back", () => {
    const state = pressed(processes({ ...model(), view: "processes" }, [9, 8]), "down", "enter");
    expect(state).toMatchObject({ view: "process", pid: pid(8) });
    expect(pressed(state, "backspace").view).toBe("processes");
  });

  test("unfolds a supervisor, asks for its children, and folds it again", () => {
    const folded = received({ ...model(), view: "tree" }, ["tree", []], { roots: [child(1, true)], children: [] });
    const asked = pressed(folded, "right");
    expect(questions(asked)).toContainEqual(["tree", [pid(1)]]);
    const answer = { roots: [child(1, true)], children: [[pid(1), [child(2), child(3, true)], 5]] };
    const open = received(asked, ["tree", [pid(1)]], answer);
    expect(treeRows(open).map((row) => row.note ?? row.child.label)).toEqual(["c1", "c2", "c3", "… 3 more"]);
    expect(pressed(open, "down", "enter")).toMatchObject({ view: "process", pid: pid(2), from: "tree" });
    expect(treeRows(pressed(open, "left"))).toHaveLength(1);
  });

  test("does not unfold a supervisor that names itself as its child for ever", () => {
    const answer = { roots: [child(1, true)], children: [[pid(1), [child(1, true)], 1]] };
    const open = received({ ...model(), view: "tree", open: new Set([pid(1)]) }, ["tree", []], answer);
    expect(treeRows(open).length).toBeLessThan(100);
  });

  test("stops asking while it pauses, and asks when it goes on", () => {
    const paused = pressed(model(), "p");
    expect(paused.paused).toBe(true);
    expect(effectOf(paused, "p")).toBe("ask");
  });
});
