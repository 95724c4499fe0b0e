import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/free-port.ts";
import { Pty, type PtyOptions } from "./pty.ts";
import type { Screen } from "./screen.ts";

/** The program as it is built. */
export const program = fileURLToPath(new URL("../../dist/bin/moebi.js", import.meta.url));

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status, or the signal it died of. */
  readonly status: number | NodeJS.Signals;
}

/** A program with pipes for terminal. */
export class Piped implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = "";
  stderr = "";
  #changed = Promise.withResolvers<void>();
  #ended = false;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string, file = program) {
    this.child = spawn(process.execPath, [file, ...args], { env, cwd, stdio: "pipe" });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#wake();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
      this.#wake();
    });
    // It may end before it has read everything.
    this.child.stdin?.on("error", () => undefined);
    this.finished = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        this.#ended = true;
        this.#wake();
        resolve({ stdout: this.stdout, stderr: this.stderr, status: code ?? signal ?? 0 });
      });
    });
  }

  /** Waits until one of its outputs holds `text`. */
  async waitFor(text: string): Promise<void> {
    while (!this.stdout.includes(text) && !this.stderr.includes(text)) {
      if (this.#ended)
        throw new Error(`The program ended without ${JSON.stringify(text)}:\n${this.stdout}${this.stderr}`);
      await this.#changed.promise;
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.kill("SIGKILL");
    await this.finished;
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A user of a machine: a home and a port for the name service that no other test has, and the programs started there. */
export class Host implements AsyncDisposable {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #programs: AsyncDisposable[] = [];

  constructor(home: string, port: number) {
    this.home = home;
    this.env = { HOME: home, USERPROFILE: home, MOEBI_EPMD_PORT: String(port), NO_COLOR: "1" };
  }

  /** Starts `moebi` on a terminal. */
  open(args: readonly string[], options: PtyOptions = {}): Pty {
    const env = { ...this.env, ...options.env };
    const pty = new Pty(process.execPath, [program, ...args], {
      columns: 100,
      rows: 40,
      cwd: this.home,
      ...options,
      env,
    });
    this.#programs.push(pty);
    return pty;
  }

  /** Starts `moebi` with pipes. Its standard input stays open. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Piped {
    const piped = new Piped(args, { ...process.env, ...this.env, ...env }, this.home);
    this.#programs.push(piped);
    return piped;
  }

  /** Runs `moebi` to its end, with `input` on its standard input. */
  run(args: readonly string[], input = "", env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const piped = this.start(args, env);
    piped.child.stdin?.end(input);
    return piped.finished;
  }

  /** Starts a node without a terminal that has evaluated `statements` and stays. */
  async background(name: string, statements: readonly string[] = [], args: readonly string[] = []): Promise<Piped> {
    const evaluate = [...statements, 'IO.puts("is ready")'].flatMap((statement) => ["-e", statement]);
    const node = this.start(["--sname", name, "--no-halt", ...args, ...evaluate]);
    await node.waitFor("is ready\n");
    return node;
  }

  /** Writes a file in the home and gives its path. */
  async file(name: string, text: string, mode = 0o600): Promise<string> {
    const path = join(this.home, name);
    await writeFile(path, text, { mode });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((one) => one[Symbol.asyncDispose]()));
    await rm(this.home, { recursive: true, force: true });
  }
}

export async function newHost(): Promise<Host> {
  return new Host(await mkdtemp(join(tmpdir(), "moebi-host-")), await freePort());
}

/** Whether the cursor stands behind `prompt`, with nothing typed. */
export function prompts(prompt: string): (screen: Screen) => boolean {
  return (screen) => screen.line(screen.cursor.y) === prompt;
}
