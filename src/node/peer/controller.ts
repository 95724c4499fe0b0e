import type { ChildProcess } from "node:child_process";
import { type NodeName, NONODE } from "../../term/pid.ts";
import { reply, type From } from "../../process/call.ts";
import type { Timer } from "../../process/clock.ts";
import { runAs } from "../../process/context.ts";
import { sendFrom } from "../../process/destination.ts";
import type { Process } from "../../process/process.ts";
import { take } from "../../process/receive.ts";
import { NoReply, Stop } from "../../otp/directive.ts";
import type { Handlers } from "../../otp/serve.ts";
import { StartError } from "../../otp/start-error.ts";
import { connectionsOf } from "../node-module.ts";
import { type Notice, notify, type PeerMeans, Terms } from "./channel.ts";
import type { PeerOptions } from "./peer-options.ts";
import { startProgram } from "./peer-program.ts";

/** What a peer is at: `Peer.getState`. */
export type PeerState = "booting" | "running" | readonly ["down", reason: unknown];

/** Milliseconds a peer has to come up, and to end. */
const BOOT = 15_000;
const HALT = 5_000;

/** A request's number, and what came back for it. */
type Answer = readonly [tag: "reply", id: number, value: unknown];

/**
 * The process that owns a peer: the other program lives no longer than it. Prints what the peer prints, and passes on
 * calls to it.
 */
export class Controller implements Handlers {
  node: NodeName;
  private readonly process: Process;
  private readonly options: PeerOptions;
  private readonly means: PeerMeans;
  private readonly child: ChildProcess;
  private readonly ended = Promise.withResolvers<undefined>();
  private readonly booted = Promise.withResolvers<undefined>();
  private readonly asking = new Map<number, From>();
  private terms: Terms | undefined = undefined;
  private asked = 0;
  private state: PeerState = "booting";
  private gone: number | string | undefined = undefined;
  private errors = "";

  constructor(process: Process, options: PeerOptions, name: readonly string[], means: PeerMeans) {
    this.process = process;
    this.options = options;
    this.means = means;
    this.node = (name[1] as NodeName | undefined) ?? NONODE;
    process.trapExit = true;
    const files = [...means.files].flatMap((file) => ["-r", file]);
    const args = [...name, ...files, ...(options.args ?? [])];
    this.child = startProgram(options.exec ?? globalThis.process.execPath, args, options.env ?? {}, {
      output: (text, errors) => this.print(text, errors),
      notice: (notice) => this.heard(notice),
      gone: (how) => this.programEnded(how),
    });
    // However this process ends.
    runAs(process, () => process.signal).addEventListener("abort", () => {
      if (this.options.shutdown !== "close") this.child.kill("SIGKILL");
      else if (this.child.connected) this.child.disconnect();
    });
    const { name: owner, creation } = process.runtime;
    notify(this.child, { boot: { cookie: means.cookie(), owner, creation } });
  }

  private get overNetwork(): boolean {
    return this.options.connection === undefined;
  }

  /** Waits until the peer is up, and connected if it is to be. Throws why it is not. */
  async boot(): Promise<void> {
    const { waitBoot = BOOT } = this.options;
    if (waitBoot === false) {
      this.booted.promise.then(
        () => this.connect(),
        () => undefined,
      );
      return;
    }
    const { process } = this;
    const { clock } = process.runtime;
    await process.wait<void>((resolve, reject) => {
      const timer: Timer = clock.setTimeout(
        () => reject(new StartError("timeout", `The peer was not up within ${String(waitBoot)} ms`, "timeout")),
        waitBoot,
      );
      const stop = (): void => clock.clearTimeout(timer);
      this.booted.promise
        .then(() => this.connect())
        .then(resolve, reject)
        .finally(stop);
      return stop;
    });
  }

  private async connect(): Promise<void> {
    const { process, node } = this;
    if (this.overNetwork) {
      const connections = connectionsOf(process.runtime);
      if ((await connections?.connect(node)) !== true)
        throw new StartError("noconnection", `The peer ${node} is up, but could not be connected to`, "noconnection");
      connections?.events.watch(process, node, true);
    }
    if (this.state === "booting") this.state = "running";
  }

  handleCall(request: unknown, from: From): unknown {
    const [tag, ...rest] = request as readonly unknown[];
    if (tag === "get_state") return this.state;
    if (tag !== "call") return ["error", "badarg"];
    if (this.state !== "running") return { failed: "noconnection" };
    const id = ++this.asked;
    const names = rest.length === 1 ? ["fn"] : ["module", "fun", "args"];
    const refused = this.sendTerm(["call", id, ...rest], ["call", "id", ...names]);
    if (refused !== undefined) return ["refused", refused];
    this.asking.set(id, from);
    return new NoReply();
  }

  handleCast(request: unknown): void {
    if (this.state === "running" && Array.isArray(request)) this.sendTerm(request);
  }

  handleInfo(message: unknown): unknown {
    const [tag, what] = Array.isArray(message) ? (message as unknown[]) : [];
    if (tag === "nodedown" && what === this.node && this.overNetwork) return this.down(["nodedown", this.node]);
    if (tag === "$peer_gone") return this.down(this.overNetwork ? ["nodedown", this.node] : ["exit_status", what]);
    return undefined;
  }

  /** The peer is gone, or out of reach; who waits for it hears so. */
  private down(reason: unknown): unknown {
    if (Array.isArray(this.state)) return undefined;
    this.state = ["down", reason];
    for (const from of this.asking.values()) reply(from, { failed: "noconnection" });
    this.asking.clear();
    if (this.child.connected) this.child.disconnect();
    const { peerDown = "stop" } = this.options;
    return peerDown === "continue" ? undefined : new Stop(peerDown === "stop" ? "normal" : reason);
  }

  async terminate(): Promise<void> {
    const { shutdown = ["halt", HALT] } = this.options;
    if (shutdown === "close") {
      if (this.child.connected) this.child.disconnect();
      return;
    }
    if (this.gone === undefined) {
      notify(this.child, { end: typeof shutdown === "number" ? "stop" : "halt" });
      const limit = typeof shutdown === "number" ? shutdown : shutdown === "halt" ? Infinity : shutdown[1];
      const { clock } = this.process.runtime;
      const timer = clock.setTimeout(() => this.child.kill("SIGKILL"), limit);
      await this.ended.promise;
      clock.clearTimeout(timer);
    }
    // Whoever waited for the stop finds it gone from the list of nodes.
    const connections = this.overNetwork ? connectionsOf(this.process.runtime) : undefined;
    if (connections?.linkTo(this.node) !== undefined)
      await take(this.process, (message) => Array.isArray(message) && message[0] === "nodedown", HALT);
  }

  private sendTerm(term: readonly unknown[], items: readonly string[] = []): unknown {
    try {
      const notice = this.terms?.encode(term, { whole: "args", items });
      if (notice !== undefined) notify(this.child, notice);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  // What the other program says: outside of any process

  private heard(notice: Notice): void {
    const { process } = this;
    if ("ready" in notice) {
      this.node = notice.ready.node;
      this.terms = new Terms(process.runtime, this.means, notice.ready);
      this.booted.resolve(undefined);
    } else if ("failed" in notice) this.refuse(notice.failed);
    else if ("term" in notice && this.terms !== undefined) {
      const [, id, value] = this.terms.decode(notice.term) as Answer;
      const from = this.asking.get(id);
      this.asking.delete(id);
      if (from !== undefined && process.alive) runAs(process, () => reply(from, value));
    }
  }

  private refuse(why: string): void {
    this.booted.promise.catch(() => undefined);
    this.booted.reject(new StartError("boot_failed", `The peer did not start: ${why}`, ["boot_failed", why]));
  }

  private programEnded(how: number | string): void {
    this.gone = how;
    this.ended.resolve(undefined);
    this.refuse(this.errors.trim() || `its program ended with ${String(how)}`);
    this.process.runtime.deliver(this.process, ["$peer_gone", how]);
  }

  /** Where its starter prints. What it said before it was up is why it did not come up. */
  private print(text: string, errors: boolean): void {
    const { process } = this;
    if (errors && this.state === "booting") this.errors += text;
    if (!process.alive) return;
    const ref = process.runtime.makeRef();
    const put = [errors ? "put_error" : "put_chars", "unicode", text];
    runAs(process, () => sendFrom(process, process.leader, ["io_request", process.pid, ref, put]));
  }
}
