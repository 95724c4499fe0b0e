import type { Completion } from "../io/device.ts";
import type { LocalNode } from "../node/local-node.ts";
import { userOf } from "./local-session.ts";
import { askPried, interruptPried } from "./pried.ts";
import { Node } from "../node/node-module.ts";
import { genCall } from "../otp/gen-call.ts";
import { formatExit } from "../process/format-exit.ts";
import { Process } from "../process/process-module.ts";
import { receive } from "../process/receive.ts";
import { send } from "../process/spawn.ts";
import type { Offer } from "../shell/complete.ts";
import type { Found } from "../shell/lookup.ts";
import { readCompletion, readOffer } from "../shell/read-offer.ts";
import type { RemoteShellOptions } from "../shell/remote-shell.ts";
import { readFacts } from "../shell/remote-status.ts";
import { ABOUT, type Settings, settingsOf, SETTING_NAMES } from "../shell/settings.ts";
import type { Facts } from "../shell/status.ts";
import { MoebiError } from "../term/error.ts";
import type { NodeName, Pid } from "../term/pid.ts";

/** Neither a Tab nor the row below the prompt waits longer for the other node. */
const PATIENCE_MS = 1000;
/** A program that asks is told if the other node does not answer in time. */
const ASKED_MS = 5000;
/** What a terminal tells the shells it is used for. */
const OF_SHELLS = SETTING_NAMES.filter((name) => ABOUT[name].of === "shell");

/**
 * A shell on another node, used from a terminal of this one: it reads from and prints to this node's user device.
 * Leaving it, in whatever way, leaves the other node as it was.
 */
export class RemoteSession {
  /** Whether somebody stopped the evaluation of a statement. */
  interrupted = false;
  private readonly node: LocalNode;
  private readonly target: NodeName;
  private readonly options: RemoteShellOptions;
  private readonly leader: Pid;
  private shell: Pid | undefined;
  private readonly opened = Promise.withResolvers<Pid>();
  /** What the other shell was told last. */
  private told: Settings;

  /** @param leader where it reads and prints; the node's user device unless told */
  constructor(node: LocalNode, target: NodeName, options: RemoteShellOptions, leader: Pid = userOf(node)) {
    this.node = node;
    this.target = target;
    this.options = options;
    this.leader = leader;
    this.told = settingsOf(node.runtime).current;
  }

  /**
   * Opens the shell. Settles when the input ends, with whether every statement succeeded. Rejects with `noconnection` if
   * the other node goes, and with `remote` if it can't run a shell.
   */
  start(): Promise<boolean> {
    return this.node.run(
      async () => {
        const store = settingsOf(this.node.runtime);
        this.told = store.current;
        const settings = Object.fromEntries(OF_SHELLS.map((name) => [name, this.told[name]]));
        const options: RemoteShellOptions = { ...this.options, settings };
        const [shell, ref] = await Node.spawnMonitor(this.target, "Moebi.Shell", "serve", [options]);
        this.shell = shell;
        this.opened.resolve(shell);
        this.tell(store.current);
        const untold = store.subscribe((changed) => this.tell(changed));
        const ended = receive<readonly unknown[]>((m) => Array.isArray(m) && m[1] === ref);
        const [, , , , reason] = await ended.finally(untold);
        if (reason === "normal") return true;
        if (Array.isArray(reason) && reason[1] === "failed") return false;
        if (reason === "noconnection")
          throw new MoebiError("noconnection", `The connection to "${this.target}" is gone`);
        throw new MoebiError("remote", `"${this.target}" can't run a shell: ${formatExit(reason)}`);
      },
      { leader: this.leader },
    );
  }

  /** Has the shell there print as the person has chosen meanwhile. */
  private tell(settings: Settings): void {
    const { shell, told } = this;
    const changed = OF_SHELLS.filter((name) => settings[name] !== told[name]);
    this.told = settings;
    if (shell === undefined || changed.length === 0) return;
    const message = ["settings", Object.fromEntries(changed.map((name) => [name, settings[name]]))];
    void this.node.run(() => send(shell, message));
  }

  /** Stops what is being evaluated there; of a shell that a program drives, the evaluation with this number. */
  interrupt(number?: number): void {
    const { shell } = this;
    if (shell === undefined || interruptPried(this.node, this.leader)) return;
    this.interrupted = true;
    void this.node.run(() => send(shell, number === undefined ? "interrupt" : ["interrupt", number]));
  }

  stop(): void {
    const { shell } = this;
    if (shell !== undefined) void this.node.run(() => Process.exit(shell, "shutdown"));
  }

  /** What a Tab offers there; nothing if the answer takes long. */
  async complete(before: string): Promise<Completion> {
    const pried = askPried(this.node, this.leader, "complete", before);
    if (pried !== undefined) return readCompletion(await pried);
    const { shell } = this;
    if (shell === undefined) return { insert: "", candidates: [] };
    const answer = await this.node.run(() =>
      genCall(shell, ["complete", before], PATIENCE_MS, ["Moebi.Shell", "complete", [before]]),
    );
    return readCompletion(answer);
  }

  /** All that may stand behind `before` there, for a program, or while it is typed. Fails if the answer takes long. */
  async offer(before: string): Promise<Offer> {
    const pried = askPried(this.node, this.leader, "offer", before);
    // Who types does not wait for a shell that is still to come.
    if (pried === undefined && this.shell === undefined && this.options.driven !== true)
      return { start: before.length, candidates: [] };
    return readOffer(await (pried ?? this.askShell("offer", before)));
  }

  /** What is known of a name there, for a program. Fails if the answer takes long. */
  async lookup(name: string): Promise<Found> {
    return (await this.askShell("lookup", name)) as Found;
  }

  private async askShell(what: string, about: string): Promise<unknown> {
    const shell = this.shell ?? (await this.opened.promise);
    const patience = this.options.driven === true ? ASKED_MS : PATIENCE_MS;
    return this.node.run(() => genCall(shell, [what, about], patience, ["Moebi.Shell", what, [about]]));
  }

  /** What is told below the prompt, as that node says. Rejects if the answer takes long. */
  async status(): Promise<Facts | undefined> {
    const { shell } = this;
    if (shell === undefined) return undefined;
    const call = ["Moebi.Shell", "status", []] as const;
    return readFacts(await this.node.run(() => genCall(shell, ["status"], PATIENCE_MS, call)));
  }
}
