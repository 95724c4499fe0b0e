import type { Readable, Writable } from "node:stream";
import type { Completeness, Device } from "../io/device.ts";
import { MoebiError } from "../term/error.ts";

/** A file of statements. */
export interface FileText {
  /** What errors call it. */
  readonly name: string;
  readonly text: string;
}

/** Where a statement begins; lines count from 1. */
export interface Origin {
  readonly name: string;
  readonly line: number;
}

export interface PlainOptions {
  /** Statements: those of `-e` and of files, in order. */
  readonly texts: readonly (string | FileText)[];
  /** What `IO.gets` reads. Without texts, statements are read from it as well, as they come. */
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  parse(source: string): Promise<{ readonly kind: Completeness }>;
  /** Told when nobody reads the output any more, as behind `| head`. What is printed from then on is lost. */
  onGone?(): void;
  /** Told before each further line of a statement is read. */
  onContinue?(): void;
}

/** A front end for pipes, files and `-e`: no prompts, no colours, failures on standard error. */
export class PlainDevice implements Device {
  readonly kind = "plain";
  readonly columns = undefined;
  readonly rows = undefined;
  onInterrupt: (() => void) | undefined = undefined;
  private readonly options: PlainOptions;
  private readonly lines: Lines;
  private readonly statements: Lines;
  /** The lines of a statement that is not complete yet. */
  private unfinished = "";
  /** Where each line of the texts stands, in a file or nowhere, and how many were read. */
  private readonly origins: readonly (Origin | undefined)[];
  private taken = 0;
  /** Where the statement that was read last begins, if it is a file's. */
  origin: Origin | undefined = undefined;
  private readonly onSigint = (): void => {
    if (this.onInterrupt !== undefined) this.onInterrupt();
    else process.exit(130);
  };
  private readonly onError = (): void => {
    this.gone = true;
    this.options.onGone?.();
  };
  private gone = false;
  private closed = false;

  constructor(options: PlainOptions) {
    this.options = options;
    this.lines = new Lines(linesOf(options.input));
    this.statements = options.texts.length === 0 ? this.lines : new Lines(linesOfTexts(options.texts));
    this.origins = options.texts.flatMap((given) =>
      linesIn(given).map((_, i) => (typeof given === "string" ? undefined : { name: given.name, line: i + 1 })),
    );
    process.on("SIGINT", this.onSigint);
    options.output.on("error", this.onError);
  }

  write(text: string): void | Promise<void> {
    if (!this.gone) return writeTo(this.options.output, text);
  }

  writeError(text: string): void | Promise<void> {
    return writeTo(this.options.errors, text);
  }

  clear(): void {
    // There is no screen.
  }

  readLine(_prompt?: string, signal?: AbortSignal): Promise<string | null> {
    return this.read(this.lines, signal);
  }

  async readStatement(_prompts?: unknown, signal?: AbortSignal): Promise<string | null> {
    for (;;) {
      const line = await this.read(this.statements, signal);
      if (this.unfinished === "") this.origin = this.origins[this.taken];
      if (line !== null) this.taken++;
      const text = `${this.unfinished}${line ?? ""}`.replace(/\n$/, "");
      if (line === null && this.unfinished === "") return null;
      this.unfinished += line ?? "";
      if (line === null || line.trim() === "#moebi:break" || (await this.options.parse(text)).kind !== "incomplete") {
        this.unfinished = "";
        return text;
      }
      this.options.onContinue?.();
    }
  }

  /** Forgets the lines of a statement that is not complete. */
  giveUp(): void {
    this.unfinished = "";
  }

  signals(): void {
    // Ctrl+C is always a signal here.
  }

  close(): Promise<void> {
    this.closed = true;
    process.off("SIGINT", this.onSigint);
    this.options.input.destroy();
    return Promise.resolve();
  }

  private read(lines: Lines, signal: AbortSignal | undefined): Promise<string | null> {
    if (this.closed) return Promise.reject(new MoebiError("terminated", "The input is closed"));
    return lines.next(signal);
  }
}

/** Lines for readers that may give up: a line that comes when its reader is gone is the next one's. */
class Lines {
  private readonly source: AsyncIterator<string, undefined>;
  private ahead: Promise<string | null> | undefined;

  constructor(source: AsyncIterator<string, undefined>) {
    this.source = source;
  }

  /** The next line, `null` at the end. Rejects with `signal.reason` when the signal aborts. */
  async next(signal?: AbortSignal): Promise<string | null> {
    for (;;) {
      const ahead = (this.ahead ??= this.source.next().then(({ value }) => value ?? null));
      const line = await unlessAborted(ahead, signal);
      // Somebody else waited for the same line, and was first.
      if (this.ahead !== ahead) continue;
      this.ahead = undefined;
      return line;
    }
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A text ends a line whether it says so or not. */
async function* linesOfTexts(texts: PlainOptions["texts"]): AsyncGenerator<string, undefined> {
  for (const text of texts) for (const line of linesIn(text)) yield `${line.replace(/\r?\n$/, "")}\n`;
}

function linesIn(given: string | FileText): string[] {
  return (typeof given === "string" ? given : given.text).split(/(?<=\n)/);
}

/** Each with its newline, which the last may lack. */
async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  let rest = "";
  input.setEncoding("utf8");
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = (rest + chunk).split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith("\n") === true ? "" : (lines.pop() ?? "");
    yield* lines.map((line) => line.replace(/\r\n$/, "\n"));
  }
  if (rest !== "") yield rest;
}

function writeTo(stream: Writable, text: string): void | Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done).off("error", done);
      resolve();
    };
    stream.on("drain", done).on("close", done).on("error", done);
  });
}
