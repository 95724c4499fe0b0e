import type { Completion, Device } from "../io/device.ts";
import { pryingAt, startGroup } from "../io/group.ts";
import type { LocalNode } from "../node/local-node.ts";
import type { Process } from "../process/process.ts";
import { terminate } from "../process/terminate.ts";
import type { Offer } from "../shell/complete.ts";
import { startedHere } from "../shell/started-here.ts";
import type { Facts } from "../shell/status.ts";
import { escapeControls } from "../term/escape.ts";
import type { NodeName, Pid } from "../term/pid.ts";
import { added, choose, type Job, type Jobs, type MenuEffect, NO_JOBS, removed } from "./jobs.ts";
import { type OpenSession, userOf } from "./local-session.ts";

export interface ShellsOptions {
  readonly node: LocalNode;
  /** The terminal. The first shell reads and prints there as the node's user does; each other one is a view of it. */
  readonly device: Device;
  /** Prints what other nodes send as it is. */
  readonly raw?: boolean;
  readonly first: { readonly node: NodeName | undefined; readonly session: OpenSession };
  /** Told whose shell is shown: the node's, or another's. */
  onShown?(node: NodeName | undefined): void;
  /** Opens one more, of this node or another, for a group leader. Rejects if the node can't be reached. */
  open(node: NodeName | undefined, leader: Pid): Promise<OpenSession>;
}

interface Running {
  readonly job: Job;
  readonly view: Device;
  /** The leader of its own that all but the first have. */
  readonly group?: Process;
  session?: OpenSession;
}

/** The shells at a terminal, of which one is shown, and the menu of Ctrl+G. */
export class Shells implements OpenSession {
  private readonly options: ShellsOptions;
  private readonly running = new Map<number, Running>();
  private readonly over = Promise.withResolvers<boolean>();
  private jobs: Jobs = NO_JOBS;
  private menuView: Device | undefined;
  /** The shell that the menu was opened from. */
  private left = 0;
  /** Whether the menu is shown. */
  private choosing = false;

  constructor(options: ShellsOptions) {
    this.options = options;
    const { jobs, job } = added(this.jobs, options.first.node);
    this.jobs = jobs;
    this.running.set(job.number, { job, view: options.device, session: options.first.session });
    options.device.onMenu = () => void this.menu();
    options.device.stillRunning = () => this.stillRunning();
  }

  get interrupted(): boolean {
    return this.shown?.session?.interrupted ?? false;
  }

  /** Settles when the last shell has ended, with whether every statement of that one succeeded, or when `q` is chosen. */
  start(): Promise<boolean> {
    for (const running of this.running.values()) this.watch(running);
    this.options.onShown?.(this.options.first.node);
    return this.over.promise;
  }

  /** Stops what the shell evaluates that is shown. */
  interrupt(): void {
    if (!this.choosing) this.shown?.session?.interrupt();
  }

  stop(): void {
    for (const running of this.running.values()) this.end(running);
  }

  async complete(before: string): Promise<Completion> {
    return (await this.shown?.session?.complete(before)) ?? { insert: "", candidates: [] };
  }

  async offer(before: string): Promise<Offer> {
    return (await this.shown?.session?.offer(before)) ?? { start: before.length, candidates: [] };
  }

  /** Of the shell that is shown, if it is another node's. */
  async status(): Promise<Facts | undefined> {
    return this.shown?.session?.status?.();
  }

  private get shown(): Running | undefined {
    return this.jobs.current === undefined ? undefined : this.running.get(this.jobs.current);
  }

  /** What would end with the program if the shell that is shown ended. */
  private stillRunning(): number {
    const { runtime } = this.options.node;
    const [only, other] = this.running.values();
    if (only === undefined || other !== undefined) return 0;
    // What ends then is the prompt to look into a process.
    if (pryingAt(runtime, only.group?.pid ?? userOf(this.options.node)) !== undefined) return 0;
    return startedHere(runtime);
  }

  private async menu(): Promise<void> {
    const view = (this.menuView ??= this.options.device.open?.());
    if (view === undefined || this.choosing) return;
    this.choosing = true;
    this.left = this.jobs.current ?? 0;
    view.show?.();
    await this.print("User switch command (type h for help)");
    while (this.choosing) {
      const line = await view.readLine(" --> ").catch(() => null);
      const { jobs, effect } = choose(this.jobs, line ?? (this.shown === undefined ? "q" : "c"));
      this.jobs = jobs;
      if (effect !== undefined) await this.perform(effect);
    }
  }

  private async perform(effect: MenuEffect): Promise<void> {
    switch (effect.type) {
      case "print":
        return this.print(effect.text);
      case "start":
        return this.launch(effect.job);
      case "connect":
        return this.connect(effect.job.number);
      case "interrupt":
        this.running.get(effect.job.number)?.session?.interrupt();
        return;
      case "kill": {
        const running = this.running.get(effect.job.number);
        if (running !== undefined) this.end(running);
        return;
      }
      case "quit":
        this.choosing = false;
        this.over.resolve(true);
    }
  }

  private connect(number: number): void {
    this.choosing = false;
    this.jobs = { ...this.jobs, current: number };
    const running = this.running.get(number);
    running?.view.show?.();
    this.options.onShown?.(running?.job.node);
  }

  private launch(job: Job): void {
    const { node, device, raw = false } = this.options;
    const view = device.open?.();
    if (view === undefined) return;
    const group = startGroup(node.runtime, view, { raw });
    const running: Running = { job, view, group };
    this.running.set(job.number, running);
    // The menu does not wait for a node that is far away.
    void this.options.open(job.node, group.pid).then(
      (session) => {
        running.session = session;
        if (this.running.get(job.number) === running) this.watch(running);
      },
      (error: unknown) => this.ended(running, error as Error),
    );
  }

  private watch(running: Running): void {
    void running.session?.start().then(
      (succeeded) => this.ended(running, succeeded),
      (error: unknown) => this.ended(running, error as Error),
    );
  }

  /** A shell has ended by itself. The last one takes the program with it, unless it failed and was none of the first. */
  private async ended(running: Running, outcome: boolean | Error): Promise<void> {
    const { number } = running.job;
    if (this.running.get(number) !== running) return;
    const shown = this.shown === running && !this.choosing;
    this.end(running);
    this.jobs = removed(this.jobs, number);
    // One that never came leaves the menu at the shell it was opened from.
    if (this.choosing && this.jobs.current === undefined && this.running.has(this.left))
      this.jobs = { ...this.jobs, current: this.left };
    const next = this.jobs.list.at(-1);
    if (shown && next === undefined && (outcome === true || outcome === false || number === 1)) {
      if (outcome instanceof Error) this.over.reject(outcome);
      else this.over.resolve(outcome);
      return;
    }
    const why = outcome instanceof Error ? `: ${outcome.message}` : "";
    const now = shown && next !== undefined ? `; this is shell ${String(next.number)}` : "";
    await this.print(`*** Shell ${String(number)} has ended${why}${now} ***`);
    if (!shown) return;
    if (next === undefined) await this.menu();
    else this.connect(next.number);
  }

  /** Ends a shell and what it does: its group leader, whose end a shell on another node notices, or the shell itself. */
  private end({ job, session, group }: Running): void {
    this.running.delete(job.number);
    session?.stop();
    if (group !== undefined) terminate(group, "shutdown");
  }

  private async print(text: string): Promise<void> {
    await this.options.device.write(`${escapeControls(text, { newlines: true })}\n`);
  }
}
