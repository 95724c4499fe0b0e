/** What is traced at one prompt, here and on other nodes, and how it is shown there. */
import { ask } from "../io/ask.ts";
import { erpc } from "../node/erpc.ts";
import { type Lives, readPortable } from "../node/trace/portable-text.ts";
import type { TraceMessage, TraceRequest, TraceStarted } from "../node/trace/trace-types.ts";
import { isDown } from "../otp/envelope.ts";
import { runAs } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { formatExit } from "../process/format-exit.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import type { Runtime } from "../process/runtime.ts";
import { terminate } from "../process/terminate.ts";
import { viewerOf } from "../process/viewer.ts";
import { ArgumentError, hasCode } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { NodeName, Pid } from "../term/pid.ts";

/** How long a node may take to begin. */
const PATIENCE_MS = 5000;
/** Of what another node says, at most so much of a line is shown, whatever was asked for. */
const MOST = 100_000;

interface Running extends TraceStarted {
  /** By which it is found: the target, as it was given. */
  readonly key: string;
}

export interface TracesOptions {
  readonly runtime: Runtime;
  /** Where the shell prints. */
  readonly leader: Pid;
  readonly colors: () => boolean;
}

/** The traces of one shell: a process that prints what tracers on this and other nodes tell it, and ends them with itself. */
export class Traces {
  private readonly options: TracesOptions;
  private readonly running = new Map<Pid, Running>();
  /** How many have been asked for and not answered for. */
  private beginning = 0;
  private printer: Process | undefined;

  constructor(options: TracesOptions) {
    this.options = options;
  }

  /** What is traced now, in words. */
  list(): string[] {
    return [...this.running.values()].map((one) => this.words(one));
  }

  /**
   * Begins to show what `request` names on `node`; what was traced under the same `key` ends. Gives what it is, in words. Fails
   * as `erpc.call` does, and with what the node says.
   */
  async start(
    node: NodeName,
    key: string,
    request: Omit<TraceRequest, "owner" | "leader" | "colors">,
  ): Promise<string> {
    const { leader, colors } = this.options;
    const printer = (this.printer ??= this.startPrinter());
    const full: TraceRequest = { ...request, owner: printer.pid, leader, colors: colors() };
    this.beginning++;
    const started = await begin(node, full).finally(() => this.beginning--);
    this.stop((one) => one.key === key);
    const running: Running = { ...started, key };
    if (!printer.alive) return this.words(running);
    this.running.set(started.tracer, running);
    monitor(printer, started.tracer);
    return this.words(running);
  }

  /** Ends those that `which` accepts. Gives how many there were. */
  stop(which: (trace: { readonly key: string }) => boolean = () => true): number {
    const { printer } = this;
    if (printer?.alive !== true) return 0;
    let count = 0;
    for (const [tracer, one] of this.running) {
      if (!which(one)) continue;
      count++;
      this.running.delete(tracer);
      runAs(printer, () => sendFrom(printer, tracer, "stop"));
    }
    return count;
  }

  /** A person has pressed Ctrl+C at the prompt: ends all, and says so. */
  interrupt(): void {
    const { printer } = this;
    if (this.stop() > 0 && printer !== undefined) void this.print(printer, [this.dim("Tracing has ended")]);
  }

  /** Ends all with the shell. */
  end(): void {
    if (this.printer !== undefined) terminate(this.printer, "normal");
    this.printer = undefined;
    this.running.clear();
  }

  private startPrinter(): Process {
    const { runtime, leader } = this.options;
    const printer: Process = runtime.spawn(() => this.loop(printer), { leader, initialCall: "Moebi.Traces/0" });
    return printer;
  }

  private async loop(printer: Process): Promise<void> {
    for (;;) {
      const message = await take(printer, undefined);
      if (isDown(message)) await this.ended(printer, message[3] as Pid, message[4]);
      else if (Array.isArray(message) && message[0] === "trace")
        await this.show(printer, message as unknown as TraceMessage);
    }
  }

  private async show(printer: Process, [, tracer, lines, lives, missed]: TraceMessage): Promise<void> {
    // One that began after it was given up, or is being stopped: nobody could end it here.
    if (this.beginning === 0 && !this.running.has(tracer)) sendFrom(printer, tracer, "stop");
    if (lines.length === 0 && missed === 0) return;
    const from = tracer.node === this.options.runtime.name ? "" : `${this.dim(tracer.node)} `;
    const shown = lines.map((line) => `${from}${this.read(line, lives)}`);
    if (missed > 0)
      shown.push(`${from}${this.dim(`… ${String(missed)} more event${missed === 1 ? "" : "s"} left out`)}`);
    await this.print(printer, shown);
    sendFrom(printer, tracer, "more");
  }

  private read(line: string, lives: Lives): string {
    return readPortable(line.slice(0, MOST), lives, viewerOf(this.options.runtime));
  }

  private async ended(printer: Process, tracer: Pid, reason: unknown): Promise<void> {
    const one = this.running.get(tracer);
    if (one === undefined) return;
    this.running.delete(tracer);
    const exited = Array.isArray(reason) && reason[1] === "exited";
    const why = exited ? "the process has exited" : formatExit(reason);
    await this.print(printer, [this.dim(`The trace of ${this.subject(one)} has ended: ${why}`)]);
  }

  private async print(printer: Process, lines: readonly string[]): Promise<void> {
    // A terminal that is gone is the shell's affair.
    await ask(printer, this.options.leader, ["put_chars", "unicode", lines.map((line) => `${line}\n`).join("")]).catch(
      () => undefined,
    );
  }

  private subject({ what, node, tracer }: TraceStarted): string {
    const { name } = this.options.runtime;
    const lives: Lives = [[tracer.node, tracer.creation]];
    const shown = readPortable(what, lives, viewerOf(this.options.runtime));
    return node === name || what === node ? shown : `${shown} on ${node}`;
  }

  private words(one: TraceStarted): string {
    return `${this.subject(one)}: ${one.flags.map((flag) => inspect(flag)).join(", ")}`;
  }

  private dim(text: string): string {
    return this.options.colors() ? `\u001b[2m${text}\u001b[22m` : text;
  }
}

async function begin(node: NodeName, request: TraceRequest): Promise<TraceStarted> {
  try {
    return (await erpc.call(node, "Moebi.Trace", "start", [request], PATIENCE_MS)) as TraceStarted;
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    // What it refuses is refused here: that it was called there is no help.
    throw hasCode(cause, "badarg") ? new ArgumentError((cause as Error).message) : error;
  }
}
