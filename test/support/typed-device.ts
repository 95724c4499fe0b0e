import { stripVTControlCharacters } from "node:util";
import type { Device, StatementPrompts } from "../../src/io/device.ts";

interface Read {
  readonly prompt: string;
  aside: boolean;
  readonly answer: (text: string | null) => void;
}

/** A terminal without a screen: what is typed answers the innermost read, and what is shown is kept, prompts included. */
export class TypedDevice implements Device {
  readonly kind = "terminal";
  readonly columns = 100;
  readonly rows = 40;
  onInterrupt: (() => void) | undefined = undefined;
  shown = "";
  readonly #reads: Read[] = [];
  #changed = Promise.withResolvers<void>();

  write(text: string): void {
    this.shown += stripVTControlCharacters(text);
    this.#wake();
  }

  readLine(prompt: string, signal?: AbortSignal): Promise<string | null> {
    return this.#read(prompt, signal).then((text) => (text === null ? null : `${text}\n`));
  }

  readStatement({ first }: StatementPrompts, signal?: AbortSignal): Promise<string | null> {
    return this.#read(first, signal);
  }

  setPrompts(): void {
    this.shown += "(other prompts)\n";
  }

  setAside(): () => void {
    const reads = this.#reads.filter(({ aside }) => !aside);
    for (const read of reads) read.aside = true;
    return () => {
      for (const read of reads) read.aside = false;
      this.#wake();
    };
  }

  clear(): void {
    // There is no screen.
  }

  signals(): void {
    // There are no keys.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The prompt of the innermost read, `undefined` if nothing is read. */
  get prompt(): string | undefined {
    return this.#reads.findLast(({ aside }) => !aside)?.prompt;
  }

  /** Waits until what is shown holds `text`. */
  async waitFor(text: string): Promise<void> {
    while (!this.shown.includes(text)) await this.#changed.promise;
  }

  /** Waits until `prompt` is the innermost; `undefined` if nothing is to be read. */
  async prompted(prompt: string | undefined): Promise<void> {
    while (this.prompt !== prompt) await this.#changed.promise;
  }

  /** Waits for a prompt and answers it; `null` is Ctrl+D. */
  async type(prompt: string, text: string | null): Promise<void> {
    await this.prompted(prompt);
    const read = this.#reads.findLast(({ aside }) => !aside);
    this.shown += `${prompt}${text ?? ""}\n`;
    read?.answer(text);
  }

  #read(prompt: string, signal: AbortSignal | undefined): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#reads.splice(this.#reads.indexOf(read), 1);
        this.#wake();
      };
      const read: Read = {
        prompt,
        aside: false,
        answer: (text) => {
          end();
          resolve(text);
        },
      };
      this.#reads.push(read);
      signal?.addEventListener("abort", () => {
        end();
        reject(signal.reason as Error);
      });
      this.#wake();
    });
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
