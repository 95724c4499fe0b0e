import type { NodeName, Pid } from "../../term/pid.ts";
import type { Process } from "../../process/process.ts";
import { sendAfter } from "../../process/timers.ts";
import type { Connections } from "../connections.ts";
import { OverlapGuard } from "./overlap-guard.ts";

/** What of a clash may take its time: to hear from both ends of a lost connection, and of a node's end, in milliseconds. */
const GRACE = 500;

/** The name server, as this part of it sees it. */
export interface PartitionsHost {
  readonly process: Process;
  /** The server of a node that shares names. */
  serverOf(node: NodeName): Pid | undefined;
  /** Tells the server of a node; nobody if there is no connection. */
  tell(node: NodeName, message: readonly unknown[]): void;
  /** Tells all. */
  broadcast(message: readonly unknown[]): void;
}

/**
 * Keeps the parts of a cluster from overlapping: tells others whom this node has lost, and leaves one of two that have
 * lost each other.
 */
export class Partitions {
  private readonly host: PartitionsHost;
  private readonly connections: Connections | undefined;
  private readonly guard: OverlapGuard | undefined;
  /** Connections that end on purpose, of which others need not be told. */
  private readonly leaving = new Set<NodeName>();

  /** With `prevents` false it only ends connections when told to. */
  constructor(host: PartitionsHost, connections: Connections | undefined, prevents: boolean) {
    this.host = host;
    this.connections = connections;
    this.guard = prevents ? new OverlapGuard() : undefined;
  }

  private get here(): NodeName {
    return this.host.process.runtime.name;
  }

  /** A connection is there. */
  up(node: NodeName): void {
    this.leaving.delete(node);
  }

  /** A node shares names with this one. */
  met(node: NodeName): void {
    if (this.guard !== undefined) this.host.broadcast(["restored", this.host.process.pid, node]);
  }

  /** A connection has ended; `peer` is the server that was there, if it shared names. */
  down(node: NodeName, peer: Pid | undefined): void {
    this.guard?.gone(node);
    if (peer !== undefined && !this.leaving.delete(node)) this.report(node, peer.creation);
  }

  /** Another node has found one again. */
  restoredBy(reporter: NodeName, node: NodeName): void {
    this.guard?.restored(reporter, node);
  }

  /** A node that others of the mesh are connected to can't be reached. */
  meshFailure(node: NodeName): void {
    if (this.guard === undefined || this.connections?.linkTo(node) !== undefined) return;
    this.log(`'global' at ${this.here} failed to connect to ${node}`);
    this.report(node, 0);
  }

  /** Another node has lost one that is, or was, connected here too. Creation 0 stands for any life of it. */
  lostBy(reporter: NodeName, node: NodeName, creation: number): void {
    const peer = this.host.serverOf(node);
    if (peer === undefined) return;
    // Who held on to an earlier life of it has not tried to reach this one.
    if (creation !== 0 && creation !== peer.creation) return this.connections?.introduce(reporter, [node]);
    const key = this.guard?.lost(reporter, node);
    if (key === undefined) return;
    sendAfter(this.host.process.pid, ["overlap", key], GRACE);
  }

  /** It is time to decide about two that have lost each other. */
  overlap(key: string): void {
    const node = this.guard?.decide(key);
    if (node === undefined || this.host.serverOf(node) === undefined) return;
    this.warn("disconnected", node);
    // Others are told: whoever still has both of us must choose as well.
    this.part(node, false);
  }

  /** Another node has left this one. */
  removedBy(node: NodeName, quietly: boolean): void {
    if (!quietly) this.warn("requested disconnect from", node);
    this.leaving.add(node);
    this.connections?.disconnect(node);
  }

  /** Leaves a node; quietly if nobody else is to part from it, or from this one, for that. */
  part(node: NodeName, quietly: boolean): void {
    this.host.tell(node, ["remove_connection", this.host.process.pid, quietly]);
    if (quietly) this.leaving.add(node);
    this.connections?.disconnect(node);
  }

  private report(node: NodeName, creation: number): void {
    if (this.guard !== undefined) this.host.broadcast(["lost_connection", this.host.process.pid, node, creation]);
  }

  private warn(what: string, node: NodeName): void {
    this.log(`'global' at node ${this.here} ${what} node ${node} in order to prevent overlapping partitions`);
  }

  private log(text: string): void {
    this.host.process.runtime.log("warning", text);
  }
}
