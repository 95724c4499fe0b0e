/** What an observed node tells of itself. All of it crosses between nodes. */
import type { Level } from "../../process/log.ts";
import type { Awaits } from "../../process/process-info.ts";
import type { NodeName, Pid } from "../../term/pid.ts";
import type { Vitals } from "../vitals.ts";

/** A node that the observed one is connected to. */
export interface PeerReport {
  readonly node: NodeName;
  readonly hidden: boolean;
  /** Whether its connection is past its soft limit. */
  readonly busy: boolean;
  /** Of the connection, since it was made. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly signalsIn: number;
  readonly signalsOut: number;
  /** Bytes on their way to it. */
  readonly queued: number;
  /** How long the latest call there and back took, in milliseconds; `undefined` before the first, `"timeout"` if none came back. */
  readonly roundTrip: number | "timeout" | undefined;
  /** What it said of itself then. */
  readonly vitals: Vitals | undefined;
}

/** How the whole program is in which a node runs; other nodes may run in it too. */
export interface Health {
  /** By how much the event loop was late in the last second, in milliseconds: what else had to wait. */
  readonly delay: { readonly median: number; readonly most: number };
  /** Milliseconds of processor time so far, its own and the system's for it. */
  readonly user: number;
  readonly system: number;
  /** Bytes: how large the heap may become, what is held outside it, and how much of that are buffers. */
  readonly heapLimit: number;
  readonly external: number;
  readonly arrayBuffers: number;
  /** Registered names. */
  readonly names: number;
  /** The system's number for the program. */
  readonly pid: number;
}

export interface Summary {
  readonly node: NodeName;
  /** On the node's clock, in milliseconds: what rates are reckoned by. */
  readonly at: number;
  readonly vitals: Vitals;
  /** Node.js and the machine, as it is shown. */
  readonly system: string;
  readonly health: Health;
  readonly peers: readonly PeerReport[];
}

export const SORTS = ["mailbox", "rate", "handled", "memory", "age", "name"] as const;
export type Sort = (typeof SORTS)[number];

export interface ProcessQuery {
  readonly sort?: Sort;
  /** The least first: the emptiest mailbox, the youngest. Names go from A to Z unless it is set. */
  readonly reverse?: boolean;
  /** Only those whose name, initial call or pid has this in it, in capitals or not. */
  readonly filter?: string;
  /** How many are wanted, up to {@link MOST_ROWS}. */
  readonly limit?: number;
}

/** No answer holds more processes than this, however many a node has. */
export const MOST_ROWS = 1000;

export interface ProcessRow {
  readonly pid: Pid;
  readonly name: string | undefined;
  readonly initialCall: string;
  readonly waiting: boolean;
  readonly mailbox: number;
  /** Messages it has taken out of its mailbox so far; answers to its calls never are in it. */
  readonly handled: number;
  /** Of these, how many a second since the last look. */
  readonly rate: number;
  /** An estimate, in bytes, of its mailbox, its dictionary and a server's state. */
  readonly memory: number;
  /** In milliseconds, to a tenth of a second. */
  readonly age: number;
}

export interface ProcessTable {
  readonly rows: readonly ProcessRow[];
  /** How many there are, and how many of them the filter lets through. */
  readonly total: number;
  readonly matching: number;
}

/** One process of a supervision tree. */
export interface TreeChild {
  readonly pid: Pid | undefined;
  /** The id of a child, the name of an application, as text. */
  readonly label: string;
  readonly supervisor: boolean;
  /** Why there is no pid. */
  readonly state: "running" | "restarting" | "undefined";
}

export interface TreeReport {
  /** Running applications, and supervisors that no application has. */
  readonly roots: readonly TreeChild[];
  /** The children of those that were asked for; `undefined` where no answer came in time. */
  readonly children: readonly (readonly [supervisor: Pid, children: readonly TreeChild[] | undefined, total: number])[];
}

/** One process, as text: its values stay on its node. */
export interface ProcessReport extends ProcessRow {
  readonly awaits: Awaits | null;
  readonly trapExit: boolean;
  readonly parent: Pid | undefined;
  readonly groupLeader: Pid;
  readonly links: readonly Pid[];
  readonly monitors: readonly (Pid | readonly [string, string])[];
  readonly monitoredBy: readonly Pid[];
  /** The oldest messages of its mailbox. */
  readonly messages: readonly string[];
  readonly dictionary: readonly (readonly [key: string, value: string])[];
  /** A server's state; `"timeout"` if it is at something else, `undefined` if it is no server. */
  readonly state: { readonly text: string } | "timeout" | undefined;
}

export interface ObservedEvent {
  /** Counted from 1 as long as the node is observed. */
  readonly id: number;
  /** Wall clock, for people. */
  readonly time: number;
  readonly kind: "nodeup" | "nodedown" | "log";
  readonly level: Level;
  readonly text: string;
}

export interface EventReport {
  readonly events: readonly ObservedEvent[];
  /** Which watch counted them: with another one, counting began again. */
  readonly watch: number;
}
