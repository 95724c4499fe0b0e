import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { memoryOf } from "../../process/process-memory.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { Estimates } from "./estimates.ts";
import { top } from "./top.ts";
import { MOST_ROWS, type ProcessQuery, type ProcessRow, type ProcessTable, type Sort, SORTS } from "./types.ts";

/** How many values are looked at in what a process holds, for its row. */
const LOOKED_AT = 200;

/** Rates are reckoned over no less than this, in milliseconds. */
const WINDOW_MS = 900;

/** What each process had handled at an earlier look. Those that had nothing are not in it. */
export class Sample {
  readonly at: number;
  private readonly handled = new Map<Process, number>();

  constructor(runtime: Runtime) {
    this.at = runtime.uptime;
    for (const process of runtime.processes.values()) {
      const handled = handledBy(process);
      if (handled > 0) this.handled.set(process, handled);
    }
  }

  /** Whether it lies far enough back for rates, so that the next look gets a new one. */
  isOld(uptime: number): boolean {
    return uptime - this.at >= WINDOW_MS;
  }

  /** Messages a second since then. */
  rate(process: Process, uptime: number): number {
    const seconds = (uptime - this.at) / 1000;
    return seconds <= 0 ? 0 : (handledBy(process) - (this.handled.get(process) ?? 0)) / seconds;
  }
}

function handledBy(process: Process): number {
  return process.delivered - process.mailbox.length;
}

interface Candidate {
  readonly process: Process;
  readonly key: number | string;
}

/**
 * The processes of a node that come first. Rates are since `sample`, 0 without one; what is known of memory from looks
 * before is used for the order. Throws `badarg` for a query that is none.
 */
export function processTable(
  runtime: Runtime,
  query: ProcessQuery,
  sample?: Sample,
  estimates = new Estimates(),
): ProcessTable {
  const { sort = "mailbox", reverse = false, filter = "", limit = 100 } = query;
  if (!SORTS.includes(sort)) throw new ArgumentError(`Processes are sorted by ${SORTS.join(", ")}`);
  if (typeof filter !== "string" || !Number.isInteger(limit) || limit < 1)
    throw new ArgumentError("The filter is a text, and the limit an integer from 1");
  const { uptime } = runtime;
  const wanted = filter.toLowerCase();
  const keyOf = keyBy(sort, uptime, sample, estimates);
  let matching = 0;
  function* candidates(): Generator<Candidate> {
    for (const process of runtime.processes.values()) {
      if (wanted !== "" && !matches(process, wanted)) continue;
      matching++;
      yield { process, key: keyOf(process) };
    }
  }
  // The greatest numbers first, and names from A to Z, unless it is turned round.
  const direction = (sort === "name") !== reverse ? 1 : -1;
  const compare = (a: Candidate, b: Candidate): number =>
    a.key < b.key ? -direction : a.key > b.key ? direction : a.process.pid.id - b.process.pid.id;
  const chosen = top(candidates(), Math.min(limit, MOST_ROWS), compare);
  const rows = chosen.map(({ process }) => rowOf(process, uptime, sample));
  return { rows, total: runtime.processes.size, matching };
}

function keyBy(
  sort: Sort,
  uptime: number,
  sample: Sample | undefined,
  estimates: Estimates,
): (process: Process) => number | string {
  switch (sort) {
    case "mailbox":
      return (process) => process.mailbox.length;
    case "rate":
      return (process) => sample?.rate(process, uptime) ?? 0;
    case "handled":
      return handledBy;
    case "memory":
      estimates.look();
      return (process) => estimates.of(process);
    case "age":
      return (process) => -process.born;
    case "name":
      // Those without a name come behind those with one.
      return (process) => process.name ?? `\uffff${process.initialCall}`;
  }
}

function matches(process: Process, wanted: string): boolean {
  const { name, initialCall, pid } = process;
  return (
    name?.toLowerCase().includes(wanted) === true ||
    initialCall.toLowerCase().includes(wanted) ||
    `#pid<0.${String(pid.id)}.${String(pid.serial)}>`.includes(wanted)
  );
}

export function rowOf(process: Process, uptime: number, sample?: Sample): ProcessRow {
  return {
    pid: process.pid,
    name: process.name === undefined ? undefined : inspect(process.name).slice(1, -1),
    initialCall: process.initialCall.slice(0, 200),
    waiting: process.waiting,
    mailbox: process.mailbox.length,
    handled: handledBy(process),
    rate: sample?.rate(process, uptime) ?? 0,
    memory: memoryOf(process, LOOKED_AT),
    age: Math.max(0, uptime - process.born * 100),
  };
}
