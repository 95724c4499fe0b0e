import { describe, expect, test } from "vitest";
import {
  type Model,
  MOST_EVENTS,
  MOST_RATES,
  observe,
  questions,
  received,
  unanswered,
} from "../../../src/terminal/observer/model.ts";
import { health, model, NODE, PEER, pid, pressed, processes, row, summary } from "./kit.ts";

describe("received()", () => {
  test("reckons traffic from what the counters gained between two summaries", () => {
    let state = received(model(), ["summary"], summary(1000));
    state = received(state, ["summary"], summary(3000, { bytesIn: 5000, bytesOut: 2000 }));
    expect(state.traffic.get(PEER)).toMatchObject({ in: [2000], out: [0] });
  });

  test("takes smaller counters for a new connection's, and no rate from them", () => {
    let state = received(model(), ["summary"], summary(1000));
    state = received(state, ["summary"], summary(2000, { bytesIn: 10 }));
    expect(state.traffic.get(PEER)?.in).toEqual([]);
    state = received(state, ["summary"], summary(3000, { bytesIn: 40 }));
    expect(state.traffic.get(PEER)?.in).toEqual([30]);
  });

  test("keeps a minute of traffic and no more, and nothing of nodes that are gone", () => {
    let state = model();
    for (let at = 0; at < 200; at++) state = received(state, ["summary"], summary(at * 1000, { bytesIn: at * 10 }));
    expect(state.traffic.get(PEER)?.in).toHaveLength(MOST_RATES);
    state = received(state, ["summary"], { ...summary(201_000), peers: [] });
    expect(state.traffic.size).toBe(0);
  });

  test("keeps so many events and no more, each once", () => {
    let state = model();
    const event = (id: number) => ({ id, time: 0, kind: "log", level: "info", text: String(id) });
    for (let id = 1; id <= MOST_EVENTS + 50; id++)
      state = received(state, ["events", 0], {
        watch: 1,
        events: [event(id - 1), event(id)].filter((one) => one.id > 0),
      });
    expect(state.events).toHaveLength(MOST_EVENTS);
    expect(state.events.at(-1)?.id).toBe(MOST_EVENTS + 50);
    expect(new Set(state.events.map(({ id }) => id)).size).toBe(MOST_EVENTS);
  });

  test("asks for events from the first when the node counts them anew", () => {
    const event = { id: 7, time: 0, kind: "log", level: "info", text: "old" };
    let state = received(model(), ["events", 0], { watch: 1, events: [event] });
    expect(questions(state)).toContainEqual(["events", 7]);
    state = received(state, ["events", 7], { watch: 2, events: [] });
    expect(questions(state)).toContainEqual(["events", 0]);
  });

  test("keeps a process chosen while rows move", () => {
    let state = pressed(processes({ ...model(), view: "processes" }, [9, 8, 7]), "down");
    expect(state.selected.processes).toBe(1);
    state = processes(state, [7, 9, 8]);
    expect(state.selected.processes).toBe(2);
    // It has ended: the nearest row is chosen.
    state = processes(state, [7]);
    expect(state.selected.processes).toBe(0);
  });

  test("drops an answer about a process that is not shown any more", () => {
    const state = { ...model(), view: "process", pid: pid(2) } as const;
    expect(received(state, ["process", pid(1)], row(1)).report).toBeUndefined();
    expect(received(state, ["process", pid(2)], undefined).report).toBe("gone");
  });

  test("keeps what is known when there is no answer", () => {
    const state = unanswered(received(model(), ["summary"], summary()), "no answer");
    expect(state).toMatchObject({ problem: "no answer", summary: { node: NODE } });
    expect(received(state, ["summary"], summary()).problem).toBeUndefined();
  });
});

describe("questions()", () => {
  test("asks for as many processes as there are rows, and for those above the chosen one", () => {
    const state = { ...model(80, 13), view: "processes" } as const;
    expect(questions(state)).toContainEqual(["processes", expect.objectContaining({ limit: 10 })]);
    const below = { ...state, selected: { ...state.selected, processes: 30 } };
    expect(questions(below)).toContainEqual(["processes", expect.objectContaining({ limit: 40 })]);
  });

  test("asks for what is shown only", () => {
    expect(questions(model()).map(([fun]) => fun)).toEqual(["summary", "events"]);
  });
});

describe("observe()", () => {
  test("forgets what is known of the node before", () => {
    const before = received(model(), ["summary"], summary());
    expect(observe(before, PEER)).toMatchObject({ node: PEER, summary: undefined, events: [] });
  });
});

describe("the history", () => {
  const at = (state: Model, ms: number, user: number): Model =>
    received(state, ["summary"], { ...summary(ms), health: { ...health, user, system: 0 } });

  test("has the share of a processor that the program took, and how late its event loop was", () => {
    const { history } = at(at(model(), 1000, 100), 2000, 350);
    expect(history).toMatchObject({ cpu: [0.25], delay: [12, 12], rss: [80 * 2 ** 20, 80 * 2 ** 20] });
  });

  test("takes no answers that come too soon after each other, and none of a program that began anew", () => {
    const state = at(model(), 1000, 100);
    expect(at(state, 1100, 150).history).toBe(state.history);
    expect(at(state, 2000, 50).history?.cpu).toEqual([]);
  });

  test("keeps a minute", () => {
    let state = model();
    for (let second = 1; second <= 100; second++) state = at(state, second * 1000, second);
    expect(state.history?.rss).toHaveLength(MOST_RATES);
  });
});
