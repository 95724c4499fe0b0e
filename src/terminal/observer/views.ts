/** The views, each a function from the model to rows of the screen. */
import { colourOf } from "../../shell/node-colour.ts";
import { currentFunction, memoryText } from "../../shell/awaits-text.ts";
import { bytes, short, since, sparkline, trip } from "../../shell/units.ts";
import type { ObservedEvent, PeerReport, ProcessReport, ProcessRow } from "../../node/observed/types.ts";
import type { Vitals } from "../../node/vitals.ts";
import type { NodeName, Pid } from "../../term/pid.ts";
import { bodyRows, type Model, type Traffic, type TreeRow, treeRows } from "./model.ts";
import { systemRows } from "./system-view.ts";
import { cell, type Column, type Row, type Span, span, table, windowStart } from "./rows.ts";

/** A view's rows; those that are too many are cut by the caller. */
export function viewRows(model: Model): Row[] {
  switch (model.view) {
    case "nodes":
      return nodeRows(model);
    case "processes":
      return processRows(model);
    case "tree":
      return treeView(model);
    case "process":
      return reportRows(model);
    case "events":
      return eventRows(model);
    case "system":
      return systemRows(model);
  }
}

/** A table whose chosen row is in sight. */
function scrolled<T>(columns: readonly Column<T>[], items: readonly T[], model: Model): Row[] {
  const height = bodyRows(model) - 1;
  const selected = model.selected[model.view];
  const start = windowStart(items.length, height, selected);
  return table(columns, items.slice(start, start + height), model.screen.columns, selected - start);
}

interface NodeItem {
  readonly node: NodeName;
  readonly peer: PeerReport | undefined;
  readonly vitals: Vitals | undefined;
  readonly traffic: Traffic | undefined;
}

function nodeRows(model: Model): Row[] {
  const { summary, traffic, node } = model;
  const peers = summary?.peers ?? [];
  const items: NodeItem[] = [
    { node, peer: undefined, vitals: summary?.vitals, traffic: undefined },
    ...peers.map((peer) => ({ node: peer.node, peer, vitals: peer.vitals, traffic: traffic.get(peer.node) })),
  ];
  return scrolled(nodeColumns(model.screen.columns), items, model);
}

const rate = (rates: readonly number[] | undefined): Span => {
  const latest = rates?.at(-1);
  return latest === undefined ? span("", { dim: true }) : span(`${bytes(latest)}/s`);
};

const WIDE = 150;

/** On a wide screen the bars have half a minute. */
const nodeColumns = (columns: number): readonly Column<NodeItem>[] => [
  { title: "Node", width: 16, grows: true, rank: 0, show: ({ node }) => span(node, { colour: colourOf(node) }) },
  { title: "State", width: 9, rank: 3, show: stateOf },
  {
    title: "Trip",
    width: 7,
    align: "right",
    rank: 0,
    show: ({ peer }) =>
      peer === undefined || peer.roundTrip === undefined
        ? span("")
        : peer.roundTrip === "timeout"
          ? span("none", { colour: "red" })
          : span(trip(peer.roundTrip)),
  },
  { title: "In", width: 10, align: "right", rank: 1, show: ({ traffic }) => rate(traffic?.in) },
  {
    title: "",
    width: columns < WIDE ? 12 : 30,
    rank: 5,
    show: ({ traffic }, width) => bars(traffic?.in, width, "green"),
  },
  { title: "Out", width: 10, align: "right", rank: 2, show: ({ traffic }) => rate(traffic?.out) },
  {
    title: "",
    width: columns < WIDE ? 12 : 30,
    rank: 6,
    show: ({ traffic }, width) => bars(traffic?.out, width, "cyan"),
  },
  {
    title: "Processes",
    width: 9,
    align: "right",
    rank: 4,
    show: ({ vitals }) => span(vitals === undefined ? "" : short(vitals.processes)),
  },
  {
    title: "Memory",
    width: 8,
    align: "right",
    rank: 8,
    show: ({ vitals }) => span(vitals === undefined ? "" : bytes(vitals.rss)),
  },
  {
    title: "Up",
    width: 12,
    align: "right",
    rank: 7,
    show: ({ vitals }) => span(vitals === undefined ? "" : since(vitals.uptime)),
  },
];

function bars(rates: readonly number[] | undefined, width: number, colour: "green" | "cyan"): Span {
  return rates === undefined ? span("") : span(sparkline(rates, width), { colour });
}

function stateOf({ peer }: NodeItem): Span {
  if (peer === undefined) return span("observed", { colour: "green" });
  if (peer.roundTrip === "timeout") return span("no answer", { colour: "red" });
  if (peer.busy) return span("busy", { colour: "yellow" });
  return peer.hidden ? span("hidden", { dim: true }) : span("connected");
}

function processRows(model: Model): Row[] {
  const { table: processes, sort, reverse, pidText } = model;
  if (processes === undefined) return [[span("…", { dim: true })]];
  const mark = (column: string, title: string): string => (column === sort ? `${title}${reverse ? "▵" : "▾"}` : title);
  const columns: Column<ProcessRow>[] = [
    { title: "Pid", width: 14, rank: 0, show: ({ pid }) => span(pidText(pid)) },
    {
      title: mark("name", "Name or call"),
      width: 10,
      grows: true,
      rank: 0,
      show: ({ name, initialCall }) => (name === undefined ? span(initialCall, { dim: true }) : span(name)),
    },
    {
      title: mark("mailbox", "Mail"),
      width: 6,
      align: "right",
      rank: 0,
      show: ({ mailbox }) =>
        span(short(mailbox), mailbox > 1000 ? { colour: "red" } : mailbox > 0 ? { colour: "yellow" } : {}),
    },
    { title: mark("rate", "Msg/s"), width: 7, align: "right", rank: 1, show: (row) => span(short(row.rate)) },
    {
      title: mark("handled", "Handled"),
      width: 8,
      align: "right",
      rank: 2,
      show: ({ handled }) => span(short(handled)),
    },
    {
      title: mark("memory", "Memory"),
      width: 8,
      align: "right",
      rank: 3,
      show: ({ memory }) => span(memory > 0 ? bytes(memory) : "", memory >= 1024 * 1024 ? { colour: "yellow" } : {}),
    },
    { title: mark("age", "Age"), width: 11, align: "right", rank: 4, show: ({ age }) => span(since(age)) },
    {
      title: "State",
      width: 7,
      rank: 5,
      show: ({ waiting }) => (waiting ? span("waiting", { dim: true }) : span("running", { colour: "green" })),
    },
  ];
  if (processes.rows.length === 0)
    return [...table(columns, [], model.screen.columns, -1), [span("none", { dim: true })]];
  return scrolled(columns, processes.rows, model);
}

function treeView(model: Model): Row[] {
  if (model.tree === undefined) return [[span("…", { dim: true })]];
  const rows = treeRows(model);
  if (rows.length === 0) return note("No application runs here, and no supervisor", model);
  const height = bodyRows(model);
  const start = windowStart(rows.length, height, model.selected.tree);
  return rows.slice(start, start + height).map((row, index): Row => {
    const chosen = start + index === model.selected.tree;
    const pieces = treeRow(row, model.pidText);
    if (!chosen) return pieces;
    return [{ inverse: true, text: cell(pieces.map(({ text }) => text).join(""), model.screen.columns) }];
  });
}

function treeRow({ child, depth, open, note }: TreeRow, pidText: (pid: Pid) => string): Row {
  const indent = "  ".repeat(depth);
  if (note !== undefined) return [span(`${indent}  ${note}`, { dim: true })];
  const mark = child.supervisor ? (open ? "▾ " : "▸ ") : "· ";
  const about = child.pid === undefined ? child.state : pidText(child.pid);
  const label = child.label === "" ? [] : [span(`${child.label} `, { bold: child.supervisor })];
  return [
    span(indent + mark),
    ...label,
    span(about, child.state === "restarting" ? { colour: "yellow" } : { dim: true }),
  ];
}

/** What is said where there is nothing to show, in as many rows as it takes. */
function note(text: string, { screen }: Model): Row[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${rows.at(-1) ?? ""} ${word}`;
    if (rows.length > 0 && longer.length <= screen.columns) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows.map((row) => [span(row, { dim: true })]);
}

/** A title and what is said, in as many rows as it takes. */
function told(title: string, text: string, columns: number): Row[] {
  const width = 14;
  const room = Math.max(8, columns - width);
  const lines = text.split("\n").flatMap((line) => {
    const shown = span(line).text;
    const parts: string[] = [];
    for (let i = 0; i < Math.max(1, shown.length); i += room) parts.push(shown.slice(i, i + room));
    return parts;
  });
  return lines.map((line, index) => [span(cell(index === 0 ? title : "", width), { dim: true }), { text: line }]);
}

function reportRows(model: Model): Row[] {
  const { pid, report, pidText, screen } = model;
  if (pid === undefined) return note("Choose a process in the views before this one: Enter shows it here", model);
  if (report === undefined) return [[span(`${pidText(pid)} …`, { dim: true })]];
  if (report === "gone") return [[span(`${pidText(pid)} `), span("is not alive", { colour: "red" })]];
  const rows = details(report, pidText).flatMap(([title, text]) => told(title, text, screen.columns));
  return rows.slice(Math.min(model.selected.process, Math.max(0, rows.length - bodyRows(model))));
}

function details(report: ProcessReport, pidText: (pid: Pid) => string): (readonly [title: string, text: string])[] {
  const list = (items: readonly (Pid | readonly [string, string])[]): string =>
    items.length === 0 ? "none" : items.map((item) => ("node" in item ? pidText(item) : item.join(" on "))).join(", ");
  const { state, messages, dictionary } = report;
  const said: (readonly [string, string])[] = [
    ["Pid", pidText(report.pid)],
    ["Name", report.name ?? "none"],
    ["Initial call", report.initialCall],
    ["Function", currentFunction({ awaits: report.awaits, server: report.state !== undefined }, pidText)],
    ["Memory", memoryText(report.memory)],
    ["Age", since(report.age)],
    [
      "Messages",
      `${String(report.mailbox)} in the mailbox, ${String(report.handled)} handled, ${short(report.rate)} a second`,
    ],
  ];
  if (state !== undefined)
    said.push(["State", state === "timeout" ? "no answer in time: it is at something else" : state.text]);
  for (const [index, message] of messages.entries()) said.push([index === 0 ? "Mailbox" : "", message]);
  if (report.mailbox > messages.length) said.push(["", `… ${String(report.mailbox - messages.length)} more`]);
  said.push(
    ["Links", list(report.links)],
    ["Monitors", list(report.monitors)],
    ["Monitored by", list(report.monitoredBy)],
    ["Traps exits", report.trapExit ? "yes" : "no"],
    ["Parent", report.parent === undefined ? "none" : pidText(report.parent)],
    ["Group leader", pidText(report.groupLeader)],
  );
  for (const [index, [key, value]] of dictionary.entries())
    said.push([index === 0 ? "Dictionary" : "", `${key}: ${value}`]);
  return said;
}

const GRAVE = new Set(["error", "critical", "alert", "emergency"]);

function eventRows(model: Model): Row[] {
  if (model.events.length === 0) {
    return note("Nothing yet: nodes that come and go, crashes and log lines appear here as they happen", model);
  }
  const rows = model.events.flatMap(eventLines);
  const end = Math.max(Math.min(rows.length, bodyRows(model)), rows.length - model.selected.events);
  return rows.slice(Math.max(0, end - bodyRows(model)), end);
}

function eventLines({ time, kind, level, text }: ObservedEvent): Row[] {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const colour = GRAVE.has(level) ? "red" : level === "warning" ? "yellow" : kind === "nodeup" ? "green" : undefined;
  return text.split("\n").map((line, index): Row => {
    if (index > 0) return [span(`         ${line}`, { dim: true })];
    const shown = kind === "log" ? `[${level}] ${line}` : line;
    return [span(`${clock} `, { dim: true }), span(shown, { colour })];
  });
}
