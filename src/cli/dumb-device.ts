import type { Device, DeviceOptions, StatementPrompts } from "../io/device.ts";
import { LEAVE_HINT, runningHint } from "../shell/leave-hint.ts";
import { PlainDevice, type PlainOptions } from "./plain-device.ts";

/** Rows of a terminal that does not say how many it has. */
const ROWS = 24;

/** Whether a terminal does nothing but print, or nobody knows what it does: `TERM=dumb` or `unknown`, or a shell in Emacs, which edits lines itself. */
export function isDumb(env: NodeJS.ProcessEnv): boolean {
  return /^(?:dumb|unknown)$/u.test(env["TERM"] ?? "") || /(?:^|,)comint(?:,|$)/u.test(env["INSIDE_EMACS"] ?? "");
}

interface Reading {
  /** What stands in front of the line that is typed. */
  prompt: string;
  /** Ends the read of a statement for a reason of this file; `undefined` where a program reads. */
  readonly end: ((why: Error) => void) | undefined;
}

/**
 * A prompt for terminals that do nothing but print: lines are edited and shown by the system or by whoever has started it,
 * and not one escape sequence is written.
 */
export class DumbDevice implements Device {
  readonly kind = "dumb";
  readonly columns = undefined;
  readonly rows = undefined;
  onInterrupt: (() => void) | undefined = undefined;
  stillRunning: (() => number) | undefined = undefined;
  private readonly plain: PlainDevice;
  private readonly output: PlainOptions["output"];
  /** A program that was stopped goes on: the prompt is above what was done meanwhile. */
  private readonly back = (): void => {
    this.prompted = false;
    this.promptSoon();
  };
  /** The reads that wait, the innermost last. */
  private readonly readings: Reading[] = [];
  /** Whether the cursor is behind a prompt, and whether behind text without a newline. */
  private prompted = false;
  private tail = "";
  private prompting = false;
  /** Whether the last thing that was done is a Ctrl+C at an empty prompt. */
  private leaving = false;
  /** Whether it said that work would end with it. */
  private warned = false;
  private left = false;
  /** Whether there are lines of a statement that is not whole. */
  private begun = false;
  private continuation = "";
  /** The statements whose turn comes when what reads instead no longer does, the innermost last. */
  private readonly suspended: (() => void)[] = [];
  /** How often the statements that wait were put aside. */
  private aside = 0;

  constructor({ input, output, parse, onGone }: Pick<PlainOptions, "input" | "output" | "onGone"> & DeviceOptions) {
    this.output = output;
    process.on("SIGCONT", this.back);
    this.plain = new PlainDevice({
      ...{ texts: [], input, output, errors: output, parse },
      ...(onGone && { onGone }),
      onContinue: () => this.continued(),
    });
    this.plain.onInterrupt = () => this.interrupted();
  }

  /** What comes while a prompt is shown stands on lines of its own, and the prompt below it again. */
  write(text: string): void | Promise<void> {
    if (text === "") return;
    const start = this.prompted ? "\n" : "";
    this.prompted = false;
    const line = this.tail + text;
    this.tail = line.slice(line.lastIndexOf("\n") + 1);
    const written = this.plain.write(start + text);
    this.promptSoon();
    return written;
  }

  /** Nothing can be erased, but it can be moved out of sight. */
  clear(): void {
    void this.write("\n".repeat((this.output as { readonly rows?: number }).rows ?? ROWS));
  }

  readLine(prompt: string, signal?: AbortSignal): Promise<string | null> {
    // What was written without a newline is there, and is the prompt's when that is shown again.
    const reading = { prompt: this.tail + prompt, end: undefined };
    void this.plain.write(this.prompted ? `\n${prompt}` : prompt);
    this.suspend();
    return this.reading(reading, this.plain.readLine(prompt, signal));
  }

  async readStatement(prompts: StatementPrompts, signal?: AbortSignal): Promise<string | null> {
    let { first } = prompts;
    this.suspend();
    for (;;) {
      const given = new AbortController();
      const reading: Reading = { prompt: first, end: (why) => given.abort(why) };
      this.continuation = prompts.continuation;
      void this.plain.write(`${this.tail === "" ? "" : "\n"}${first}`);
      const either = signal === undefined ? given.signal : AbortSignal.any([signal, given.signal]);
      try {
        return await this.reading(reading, this.plain.readStatement(prompts, either));
      } catch (error) {
        ({ first } = prompts);
        if (error === SUSPENDED) {
          first = reading.prompt;
          await new Promise<void>((resume) => this.suspended.push(resume));
          signal?.throwIfAborted();
        } else if (error === GIVEN_UP) {
          this.plain.giveUp();
          if (!this.left) continue;
          this.leaving = false;
          return null;
        } else throw error;
      }
    }
  }

  setPrompts(prompts: StatementPrompts): void {
    const reading = this.readings.findLast(({ end }) => end !== undefined);
    if (reading === undefined) return;
    reading.prompt = prompts.first;
    this.continuation = prompts.continuation;
    if (reading !== this.readings.at(-1)) return;
    if (this.prompted) void this.plain.write("\n");
    this.prompted = false;
    this.promptSoon();
  }

  signals(): void {
    // Ctrl+C is always a signal here.
  }

  close(): Promise<void> {
    process.off("SIGCONT", this.back);
    return this.plain.close();
  }

  setAside(): () => void {
    this.aside++;
    this.suspend();
    return () => {
      this.aside--;
      this.resume();
    };
  }

  private resume(): void {
    if (this.readings.length === 0 && this.aside === 0) this.suspended.pop()?.();
  }

  /** The next line is for another read, not for the statement that waits. */
  private suspend(): void {
    this.readings.findLast(({ end }) => end !== undefined)?.end?.(SUSPENDED);
  }

  private async reading<T>(reading: Reading, answer: Promise<T>): Promise<T> {
    this.readings.push(reading);
    this.prompted = true;
    this.tail = "";
    try {
      const answered = await answer;
      this.leaving = false;
      if (reading.end !== undefined) this.begun = false;
      return answered;
    } finally {
      this.readings.splice(this.readings.indexOf(reading), 1);
      // The line that was typed has ended the row.
      if (this.readings.length === 0) this.prompted = false;
      this.resume();
    }
  }

  /** A line of a statement that needs more of them. */
  private continued(): void {
    const reading = this.readings.findLast(({ end }) => end !== undefined);
    if (reading === undefined) return;
    reading.prompt = this.continuation;
    this.begun = true;
    this.leaving = false;
    void this.plain.write(reading.prompt);
    this.prompted = true;
  }

  /** Shows the prompt again once all is written that comes at once. */
  private promptSoon(): void {
    if (this.prompting) return;
    this.prompting = true;
    setImmediate(() => {
      this.prompting = false;
      const reading = this.readings.at(-1);
      if (reading === undefined || this.prompted) return;
      void this.plain.write(`${this.tail === "" ? "" : "\n"}${reading.prompt}`);
      this.tail = "";
      this.prompted = true;
    });
  }

  private interrupted(): void {
    const reading = this.readings.at(-1);
    if (reading?.end === undefined) {
      this.onInterrupt?.();
      return;
    }
    if (!this.leaving) {
      this.warned = false;
      this.onInterrupt?.();
    }
    // The first line of a statement is the system's until Enter, so that nobody knows whether there is something to give up.
    const { begun } = this;
    this.begun = false;
    const running = this.leaving && !begun && !this.warned ? (this.stillRunning?.() ?? 0) : 0;
    this.warned = running > 0;
    this.left = this.leaving && !begun && running === 0;
    this.leaving = !begun;
    const hint = running > 0 ? runningHint(running, "Ctrl+C") : LEAVE_HINT;
    void this.plain.write(this.left || begun ? "\n" : `\n${hint}\n`);
    this.prompted = false;
    reading.end(GIVEN_UP);
  }
}

const GIVEN_UP = new Error("The statement was given up");
const SUSPENDED = new Error("A program reads first");
