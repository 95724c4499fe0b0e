import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import { isNodeName } from "../node-name.ts";

/** What a topology's configuration holds, by option. */
export type Config = Readonly<Record<string, unknown>>;

/** What a strategy works with: its configuration, and what it may do to the cluster. */
export interface Topology {
  readonly name: string;
  readonly config: Config;
  /** The node that discovers. */
  readonly self: NodeName;
  /** Aborted when the topology ends: for sockets and questions on their way. */
  readonly signal: AbortSignal;
  /** Connects to those of `nodes` that are not connected yet, all at once; never rejects for one that can't be reached. */
  connect(nodes: Iterable<NodeName>): Promise<void>;
  /** As `connect`, and disconnects from those that an earlier call named and this one does not. */
  replace(nodes: Iterable<NodeName>): Promise<void>;
  /** Logs a warning under the topology's name, if it is not the last one that was logged about `subject`. */
  warn(subject: string, text: string): void;
  /** Forgets the last warning about `subject`, so that the next is logged. */
  settle(subject: string): void;
  /** Waits so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/** A way to find the other nodes of a cluster. */
export interface Strategy {
  /** Throws `badarg` for a configuration that can't work, naming the option. Runs before anything is started. */
  check(config: Config): void;
  /** Runs in a process of its own, under a supervisor that starts it again if it fails. */
  run(topology: Topology): Promise<void>;
}

/** The nodes in an option that lists them. Throws `badarg` for what is no node name. */
export function nodesIn(config: Config, option: string): NodeName[] {
  const value = config[option];
  if (!Array.isArray(value)) throw new ArgumentError(`The option ${option} is a list of nodes, not ${inspect(value)}`);
  for (const node of value as unknown[])
    if (!isNodeName(node)) throw new ArgumentError(`The option ${option} has ${inspect(node)}, which is no node name`);
  return value as NodeName[];
}

/** A text in a configuration, `otherwise` if it is not given. Throws `badarg` for any other value. */
export function textIn(config: Config, option: string, otherwise?: string): string {
  const value = config[option] ?? otherwise;
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(`The option ${option} is a text, not ${inspect(value)}`);
}

/** Milliseconds in a configuration, more than none. Throws `badarg` for any other value. */
export function millisecondsIn(config: Config, option: string, otherwise: number): number {
  const value = config[option] ?? otherwise;
  if (typeof value === "number" && value > 0) return value;
  throw new ArgumentError(`The option ${option} is a number of milliseconds, not ${inspect(value)}`);
}
