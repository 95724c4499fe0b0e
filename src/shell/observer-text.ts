/** What the observer shows, as text: for `nodes()`, and for `observer()` where there is no screen. */
import type { PeerReport, ProcessTable, Summary, TreeReport } from "../node/observed/types.ts";
import type { Vitals } from "../node/vitals.ts";
import { inspect } from "../term/inspect.ts";
import { bytes, short, since, trip } from "./units.ts";

/** Rows of cells in columns, the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

const state = ({ roundTrip, busy, hidden }: PeerReport): string =>
  roundTrip === "timeout" ? "no answer" : busy ? "busy" : hidden ? "hidden" : "connected";

const vitalCells = (vitals: Vitals | undefined): string[] =>
  vitals === undefined ? ["", ""] : [since(vitals.uptime), short(vitals.processes)];

/** A name is cut no shorter than this, and which columns are left out first where there is no room, the last one last. */
const LEAST_NAME = 24;
const LEFT_OUT = ["Sent", "Received", "Processes", "Up", "Round trip"];

/**
 * A node and its peers: state, round trip, what has gone to and fro since they are connected. In so many columns: what does
 * not fit is left out, the least needed first, and names are cut.
 */
export function nodeLines(
  { node, vitals, peers }: Pick<Summary, "node" | "vitals" | "peers">,
  width = Infinity,
): string[] {
  let rows: (readonly string[])[] = [
    ["Node", "State", "Up", "Processes", "Round trip", "Received", "Sent"],
    [node, "this node", ...vitalCells(vitals), "", "", ""],
    ...peers.map((peer) => [
      peer.node,
      state(peer),
      ...vitalCells(peer.vitals),
      typeof peer.roundTrip === "number" ? trip(peer.roundTrip) : "",
      bytes(peer.bytesIn),
      bytes(peer.bytesOut),
    ]),
  ];
  const names = Math.max(...rows.map(([name = ""]) => name.length));
  const rest = (): number => Math.max(...aligned(rows).map((line) => line.length)) - names;
  for (const title of LEFT_OUT) {
    if (rest() + Math.min(names, LEAST_NAME) <= width) break;
    const column = rows[0]?.indexOf(title) ?? -1;
    rows = rows.map((row) => row.filter((_, index) => index !== column));
  }
  const room = Math.max(LEAST_NAME, width - rest());
  return aligned(
    rows.map(([name = "", ...cells]) => [name.length > room ? `${name.slice(0, room - 1)}…` : name, ...cells]),
  );
}

/** One look at a node: how it is, its peers, the processes with the fullest mailboxes, its applications. */
export function snapshotLines(summary: Omit<Summary, "health">, table: ProcessTable, tree: TreeReport): string[] {
  const { vitals, system } = summary;
  const { rows, total } = table;
  const roots = tree.roots.map(({ label, pid }) => (pid === undefined ? label : `${label} ${inspect(pid)}`));
  return [
    `${summary.node}: up ${since(vitals.uptime)}, memory ${bytes(vitals.rss)}, heap ${bytes(vitals.heapUsed)}, ${system}`,
    "",
    ...nodeLines(summary),
    "",
    `Processes: ${String(total)}${rows.length < total ? `, those with the fullest mailboxes:` : ""}`,
    ...aligned([
      ["Pid", "Mailbox", "Handled", "Age", "State"],
      ...rows.map(({ pid, mailbox, handled, age, waiting }) => [
        inspect(pid),
        short(mailbox),
        short(handled),
        since(age),
        waiting ? "waiting" : "running",
      ]),
    ]).map((line, index) => {
      const row = rows[index - 1];
      return row === undefined ? `${line}  Name or call` : `${line}  ${row.name ?? row.initialCall}`;
    }),
    "",
    `Supervision trees: ${roots.length === 0 ? "none" : roots.join(", ")}`,
  ];
}
