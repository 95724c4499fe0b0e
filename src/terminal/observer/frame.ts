import { bytes, short, since } from "../../shell/units.ts";
import type { Pid } from "../../term/pid.ts";
import { bodyRows, type Model, treeRows, VIEWS, type ViewName } from "./model.ts";
import { cell, fitted, type Row, type Span, span, widthOf } from "./rows.ts";
import { viewRows } from "./views.ts";

/** An answer that has been awaited for so long is spoken of, in milliseconds. */
const LATE_MS = 3000;
/** Narrower screens have short titles, and say less of the node. */
const NARROW = 76;

/** The whole screen: head, tabs, the view, and its keys. Always as many rows as the screen has, none wider. */
export function frame(model: Model): Row[] {
  const { columns, rows } = model.screen;
  const height = bodyRows(model);
  const body = (model.help ? helpRows() : viewRows(model)).slice(0, height);
  while (body.length < height) body.push([]);
  return [head(model), tabs(model), ...body, keys(model)]
    .map((row) => fitted(row, columns))
    .slice(0, Math.max(1, rows));
}

function head(model: Model): Row {
  const { node, summary, busy, screen, paused } = model;
  const title = span(` ${node} `, { bold: true, inverse: true });
  const problem = trouble(model);
  if (problem !== undefined) return [title, span(" "), span(problem, { colour: "red", bold: true })];
  if (summary === undefined) return [title, span(" …", { dim: true })];
  const { vitals, system, peers } = summary;
  const share = busy === undefined ? [] : [`busy ${String(Math.round(busy * 100))}%`];
  // On a narrow screen what changes most is worth most.
  const facts =
    screen.columns < NARROW
      ? [...share, bytes(vitals.rss), `up ${since(vitals.uptime)}`, `${short(vitals.processes)} processes`]
      : [
          `up ${since(vitals.uptime)}`,
          `${short(vitals.processes)} processes`,
          peers.length === 1 ? "1 peer" : `${String(peers.length)} peers`,
          ...share,
          `memory ${bytes(vitals.rss)}, heap ${bytes(vitals.heapUsed)}`,
          system,
        ];
  const row: Span[] = [title, span(paused ? " paused" : "", { colour: "yellow" })];
  for (const [index, fact] of facts.entries()) {
    const next = [...row, span(`${index === 0 ? " " : " · "}${fact}`)];
    if (widthOf(next) > screen.columns) break;
    row.push(...next.slice(-1));
  }
  return row;
}

function trouble({ problem, now, answeredAt }: Model): string | undefined {
  if (problem === undefined) return undefined;
  const late = now - answeredAt;
  return late >= LATE_MS ? `${problem}, for ${since(late)}` : problem;
}

const TITLES: Readonly<Record<ViewName, readonly [long: string, short: string]>> = {
  nodes: ["Nodes", "Node"],
  processes: ["Processes", "Proc"],
  tree: ["Supervisors", "Sup"],
  process: ["Process", "Pid"],
  events: ["Events", "Log"],
  system: ["System", "Sys"],
};

function tabs(model: Model): Row {
  const narrow = model.screen.columns < NARROW;
  const row: Span[] = [];
  for (const [index, view] of VIEWS.entries()) {
    const title = `${String(index + 1)} ${TITLES[view][narrow ? 1 : 0]}`;
    row.push(span(narrow ? title : ` ${title} `, view === model.view ? { bold: true, inverse: true } : {}), span(" "));
  }
  const counted = count(model);
  if (counted !== "") row.push(span(` ${counted}`, { dim: true }));
  return row;
}

function count({ view, table, filter, typing }: Model): string {
  if (view !== "processes" || table === undefined) return "";
  const filtered = filter !== "" || typing;
  return filtered ? `${String(table.matching)} of ${String(table.total)}` : String(table.total);
}

const KEYS: Readonly<Record<ViewName, readonly string[]>> = {
  nodes: ["Enter observe", "↑↓ choose"],
  processes: ["s sort", "r reverse", "/ filter", "Enter details", "x kill"],
  tree: ["→← unfold", "Enter details", "x kill", "↑↓ choose"],
  process: ["Backspace back", "x kill", "↑↓ scroll"],
  events: ["↑↓ scroll"],
  system: [],
};

/** The keys of the view, as many as there is room for, how to leave first. */
function keys(model: Model): Row {
  const { columns } = model.screen;
  if (model.killing !== undefined) {
    return [
      span(`Kill ${model.pidText(model.killing)}${nameOf(model, model.killing)}? y, or any other key`, {
        bold: true,
        colour: "red",
      }),
    ];
  }
  if (model.help) return [span("any key goes back", { dim: true })];
  if (model.typing || (model.view === "processes" && model.filter !== "")) {
    const typed = span(`/${model.filter}`, { bold: true });
    const says = span(model.typing ? "  Enter keeps it, Esc clears it" : "  / changes it", { dim: true });
    return model.typing ? [typed, span(" ", { inverse: true }), says] : [span("q leave  ", { dim: true }), typed, says];
  }
  let text = "q leave";
  for (const key of ["Tab view", ...KEYS[model.view], model.paused ? "p go on" : "p pause", "? help"]) {
    if (text.length + key.length + 2 <= columns) text += `  ${key}`;
  }
  return [span(cell(text, columns).trimEnd(), { dim: true })];
}

function nameOf(model: Model, pid: Pid): string {
  const { table, report } = model;
  const known = typeof report === "object" && report.pid === pid ? report : table?.rows.find((row) => row.pid === pid);
  const name = known?.name ?? treeRows(model).find(({ child }) => child.pid === pid)?.child.label ?? known?.initialCall;
  return name === undefined ? "" : ` ${name}`;
}

const HELP: readonly (readonly [keys: string, what: string])[] = [
  ["1 to 6, Tab", "views: nodes, processes, supervisors, one process, events, system"],
  ["↑↓ or k j", "choose a row, or scroll; Page Up, Page Down, Home and End too"],
  ["Enter", "observe the node, or show the process"],
  ["Backspace", "back from a process"],
  ["→ ←", "unfold a supervisor, and fold it"],
  ["s S, r", "sort by the next column or the one before, turn the order round"],
  ["/", "only processes with this in name, call or pid"],
  ["x", "kill the process, once y says so"],
  ["p", "pause: nothing is asked, nothing moves"],
  ["q", "leave: Esc, Ctrl+C and Ctrl+D too"],
];

function helpRows(): Row[] {
  return HELP.map(([key, what]) => [span(cell(key, 13), { bold: true }), span(what)]);
}
