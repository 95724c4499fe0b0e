/** What the group leaders of the protocol stand on: output becomes messages, and what is read comes from the program. */
import type { Device } from "../../io/device.ts";
import { MoebiError } from "../../term/error.ts";
import type { Evaluation, Report } from "../report.ts";
import type { Message, Outbox } from "./outbox.ts";

/** What is read by `IO.gets`: lines that came, and those who wait for one. */
export class Input {
  private readonly lines: string[] = [];
  private readonly waiting: ((line: string | null) => void)[] = [];
  private ended = false;

  add(text: string): void {
    // An empty text is the end of input, for one who reads.
    const lines: (string | null)[] = text === "" ? [null] : (text.match(/[^\n]*\n|[^\n]+$/gu) ?? []);
    for (const line of lines) {
      const whole = line === null || line.endsWith("\n") ? line : `${line}\n`;
      const first = this.waiting.shift();
      if (first !== undefined) first(whole);
      else if (whole !== null) this.lines.push(whole);
    }
  }

  end(): void {
    this.ended = true;
    for (const wait of this.waiting.splice(0)) wait(null);
  }

  read(signal: AbortSignal | undefined, ask: () => void): Promise<string | null> {
    const line = this.lines.shift();
    if (line !== undefined || this.ended) return Promise.resolve(line ?? null);
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      const abort = (): void => {
        const at = this.waiting.indexOf(resolve);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", abort, { once: true });
      ask();
    });
  }
}

/** Where the processes print and read that one evaluation has begun. */
export class RequestDevice implements Device {
  readonly kind = "plain";
  readonly leavesOut = true;
  readonly columns = undefined;
  readonly rows = undefined;
  onInterrupt: (() => void) | undefined = undefined;
  /** Whether something has been printed or read after the end. */
  usedLater = false;
  protected readonly origin: Message;
  protected readonly outbox: Outbox;
  private readonly input: Input;
  private readonly onReport: (report: Report) => void;
  private over = false;

  constructor(origin: Message, outbox: Outbox, input: Input, onReport: (report: Report) => void) {
    this.origin = origin;
    this.outbox = outbox;
    this.input = input;
    this.onReport = onReport;
  }

  write(text: string): void | Promise<void> {
    this.usedLater ||= this.over;
    return this.outbox.print(this.origin, "out", text);
  }

  writeError(text: string): void | Promise<void> {
    this.usedLater ||= this.over;
    return this.outbox.print(this.origin, "err", text);
  }

  report(report: unknown): void {
    this.over = true;
    this.onReport(report as Report);
  }

  readLine(prompt: string, signal?: AbortSignal): Promise<string | null> {
    this.usedLater ||= this.over;
    return this.input.read(signal, () => this.outbox.send({ ...this.origin, prompt, status: ["needInput"] }));
  }

  readStatement(): Promise<string | null> {
    return Promise.reject(new MoebiError("enotsup", "Statements come from a program"));
  }

  clear(): void {
    // There is no screen.
  }

  signals(): void {
    // SIGINT is always a signal here.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where the shell itself takes what it evaluates. What it prints belongs to no request. */
export class SessionDevice extends RequestDevice {
  readonly readEvaluation: (signal?: AbortSignal) => Promise<Evaluation | null>;

  constructor(
    origin: Message,
    outbox: Outbox,
    input: Input,
    readEvaluation: (signal?: AbortSignal) => Promise<Evaluation | null>,
  ) {
    super(origin, outbox, input, () => undefined);
    this.readEvaluation = readEvaluation;
  }

  private readonly out = { ...this.origin, event: "out" };
  private readonly err = { ...this.origin, event: "err" };

  override write(text: string): void | Promise<void> {
    return this.outbox.print(this.out, "out", text);
  }

  override writeError(text: string): void | Promise<void> {
    return this.outbox.print(this.err, "err", text);
  }
}
