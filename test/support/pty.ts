import { spawn, type IPty } from "node-pty";
import { Screen } from "./screen.ts";

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * How long a program has to do what a test waits for. Generous: it says how long a failure takes, not a success. Shorter than
 * the test's own limit, so that a failure shows the screen.
 */
const DEADLINE_MS = Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 120_000);

/** A program on a terminal of its own, with a screen to look at. Starts with {@link openPty}. */
export class Pty implements AsyncDisposable {
  readonly screen: Screen;
  readonly exited: Promise<{ readonly code: number; readonly signal: number | undefined }>;
  readonly #pty: IPty;
  #drawn: Promise<void> = Promise.resolve();
  #changed = Promise.withResolvers<void>();
  #ended = false;

  constructor(file: string, args: readonly string[], options: PtyOptions = {}) {
    const { columns = 80, rows = 24 } = options;
    this.screen = new Screen(columns, rows);
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries({
      ...process.env,
      CI: undefined,
      TERM: "xterm-256color",
      ...options.env,
    })) {
      if (value !== undefined) env[name] = value;
    }
    this.#pty = spawn(file, [...args], {
      cols: columns,
      rows,
      cwd: options.cwd ?? process.cwd(),
      env,
      // It would be put over what the environment says.
      name: env["TERM"] ?? "xterm-256color",
    });
    this.#pty.onData((data) => {
      this.#drawn = this.screen.write(data);
      void this.#drawn.then(() => {
        this.#wake();
      });
    });
    this.screen.onAnswer((data) => {
      if (!this.#ended) this.#pty.write(data);
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#ended = true;
        void this.#drawn.then(() => {
          resolve({ code: exitCode, signal: signal === 0 ? undefined : signal });
          this.#wake();
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Sends `text` as one chunk. Enter is `\r`. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** Sends each character as a chunk of its own, in a turn of its own. */
  async typeSlowly(text: string): Promise<void> {
    for (const character of text) {
      this.#pty.write(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Sends `text` as a terminal sends a paste. */
  paste(text: string): void {
    this.#pty.write(`\x1b[200~${text.replaceAll("\n", "\r")}\x1b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  /** Waits until the screen is as `expected` says, or shows that text. Fails with what it showed instead. */
  async waitFor(expected: string | ((screen: Screen) => boolean)): Promise<void> {
    const met = (): boolean =>
      typeof expected === "string" ? this.screen.text().includes(expected) : expected(this.screen);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, DEADLINE_MS);
    try {
      for (;;) {
        const changed = this.#changed.promise;
        await this.#drawn;
        if (met()) return;
        if (late || this.#ended) {
          const wanted = typeof expected === "string" ? JSON.stringify(expected) : expected.toString();
          const { x, y } = this.screen.cursor;
          throw new Error(
            `${this.#ended ? "The program ended" : "The time was up"} before the screen met ${wanted}. Cursor ${String(x)},${String(y)}. It showed:\n${this.screen.text()}`,
          );
        }
        await changed;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the program, and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#pty.kill("SIGKILL");
    await this.exited;
    await this.#drawn;
    (this.#pty as unknown as { destroy?(): void }).destroy?.();
    this.screen.dispose();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Starts `node` with `args` on a terminal of its own. */
export function openPty(args: readonly string[], options: PtyOptions = {}): Pty {
  return new Pty(process.execPath, args, options);
}
