import type { Pid } from "../../term/pid.ts";
import { SORTS } from "../../node/observed/types.ts";
import { graphemes } from "../graphemes.ts";
import type { Key } from "../keys.ts";
import { bodyRows, choose, countOf, type Model, nodesOf, observe, treeRows, type ViewName, VIEWS } from "./model.ts";

/** What is to be done besides: leave, ask the node at once, since what is shown has changed, or end a process. */
export type Effect = "leave" | "ask" | { readonly kill: Pid } | undefined;

export type Pressed = readonly [model: Model, effect?: Effect];

/** What a key does. Text that came in one piece is one key for each of its characters. */
export function press(model: Model, key: Key): Pressed {
  if (key.type === "chord") return model.typing ? typingChord(model, key.chord) : chord(model, key.chord);
  let next: Pressed = [model];
  let effect: Effect;
  for (const character of graphemes(key.text)) {
    next = next[0].typing ? [withFilter(next[0], next[0].filter + character), "ask"] : chord(next[0], character);
    if (next[1] === "leave") return next;
    effect = next[1] ?? effect;
  }
  return [next[0], effect];
}

/** Longer ones find nothing. */
const LONGEST_FILTER = 100;

function withFilter(model: Model, filter: string): Model {
  return choose({ ...model, filter: filter.replace(/\p{Cc}/gu, "").slice(0, LONGEST_FILTER) }, "processes", 0);
}

function typingChord(model: Model, name: string): Pressed {
  switch (name) {
    case "ctrl+c":
      return [model, "leave"];
    case "enter":
    case "down":
      return [{ ...model, typing: false }];
    case "escape":
      return [{ ...withFilter(model, ""), typing: false }, "ask"];
    case "ctrl+u":
      return [withFilter(model, ""), "ask"];
    case "backspace":
    case "shift+backspace":
      if (model.filter === "") return [{ ...model, typing: false }];
      return [withFilter(model, graphemes(model.filter).slice(0, -1).join("")), "ask"];
    default:
      return [model];
  }
}

function chord(model: Model, name: string): Pressed {
  if (model.killing !== undefined) {
    const answered: Model = { ...model, killing: undefined };
    return name === "y" || name === "Y" ? [answered, { kill: model.killing }] : [answered];
  }
  if (model.help && name !== "ctrl+c") return [{ ...model, help: false }];
  return command(model, name);
}

function command(model: Model, name: string): Pressed {
  const { view } = model;
  switch (name) {
    case "q":
    case "escape":
    case "ctrl+c":
    case "ctrl+d":
      return [model, "leave"];
    case "1":
    case "2":
    case "3":
    case "4":
    case "5":
    case "6":
      return show(model, VIEWS[Number(name) - 1] ?? view);
    case "tab":
    case "shift+tab": {
      const step = name === "tab" ? 1 : VIEWS.length - 1;
      return show(model, VIEWS[(VIEWS.indexOf(view) + step) % VIEWS.length] ?? view);
    }
    case "up":
    case "k":
    case "ctrl+p":
      return moved(model, -1);
    case "down":
    case "j":
    case "ctrl+n":
      return moved(model, 1);
    case "pageup":
      return moved(model, -bodyRows(model) + 1);
    case "pagedown":
      return moved(model, bodyRows(model) - 1);
    case "home":
    case "g":
      return moved(model, -Infinity);
    case "end":
    case "G":
      return moved(model, Infinity);
    case "p":
      return [{ ...model, paused: !model.paused }, model.paused ? "ask" : undefined];
    case "enter":
      return entered(model);
    case "backspace":
    case "shift+backspace":
      return view === "process" ? show(model, model.from) : [model];
    case "x":
      return [{ ...model, killing: chosenPid(model) }];
    case "?":
    case "h":
    case "f1":
      return [{ ...model, help: true }];
    case "right":
    case "left":
    case " ":
      return view === "tree" ? folded(model, name) : [model];
    case "/":
      return [{ ...model, view: "processes", typing: true }, "ask"];
    case "s":
    case "S": {
      if (view !== "processes") return [model];
      const step = name === "s" ? 1 : SORTS.length - 1;
      const sort = SORTS[(SORTS.indexOf(model.sort) + step) % SORTS.length] ?? model.sort;
      return [choose({ ...model, sort, reverse: false }, "processes", 0), "ask"];
    }
    case "r":
      return view === "processes" ? [choose({ ...model, reverse: !model.reverse }, "processes", 0), "ask"] : [model];
    default:
      return [model];
  }
}

function show(model: Model, view: ViewName): Pressed {
  return view === model.view ? [model] : [{ ...model, view, typing: false }, "ask"];
}

function moved(model: Model, by: number): Pressed {
  const { view, selected } = model;
  // Events are read from the latest upwards.
  const step = view === "events" ? -by : by;
  const last = countOf(model, view) ?? lastLine(model);
  const to = Math.max(0, Math.min(selected[view] + step, last));
  return [choose(model, view, to), view === "processes" ? "ask" : undefined];
}

/** Text scrolls no further than there can be lines; the layout knows how many there are at this width. */
function lastLine({ view, events }: Model): number {
  return view === "events" ? events.length * 4 : 500;
}

function entered(model: Model): Pressed {
  const { view, selected } = model;
  if (view === "nodes") {
    const node = nodesOf(model)[selected.nodes];
    return node === undefined
      ? [model]
      : [{ ...(node === model.node ? model : observe(model, node)), view: "processes" }, "ask"];
  }
  return view === "processes" || view === "tree" ? inspected(model, chosenPid(model)) : [model];
}

/** The process that a view's chosen row is about, if it is about one. */
function chosenPid(model: Model): Pid | undefined {
  const { view, selected, report } = model;
  if (view === "processes") return model.table?.rows[selected.processes]?.pid;
  if (view === "tree") return treeRows(model)[selected.tree]?.child.pid;
  return view === "process" && report !== "gone" ? model.pid : undefined;
}

function inspected(model: Model, pid: Pid | undefined): Pressed {
  if (pid === undefined) return [model];
  const selected = { ...model.selected, process: 0 };
  return [{ ...model, pid, report: undefined, selected, from: model.view, view: "process" }, "ask"];
}

function folded(model: Model, name: string): Pressed {
  const { child, open: isOpen } = treeRows(model)[model.selected.tree] ?? {};
  if (child?.pid === undefined || !child.supervisor) return [model];
  if ((name === "right" && isOpen === true) || (name === "left" && isOpen !== true)) return [model];
  const open = new Set(model.open);
  if (isOpen === true) open.delete(child.pid);
  else open.add(child.pid);
  return [{ ...model, open }, "ask"];
}
