/** What the observer knows and shows: plain data, changed by {@link press} for keys and {@link received} for answers. */
import type {
  EventReport,
  ObservedEvent,
  ProcessQuery,
  ProcessReport,
  ProcessTable,
  Sort,
  Summary,
  TreeChild,
  TreeReport,
} from "../../node/observed/types.ts";
import type { NodeName, Pid } from "../../term/pid.ts";
import type { Screen } from "../layout.ts";

export const VIEWS = ["nodes", "processes", "tree", "process", "events", "system"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What went over the connection to a node, a second at a time, the latest last. */
export interface Traffic {
  readonly at: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes a second. */
  readonly in: readonly number[];
  readonly out: readonly number[];
}

/** How the node was, a look at a time, the latest last. */
export interface History {
  readonly at: number;
  /** Milliseconds of processor time up to then. */
  readonly processor: number;
  /** Shares of the time: in which the event loop had work, and of one processor. */
  readonly busy: readonly number[];
  readonly cpu: readonly number[];
  /** The longest delay of the event loop, in milliseconds. */
  readonly delay: readonly number[];
  readonly rss: readonly number[];
  readonly heap: readonly number[];
  readonly processes: readonly number[];
}

export interface Model {
  /** The node that is observed. */
  readonly node: NodeName;
  readonly view: ViewName;
  /** Where one process was chosen. */
  readonly from: ViewName;
  readonly screen: Screen;
  /** Milliseconds on the observer's clock. */
  readonly now: number;
  readonly answeredAt: number;
  /** Why there is no answer, if the latest question had none. */
  readonly problem: string | undefined;
  readonly paused: boolean;
  readonly summary: Summary | undefined;
  /** The share of time in which the observed program had work, from 0 to 1. */
  readonly busy: number | undefined;
  readonly traffic: ReadonlyMap<NodeName, Traffic>;
  readonly history: History | undefined;
  /** Which row is chosen in each view; in those of text, how far they are scrolled. */
  readonly selected: Readonly<Record<ViewName, number>>;
  readonly sort: Sort;
  readonly reverse: boolean;
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  /** Whether the keys are explained instead of a view. */
  readonly help: boolean;
  /** The process that is ended if the next key says so. */
  readonly killing: Pid | undefined;
  readonly table: ProcessTable | undefined;
  readonly tree: TreeReport | undefined;
  readonly open: ReadonlySet<Pid>;
  readonly pid: Pid | undefined;
  readonly report: ProcessReport | "gone" | undefined;
  readonly events: readonly ObservedEvent[];
  readonly watch: number | undefined;
  /** How a pid is written, as it can be typed at the prompt. */
  readonly pidText: (pid: Pid) => string;
}

/** How many seconds of traffic are kept, and how many events. */
export const MOST_RATES = 60;
export const MOST_EVENTS = 500;
/** Rows above and below a view's own: the head, the tabs, and the keys. */
export const FRAME_ROWS = 3;

export function createModel(node: NodeName, screen: Screen, pidText: (pid: Pid) => string): Model {
  return {
    ...{ node, screen, pidText, view: "nodes", from: "processes", now: 0, answeredAt: 0, problem: undefined },
    ...{ paused: false, selected: { nodes: 0, processes: 0, tree: 0, process: 0, events: 0, system: 0 } },
    ...{ sort: "mailbox", reverse: false, filter: "", typing: false, help: false, killing: undefined },
    ...nothingKnown,
  };
}

type Known =
  "summary" | "busy" | "traffic" | "history" | "table" | "tree" | "open" | "pid" | "report" | "events" | "watch";

const nothingKnown: Pick<Model, Known> = {
  ...{ summary: undefined, busy: undefined, traffic: new Map<NodeName, Traffic>(), table: undefined, tree: undefined },
  ...{ history: undefined, open: new Set<Pid>(), pid: undefined, report: undefined, events: [], watch: undefined },
};

/** Turns to another node: what is known of the one before is forgotten. */
export function observe(model: Model, node: NodeName): Model {
  const selected = { nodes: 0, processes: 0, tree: 0, process: 0, events: 0, system: 0 };
  return { ...model, ...nothingKnown, node, selected, problem: undefined, answeredAt: model.now };
}

/** The rows that a view has for its own, its table's head included. */
export function bodyRows({ screen }: Pick<Model, "screen">): number {
  return Math.max(1, screen.rows - FRAME_ROWS);
}

/** What the node is asked in this state, by the function of `Moebi.Observed`. */
export type Question =
  | readonly [fun: "summary"]
  | readonly [fun: "events", after: number]
  | readonly [fun: "processes", query: ProcessQuery]
  | readonly [fun: "tree", open: readonly Pid[]]
  | readonly [fun: "process", pid: Pid];

export function questions(model: Model): Question[] {
  const asked: Question[] = [["summary"], ["events", model.events.at(-1)?.id ?? 0]];
  if (model.view === "processes") {
    const { sort, reverse, filter, selected } = model;
    const limit = Math.max(bodyRows(model), selected.processes + bodyRows(model));
    asked.push(["processes", { sort, reverse, filter, limit: Math.min(limit, 1000) }]);
  }
  if (model.view === "tree") asked.push(["tree", [...model.open]]);
  if (model.view === "process" && model.pid !== undefined) asked.push(["process", model.pid]);
  return asked;
}

/** The next state once a question was answered. */
export function received(model: Model, [fun, about]: Question, answer: unknown): Model {
  const next: Model = { ...model, problem: undefined, answeredAt: model.now };
  switch (fun) {
    case "summary":
      return withSummary(next, answer as Summary);
    case "events":
      return withEvents(next, answer as EventReport);
    case "processes": {
      const table = answer as ProcessTable;
      // What was chosen stays chosen where it is still shown.
      const chosen = model.table?.rows[model.selected.processes]?.pid;
      const at = table.rows.findIndex(({ pid }) => pid === chosen);
      const selected = at < 0 || model.selected.processes === 0 ? model.selected.processes : at;
      return choose({ ...next, table }, "processes", selected);
    }
    case "tree": {
      const tree = answer as TreeReport;
      return choose({ ...next, tree }, "tree", model.selected.tree);
    }
    case "process":
      return about === model.pid ? { ...next, report: (answer as ProcessReport | undefined) ?? "gone" } : next;
  }
}

/** The next state once a question had no answer. What is known stays on the screen. */
export function unanswered(model: Model, problem: string): Model {
  return { ...model, problem };
}

function withSummary(model: Model, summary: Summary): Model {
  const before = model.summary?.vitals;
  const { busy, idle } = summary.vitals;
  const passed = before === undefined ? 0 : busy + idle - before.busy - before.idle;
  const traffic = new Map<NodeName, Traffic>();
  for (const { node, bytesIn, bytesOut } of summary.peers) {
    traffic.set(node, withRates(model.traffic.get(node), { at: summary.at, bytesIn, bytesOut }));
  }
  const share = passed > 0 && before !== undefined ? (busy - before.busy) / passed : model.busy;
  const history = withHistory(model.history, summary, share);
  return choose({ ...model, summary, traffic, history, busy: share }, "nodes", model.selected.nodes);
}

function withHistory(before: History | undefined, { at, vitals, health }: Summary, busy: number | undefined): History {
  const processor = health.user + health.system;
  // A program that began anew has not worked less than nothing.
  const passed = before === undefined || processor < before.processor ? 0 : at - before.at;
  if (before !== undefined && passed > 0 && passed < 200) return before;
  const add = (values: readonly number[] | undefined, value: number | undefined): readonly number[] =>
    value === undefined ? (values ?? []) : [...(values ?? []).slice(1 - MOST_RATES), value];
  return {
    ...{ at, processor, busy: add(before?.busy, busy) },
    cpu: add(before?.cpu, passed > 0 && before !== undefined ? (processor - before.processor) / passed : undefined),
    delay: add(before?.delay, health.delay.most),
    rss: add(before?.rss, vitals.rss),
    heap: add(before?.heap, vitals.heapUsed),
    processes: add(before?.processes, vitals.processes),
  };
}

function withRates(before: Traffic | undefined, now: Pick<Traffic, "at" | "bytesIn" | "bytesOut">): Traffic {
  // Counters of a new connection begin again.
  if (before === undefined || now.bytesIn < before.bytesIn || now.bytesOut < before.bytesOut) {
    return { ...now, in: before?.in ?? [], out: before?.out ?? [] };
  }
  const seconds = (now.at - before.at) / 1000;
  if (seconds < 0.2) return before;
  const add = (rates: readonly number[], bytes: number): number[] => [...rates.slice(1 - MOST_RATES), bytes / seconds];
  return {
    ...now,
    in: add(before.in, now.bytesIn - before.bytesIn),
    out: add(before.out, now.bytesOut - before.bytesOut),
  };
}

function withEvents(model: Model, { events, watch }: EventReport): Model {
  // With another watch counting began again, so what came first there may not have been sent: it is asked for anew.
  if (model.watch !== undefined && watch !== model.watch) return { ...model, watch, events: [] };
  const latest = model.events.at(-1)?.id ?? 0;
  const added = events.filter(({ id }) => id > latest);
  return { ...model, watch, events: [...model.events, ...added].slice(-MOST_EVENTS) };
}

/** One line of the tree. */
export interface TreeRow {
  readonly child: TreeChild;
  readonly depth: number;
  readonly open: boolean;
  /** What is said instead of children: that they did not come, or how many are left out. */
  readonly note?: string;
}

/** The tree as rows: what is unfolded, with its children below it. */
export function treeRows({ tree, open }: Pick<Model, "tree" | "open">): TreeRow[] {
  if (tree === undefined) return [];
  const children = new Map(tree.children.map(([pid, list, total]) => [pid, { list, total }]));
  const rows: TreeRow[] = [];
  const add = (child: TreeChild, depth: number): void => {
    const isOpen = child.pid !== undefined && open.has(child.pid);
    rows.push({ child, depth, open: isOpen });
    // A supervisor can't be below itself; one that says so is not believed for ever.
    if (child.pid === undefined || !isOpen || depth > 50) return;
    const known = children.get(child.pid);
    if (known === undefined) return;
    const note = (text: string): void => {
      rows.push({
        child: { pid: undefined, label: "", supervisor: false, state: "undefined" },
        depth: depth + 1,
        open: false,
        note: text,
      });
    };
    if (known.list === undefined) note("no answer in time");
    else if (known.list.length === 0) note("no children");
    for (const one of known.list ?? []) add(one, depth + 1);
    if (known.list !== undefined && known.total > known.list.length)
      note(`… ${String(known.total - known.list.length)} more`);
  };
  for (const root of tree.roots) add(root, 0);
  return rows;
}

/** The nodes in the order shown: the observed one first. */
export function nodesOf({ node, summary }: Pick<Model, "node" | "summary">): NodeName[] {
  return [node, ...(summary?.peers.map((peer) => peer.node) ?? [])];
}

/** How many rows a view has to choose from, `undefined` where it is text that scrolls. */
export function countOf(model: Model, view: ViewName): number | undefined {
  switch (view) {
    case "nodes":
      return nodesOf(model).length;
    case "processes":
      return model.table?.rows.length ?? 0;
    case "tree":
      return treeRows(model).length;
    default:
      return undefined;
  }
}

/** Chooses a row of a view, or the nearest there is. */
export function choose(model: Model, view: ViewName, row: number): Model {
  const count = countOf(model, view);
  const at = Math.max(0, count === undefined ? row : Math.min(row, Math.max(0, count - 1)));
  return at === model.selected[view] ? model : { ...model, selected: { ...model.selected, [view]: at } };
}
