import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import { ArgumentError } from "../term/error.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import type { Module } from "../process/modules.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import { castMessage } from "../otp/envelope.ts";
import { genCall, genStop } from "../otp/gen-call.ts";
import { serve } from "../otp/serve.ts";
import { startProcess } from "../otp/start.ts";
import { StartError } from "../otp/start-error.ts";
import { applicationOf, type CallResult, type Failure, valueOf } from "./erpc.ts";
import { connectionsOf } from "./node-module.ts";
import { peerMeans } from "./peer/channel.ts";
import { Controller, type PeerState } from "./peer/controller.ts";
import { checkPeerOptions, peerNameArgs, type PeerOptions, randomPeerName } from "./peer/peer-options.ts";

export type { PeerOptions, PeerState };

/**
 * Erlang's `peer`: nodes in programs of their own, which live no longer than the process that owns them. For work that
 * keeps a processor busy, which would hold up every process of this node, and for tests.
 *
 * A peer has the library's modules and the files that this node has loaded. What it prints is printed by the group
 * leader of who started it.
 *
 * ```text
 * const [peer, node] = await Peer.startLink();
 * await rpc.call(node, () => process.pid); // another program
 * await Peer.stop(peer); // "ok"
 * ```
 */
export const Peer = {
  /**
   * Starts a node in a program of its own, and gives the process that owns it and its name. It ends with that process,
   * and with this node.
   *
   * Throws `badarg`, naming the option; `not_alive` if this node has no name and the peer is to be connected with it;
   * `timeout` if it is not up in time; `boot_failed` with what it said; `noconnection`. Then nothing is left of it.
   */
  start(options: PeerOptions = {}): Promise<[peer: Pid, node: NodeName]> {
    return start(options, false);
  },

  /** Like {@link Peer.start}, and linked with the caller: when that ends, the peer is stopped. */
  startLink(options: PeerOptions = {}): Promise<[peer: Pid, node: NodeName]> {
    return start(options, true);
  },

  /**
   * Ends a peer as its option `shutdown` says, and gives `"ok"` when it is gone; exits with `noproc` if its owner is.
   */
  stop(peer: Pid): Promise<"ok"> {
    return genStop(checked(peer), "normal", Infinity, ["Peer", "stop", [peer]]);
  },

  /**
   * Applies a function on the peer over the channel between the two programs, whether it is connected or not, and gives
   * its value. Fails as the function did, as `erpc.call` does; `noconnection` if the peer is not up. Exits with `timeout`
   * (ms, 5000 unless told; it may still run), and `noproc` if there is no such peer.
   */
  async call<M extends Module | string, F extends FunctionNames<M>>(
    peer: Pid,
    ...rest: [fn: () => unknown, timeout?: number] | [module: M, fun: F, args?: Arguments<M, F>, timeout?: number]
  ): Promise<Result<M, F>> {
    const { name } = current().runtime;
    const { application, timeout } = applicationOf(name, rest);
    const { what, fun, args } = application;
    const limit = timeout === Infinity && !rest.includes(Infinity) ? 5000 : timeout;
    const parts = typeof what === "function" && fun === "" ? [what] : [what, fun, args];
    const described = ["Peer", "call", [peer, ...parts]] as const;
    const answer = (await genCall(checked(peer), ["call", ...parts], limit, described)) as
      CallResult | Failure | readonly ["refused", unknown];
    if (!("failed" in answer) && answer[0] === "refused") throw answer[1];
    return valueOf(answer, peer.node) as Result<M, F>;
  },

  /** Applies a function on the peer over the channel, and does not wait. `"ok"` at once. */
  cast<M extends Module | string, F extends FunctionNames<M>>(
    peer: Pid,
    ...rest: [fn: () => unknown] | [module: M, fun: F, args?: Arguments<M, F>]
  ): "ok" {
    const process = current();
    const { what, fun, args } = applicationOf(process.runtime.name, rest).application;
    const parts = typeof what === "function" && fun === "" ? [what] : [what, fun, args];
    sendFrom(process, checked(peer), castMessage(["cast", ...parts]));
    return "ok";
  },

  /** Sends a message over the channel to a process of the peer: by its name there, or its pid. `"ok"` at once. */
  send(peer: Pid, destination: string | Pid, message: unknown): "ok" {
    sendFrom(current(), checked(peer), castMessage(["send", destination, message]));
    return "ok";
  },

  /** `"booting"`, `"running"`, or `["down", reason]`. Exits with `noproc` if its owner is gone. */
  async getState(peer: Pid): Promise<PeerState> {
    return (await genCall(checked(peer), ["get_state"], 5000, ["Peer", "getState", [peer]])) as PeerState;
  },

  /** A name for a peer that no other node of this host has. */
  randomName(prefix?: string): string {
    return randomPeerName(prefix);
  },
};

async function start(options: PeerOptions, link: boolean): Promise<[Pid, NodeName]> {
  checkPeerOptions(options);
  const starter = current();
  const { runtime } = starter;
  const overNetwork = options.connection === undefined;
  if (overNetwork && connectionsOf(runtime) === undefined) {
    throw new StartError(
      "not_alive",
      'This node has no name, so no peer can connect to it: start it with one, or give connection: "standardIo"',
      "not_alive",
    );
  }
  const means = peerMeans(runtime);
  if (means === undefined) throw new ArgumentError("This node can't have peers: start it with startNode()");
  const name = overNetwork || options.name !== undefined ? peerNameArgs(options, originOf(runtime.name)) : [];
  let controller: Controller | undefined;
  const pid = await startProcess(
    starter,
    async (process) => {
      controller = new Controller(process, options, name, means);
      await controller.boot();
      const serving = controller;
      return () => serve(process, link ? starter.pid : undefined, serving);
    },
    { link, initialCall: "peer.init/1" },
  );
  return [pid as Pid, (controller as unknown as Controller).node];
}

/** Whose host the peer shares. A node without a name has none. */
function originOf(name: NodeName): NodeName {
  return name === "nonode@nohost" ? "peer@localhost" : name;
}

function checked(peer: unknown): Pid {
  if (!isPid(peer)) throw new ArgumentError("A peer is the pid that Peer.start gave");
  return peer;
}
