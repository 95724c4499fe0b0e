import { startGroup } from "../../io/group.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { terminate } from "../../process/terminate.ts";
import type { MoebiError } from "../../term/error.ts";
import type { Pid } from "../../term/pid.ts";
import type { Offer } from "../complete.ts";
import type { Found } from "../lookup.ts";
import type { Evaluation, Report } from "../report.ts";
import { Input, RequestDevice, SessionDevice } from "./devices.ts";
import type { Message, Outbox } from "./outbox.ts";
import type { Id, RequestOf } from "./request.ts";

/** A shell that takes what it evaluates from the leader it was opened for: one of this node, or of another. */
export interface DrivenShell {
  /** Settles when there is no more to evaluate. Rejects with `noconnection` if its node goes. */
  start(): Promise<unknown>;
  /** Stops the evaluation with this number. */
  interrupt(number: number): void;
  /** Ends it, whatever it does. */
  stop(): void;
  /** What may stand behind `before`. */
  offer(before: string): Promise<Offer>;
  lookup(name: string): Promise<Found>;
}

export interface SessionOptions {
  readonly name: string;
  readonly runtime: Runtime;
  readonly outbox: Outbox;
  /** Prints what other nodes send as it is. */
  readonly raw?: boolean | undefined;
  /** Told of each evaluation that is answered. */
  onDone?(request: RequestOf<"eval">): void;
  /** Opens the shell. */
  open(leader: Pid): DrivenShell;
}

/** So many leaders of evaluations that are over are kept, for what they have begun. Beyond, those that nothing used end. */
const MOST_LEADERS = 1000;

interface Running {
  readonly number: number;
  readonly id: Id;
  readonly leader: RequestDevice;
}

interface Leader {
  readonly process: Process;
  readonly device: RequestDevice;
}

/** A session of the protocol: its queue of evaluations, what they print and read, and the shell that takes them. */
export class ProtocolSession {
  readonly name: string;
  private readonly options: SessionOptions;
  private readonly shell: DrivenShell;
  private readonly group: Process;
  private readonly input = new Input();
  private queue: RequestOf<"eval">[] = [];
  /** What runs and waits, by id. */
  private readonly pending = new Map<Id, RequestOf<"eval">>();
  private running: Running | undefined;
  private wanted: ((evaluation: Evaluation | null) => void) | undefined;
  private leaders: Leader[] = [];
  /** How many of the queue have been taken. */
  private taken = 0;
  private number = 0;
  private readonly stopped = Promise.withResolvers<void>();
  private ending = false;
  private over = false;

  constructor(options: SessionOptions) {
    const { name, runtime, raw = false, outbox } = options;
    this.options = options;
    this.name = name;
    const device = new SessionDevice({ session: name }, outbox, this.input, (signal) => this.next(signal));
    this.group = startGroup(runtime, device, { raw });
    this.shell = options.open(this.group.pid);
  }

  /** Whether an evaluation with this id runs or waits. */
  has(id: Id): boolean {
    return this.pending.has(id);
  }

  /** What runs and what waits. */
  get evaluations(): { readonly running: readonly Id[]; readonly queued: readonly Id[] } {
    return { running: this.running === undefined ? [] : [this.running.id], queued: this.waiting.map(({ id }) => id) };
  }

  /** Settles when it has ended, by itself or because it was told to. Rejects if its node has gone. */
  async start(): Promise<void> {
    try {
      // One that was stopped says nothing any more.
      await Promise.race([this.shell.start(), this.stopped.promise]);
    } catch (error) {
      if (!this.over) this.answerAll({ error: { name: "Error", ...told(error) }, status: ["error", "done"] });
      throw error;
    } finally {
      this.close();
    }
  }

  evaluate(request: RequestOf<"eval">): void {
    this.queue.push(request);
    this.pending.set(request.id, request);
    this.handOver();
  }

  /** Whether this one, or without an id any, was there to be stopped. */
  interrupt(id: Id | undefined): boolean {
    const { running } = this;
    if (running !== undefined && (id === undefined || running.id === id)) {
      this.shell.interrupt(running.number);
      return true;
    }
    if (id === undefined || !this.pending.has(id)) return false;
    this.queue = this.waiting.filter((queued) => queued.id !== id);
    this.taken = 0;
    this.answer(id, { status: ["interrupted", "done"] });
    return true;
  }

  stdin(text: string): void {
    this.input.add(text);
  }

  offer(before: string): Promise<Offer> {
    return this.shell.offer(before);
  }

  lookup(name: string): Promise<Found> {
    return this.shell.lookup(name);
  }

  /** No more will be asked of it: it ends behind what is queued. */
  end(): void {
    this.ending = true;
    this.input.end();
    this.handOver();
  }

  /** Ends it, whatever it does: what waits for an answer is answered. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.answerAll({ status: ["interrupted", "done"] });
    this.shell.stop();
    this.stopped.resolve();
    this.input.end();
    this.wanted?.(null);
    for (const { process } of this.leaders) terminate(process, "shutdown");
    terminate(this.group, "shutdown");
  }

  private next(signal: AbortSignal | undefined): Promise<Evaluation | null> {
    return new Promise((resolve, reject) => {
      this.wanted = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      this.handOver();
    });
  }

  private handOver(): void {
    const { wanted, running } = this;
    if (wanted === undefined || running !== undefined) return;
    const request = this.queue[this.taken];
    if (request === undefined) {
      if (this.ending) wanted(null);
      return;
    }
    this.wanted = undefined;
    // Not one by one: a program may have queued a hundred thousand.
    if (++this.taken > 1000) {
      this.queue = this.queue.slice(this.taken);
      this.taken = 0;
    }
    const number = ++this.number;
    const { id, code, file, line = 1 } = request;
    const device = new RequestDevice({ id, session: this.name }, this.options.outbox, this.input, (report) =>
      this.finish(number, report),
    );
    this.running = { number, id, leader: device };
    const leader = this.lead(device);
    wanted({ number, source: code, leader, ...(file !== undefined && { file, line: Math.max(1, line) }) });
  }

  private finish(number: number, report: Report): void {
    if (this.running?.number !== number) return;
    const { id } = this.running;
    this.running = undefined;
    switch (report.kind) {
      case "value": {
        const { text, json, omitted } = report;
        this.answer(id, {
          value: text,
          ...(json !== undefined && { json: JSON.parse(json) as unknown }),
          ...(omitted !== undefined && { jsonOmitted: omitted }),
        });
        this.answer(id, { status: ["done"] });
        break;
      }
      case "nothing":
        this.answer(id, { status: ["done"] });
        break;
      case "error":
        this.answer(id, { error: report.error, status: ["error", "done"] });
        break;
      case "interrupted":
        this.answer(id, { status: ["interrupted", "done"] });
    }
  }

  /** A leader for what one evaluation prints, then or later. */
  private lead(device: RequestDevice): Pid {
    const { runtime, raw = false } = this.options;
    const process = startGroup(runtime, device, { raw });
    this.leaders.push({ process, device });
    if (this.leaders.length > MOST_LEADERS) this.endUnused();
    return process.pid;
  }

  /** The older half of the leaders, but for those that a process of this node has, or that others were heard through. */
  private endUnused(): void {
    const used = new Set<Pid>();
    // A leader is its own.
    for (const { pid, leader } of this.options.runtime.processes.values()) if (leader !== pid) used.add(leader);
    const old = this.leaders.slice(0, MOST_LEADERS / 2);
    this.leaders = this.leaders.slice(MOST_LEADERS / 2);
    const isUsed = ({ process, device }: Leader): boolean => device.usedLater || used.has(process.pid);
    for (const one of old) if (!isUsed(one)) terminate(one.process, "shutdown");
    this.leaders = [...old.filter(isUsed), ...this.leaders];
  }

  private get waiting(): RequestOf<"eval">[] {
    return this.queue.slice(this.taken);
  }

  private answerAll(message: Message): void {
    const { running, queued } = this.evaluations;
    this.running = undefined;
    this.queue = [];
    this.taken = 0;
    for (const id of [...running, ...queued]) this.answer(id, message);
  }

  private answer(id: Id, message: Message): void {
    this.options.outbox.send({ id, session: this.name, ...message });
    const request = message["status"] === undefined ? undefined : this.pending.get(id);
    if (request === undefined) return;
    this.pending.delete(id);
    this.options.onDone?.(request);
  }
}

/** What the protocol says of an error of this end. */
export function told(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = error as Partial<MoebiError>;
  return { code: code ?? "internal", message: message ?? String(error) };
}
