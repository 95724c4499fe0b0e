import type { NodeName, Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";

/**
 * What processes say to each other, across nodes or not: the whole vocabulary between the core and a carrier. It is
 * Erlang's distribution protocol in substance, so that a carrier to a real Erlang node is an adapter. Frames, bytes and
 * ticks are the carrier's own affair.
 *
 * `from` is the process on whose behalf the signal is sent: signals of one `from` to one destination keep their order.
 * In `spawn`, module, function and arguments are the primitive; a function that travels by source is the module
 * `undefined` and the closure itself in `args[0]`.
 */
export type Signal =
  | { readonly op: "send"; readonly from: Pid; readonly to: Pid; readonly message: unknown }
  | { readonly op: "sendName"; readonly from: Pid; readonly name: string; readonly message: unknown }
  | { readonly op: "sendAlias"; readonly from: Pid; readonly alias: Ref; readonly message: unknown }
  | { readonly op: "link"; readonly from: Pid; readonly to: Pid }
  | { readonly op: "unlink"; readonly from: Pid; readonly to: Pid; readonly id: number }
  | { readonly op: "unlinkAck"; readonly from: Pid; readonly to: Pid; readonly id: number }
  /** The end of a linked partner. */
  | { readonly op: "exit"; readonly from: Pid; readonly to: Pid; readonly reason: unknown }
  /** An exit signal somebody sent with `Process.exit`: `kill` and `normal` mean something else here. */
  | { readonly op: "exit2"; readonly from: Pid; readonly to: Pid; readonly reason: unknown }
  | { readonly op: "monitor"; readonly from: Pid; readonly to: Pid | string; readonly ref: Ref }
  | { readonly op: "demonitor"; readonly from: Pid; readonly to: Pid | string; readonly ref: Ref }
  /** A monitor fires. `from` is the dead process, or the name it was monitored by. */
  | { readonly op: "down"; readonly from: Pid | string; readonly to: Pid; readonly ref: Ref; readonly reason: unknown }
  | {
      readonly op: "spawn";
      readonly from: Pid;
      readonly ref: Ref;
      readonly leader: Pid;
      readonly module: string | undefined;
      readonly fun: string;
      readonly args: readonly unknown[];
      /** What errors call the arguments, where the caller knows them by other names than their places. Stays here. */
      readonly argNames?: readonly string[] | undefined;
      readonly link: boolean;
      readonly monitor: boolean;
    }
  /** The answer to `spawn`: the pid the target allocated, or why not. */
  | {
      readonly op: "spawnReply";
      readonly to: Pid;
      readonly ref: Ref;
      readonly result: Pid | { readonly error: unknown };
    }
  | { readonly op: "groupLeader"; readonly from: Pid; readonly to: Pid; readonly leader: Pid };

/** What a link needs to know of the node at its other end. */
export interface Peer {
  readonly name: NodeName;
  readonly creation: number;
  /** Not part of the mesh: not told of other nodes, not in `Node.list()`. */
  readonly hidden: boolean;
}
