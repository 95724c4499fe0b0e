import type { Readable, Writable } from "node:stream";
import type { Completeness, Device } from "../io/device.ts";
import { MoebiError } from "../term/error.ts";

export interface PlainOptions {
  /** Statements are read from here: texts in order (of `-e` and files), then standard input if given. */
  readonly texts: readonly string[];
  readonly input?: Readable | undefined;
  readonly output: Writable;
  readonly errors: Writable;
  parse(source: string): Promise<{ readonly kind: Completeness }>;
}

/** A front end for pipes, files and `-e`: no prompts, no colours, failures on standard error. */
export class PlainDevice implements Device {
  readonly kind = "plain";
  readonly columns = undefined;
  readonly rows = undefined;
  onInterrupt: (() => void) | undefined = undefined;
  private readonly options: PlainOptions;
  private readonly lines: AsyncIterator<string>;
  private readonly onSigint = (): void => {
    if (this.onInterrupt !== undefined) this.onInterrupt();
    else process.exit(130);
  };
  private closed = false;

  constructor(options: PlainOptions) {
    this.options = options;
    this.lines = linesOf(options);
    process.on("SIGINT", this.onSigint);
  }

  write(text: string): void | Promise<void> {
    return writeTo(this.options.output, text);
  }

  writeError(text: string): void | Promise<void> {
    return writeTo(this.options.errors, text);
  }

  clear(): void {
    // There is no screen.
  }

  async readLine(): Promise<string | null> {
    if (this.closed) throw new MoebiError("terminated", "The input is closed");
    const next = await this.lines.next();
    return next.done === true ? null : next.value;
  }

  async readStatement(): Promise<string | null> {
    let source = "";
    for (;;) {
      const line = await this.readLine();
      if (line === null) return source === "" ? null : source;
      source += line;
      const text = source.replace(/\n$/, "");
      if (line.trim() === "#moebi:break" || (await this.options.parse(text)).kind !== "incomplete") return text;
    }
  }

  interruptible<T>(run: () => T): T {
    return run();
  }

  close(): Promise<void> {
    this.closed = true;
    process.off("SIGINT", this.onSigint);
    this.options.input?.destroy();
    return Promise.resolve();
  }
}

/** Each with its newline, which the last of a text may lack. A text ends a line whether it says so or not. */
async function* linesOf({ texts, input }: PlainOptions): AsyncGenerator<string, undefined> {
  for (const text of texts) for (const line of text.split(/(?<=\n)/)) yield line.endsWith("\n") ? line : `${line}\n`;
  if (input === undefined) return;
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
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}
