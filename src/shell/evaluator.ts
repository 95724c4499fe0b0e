import { AsyncLocalStorage } from "node:async_hooks";
import { hasCode, MoebiError } from "../term/error.ts";
import { checkLoops } from "../code/turns.ts";
import { processOrUndefined, runAs } from "../process/context.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Pid } from "../term/pid.ts";
import type { Evaluated, Prepared } from "./session.ts";

/** How an evaluation ended. */
export type Outcome =
  | { readonly kind: "value"; readonly evaluated: Evaluated }
  | { readonly kind: "thrown"; readonly thrown: unknown }
  /** Something ended the process meanwhile: a linked partner, an exit signal. */
  | { readonly kind: "exited" }
  | { readonly kind: "interrupted" };

export interface EvaluatorOptions {
  readonly leader: Process["leader"];
  /** Makes Ctrl+C a signal; see `Device.signals`. Without it nothing can stop synchronous code. */
  readonly signals?: ((on: boolean) => void) | undefined;
  /** Stops what computes for so many milliseconds without a pause. */
  readonly atMost?: number | undefined;
  /** The process that is looked into: what is typed is evaluated in it, while it waits. Else one is started. */
  readonly pried?: Process | undefined;
}

interface Job {
  readonly prepared: Prepared;
  readonly process: Process;
  /** Where it prints, if that is somewhere of its own. */
  readonly leader: Process["leader"] | undefined;
  interrupted: boolean;
  /** Ends the job for whoever waits; what it still does is its own affair. */
  finish: (outcome: Outcome) => void;
  readonly outcome: Promise<Outcome>;
}

/** The processes of prompts, those that have ended with the others. */
const evaluators = new WeakSet<Pid>();

/** Whether a process is that of a prompt, whose `self()` it is. */
export function isEvaluator(process: Process): boolean {
  return evaluators.has(process.pid);
}

/** Whether a pid is that of a process of a prompt, which may have ended. */
export function wasEvaluator(pid: Pid): boolean {
  return evaluators.has(pid);
}

/** What the running code was begun by; processes that it spawned are under way by themselves. */
const begun = new AsyncLocalStorage<Job>();

/** The loop of an interrupted input that awaits nothing of the library would go on and on: its next await is its last. */
checkLoops(() => {
  const job = begun.getStore();
  if (job?.interrupted === true && processOrUndefined() === job.process) throw interruption();
});

function interruption(): MoebiError {
  return new MoebiError("interrupted", "Evaluation interrupted");
}

/**
 * The process that evaluates what is typed: `self()` at the prompt. A process of its own, so that its death (by a
 * link) leaves the reader alive; not a server, so that its mailbox holds nothing but the user's messages.
 */
export class Evaluator {
  readonly process: Process;
  private readonly options: EvaluatorOptions;
  private job: Job | undefined;
  private next: ((job: Job) => void) | undefined;
  private following = false;

  constructor(runtime: Runtime, parent: Process, options: EvaluatorOptions) {
    this.options = options;
    this.process =
      options.pried ??
      runtime.spawn(() => this.loop(), { parent, leader: options.leader, initialCall: "Shell.evaluate/1" });
    if (options.pried === undefined) evaluators.add(this.process.pid);
  }

  /** Evaluates one input. One at a time. What it prints, then or later, goes to `leader`. */
  evaluate(prepared: Prepared, leader?: Process["leader"]): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    if (this.process.alive) {
      const { pried } = this.options;
      // Who looks into a process of another leader, as a break point's prompt does, is to see what is printed.
      const elsewhere = pried !== undefined && pried.leader !== this.options.leader;
      const at = leader ?? (elsewhere ? this.options.leader : undefined);
      if (at !== undefined) this.followJobs();
      this.job = { prepared, process: this.process, leader: at, interrupted: false, finish: resolve, outcome: promise };
      if (this.options.pried === undefined) this.next?.(this.job);
      else this.evaluateIn(this.job);
    } else resolve({ kind: "exited" });
    return promise;
  }

  /** Stops what is being evaluated: what it awaits from the library, and from then on in a loop or function, fails with `interrupted`; variables are kept. */
  interrupt(): void {
    const { job } = this;
    this.abandon();
    job?.finish({ kind: "interrupted" });
  }

  private abandon(): void {
    if (this.job === undefined) return;
    this.job.interrupted = true;
    this.process.interrupt(interruption());
  }

  /** Tells whoever waits for an outcome that there will be none. Called when the process is known to have exited. */
  exited(): void {
    this.job?.finish({ kind: "exited" });
  }

  /** Beside what the process waits in. */
  private evaluateIn(job: Job): void {
    void runAs(this.process, () => begun.run(job, () => this.run(job.prepared))).then(job.finish);
    void job.outcome.then(() => {
      if (this.job === job) this.job = undefined;
    });
  }

  /** From now on its group leader is that of the input whose code asks, so that what goes on behind it prints there too. */
  private followJobs(): void {
    if (this.following) return;
    this.following = true;
    let { leader } = this.process;
    Object.defineProperty(this.process, "leader", {
      get: () => begun.getStore()?.leader ?? leader,
      set: (other: Process["leader"]) => (leader = other),
    });
  }

  private async loop(): Promise<never> {
    for (;;) {
      const job = await this.waitForJob();
      void begun.run(job, () => this.run(job.prepared)).then(job.finish);
      // An interrupted input may never end; the next one does not wait for it.
      await job.outcome;
      if (this.job === job) this.job = undefined;
    }
  }

  private waitForJob(): Promise<Job> {
    // A promise of its own, which an interrupt does not reject: it is not the user who waits here.
    return new Promise((resolve) => {
      this.next = (job) => {
        this.next = undefined;
        resolve(job);
      };
      if (this.job !== undefined) this.next(this.job);
    });
  }

  private async run(prepared: Prepared): Promise<Outcome> {
    const { signals, atMost } = this.options;
    const { runtime } = this.process;
    // What is spawned is stopped as what spawns it; elsewhere nothing is, and it begins in its turn.
    const then = signals === undefined && atMost === undefined ? undefined : () => runtime.startNow();
    try {
      const evaluated = await prepared.run({ breakOnSigint: signals !== undefined, signals, atMost, then });
      return this.process.alive ? { kind: "value", evaluated } : { kind: "exited" };
    } catch (thrown) {
      // The rest of the statement, which waits behind its first step, is not to come either.
      if (runtime.abandonStep(hasCode(thrown, "timeout") ? "timeout" : "interrupted")) this.abandon();
      if (!this.process.alive) return { kind: "exited" };
      return hasCode(thrown, "interrupted") ? { kind: "interrupted" } : { kind: "thrown", thrown };
    }
  }
}
