/** Nodes in processes of their own, as built: what can be stopped and killed as an operating system does it. */
import { type ChildProcess, spawn } from "node:child_process";

const main = new URL("../../dist/cli/main.js", import.meta.url).href;

export class Peer implements AsyncDisposable {
  readonly child: ChildProcess;
  /** How it ended: its status, or the signal it died of. */
  readonly ended: Promise<number | NodeJS.Signals>;
  output = "";
  #over = false;
  readonly #waiting = new Set<() => void>();

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, flags: readonly string[]) {
    const program = `const { main } = await import(${JSON.stringify(main)}); await main(process.argv.slice(1));`;
    this.child = spawn(process.execPath, [...flags, "--input-type=module", "-e", program, "--", ...args], {
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#wake();
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.once("close", (status, signal) => {
        this.#over = true;
        this.#wake();
        resolve(status ?? signal ?? 0);
      });
    });
  }

  /** Waits until it has printed or logged `text`. */
  async waitFor(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.#over) throw new Error(`The node ended without ${JSON.stringify(text)}:\n${this.output}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.kill("SIGKILL");
    await this.ended;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

export interface PeerOptions {
  readonly args?: readonly string[];
  /** Evaluated before it counts as started. */
  readonly statements?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself. */
  readonly flags?: readonly string[];
}

/** Starts a node `name@localhost` that stays until it is killed. */
export async function startPeer(
  name: string,
  { args = [], statements = [], env = {}, flags = [] }: PeerOptions = {},
): Promise<Peer> {
  const evaluate = [...statements, 'IO.puts("is ready")'].flatMap((statement) => ["-e", statement]);
  const peer = new Peer(["--sname", name, "--no-halt", ...args, ...evaluate], env, flags);
  await peer.waitFor("is ready\n");
  return peer;
}
