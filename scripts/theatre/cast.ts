/** The nodes of a demonstration: a home, a cookie and a name service of their own, so that they meet no others. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { Pane } from "./pane.ts";
import type { Size } from "./stage.ts";
import { NODES, READY, type Step } from "./tour.ts";

const program = fileURLToPath(new URL("../../dist/bin/moebi.js", import.meta.url));

/** How fast the tour goes, in milliseconds. */
export interface Pace {
  /** Between two keys. */
  readonly key: number;
  /** Between the caption and the first key, and behind the last. */
  readonly step: number;
}

export const READING: Pace = { key: 35, step: 1_600 };
export interface CastOptions {
  /** Which nodes are started, by their names; those of the tour unless told. */
  readonly nodes?: readonly string[];
  /** What they show, or whether they live, has changed. */
  readonly onChange?: () => void;
}

export const AT_ONCE: Pace = { key: 0, step: 0 };

export class Cast implements AsyncDisposable {
  readonly panes: Pane[];
  readonly #home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #size: Size;
  readonly #onChange: () => void;

  private constructor(home: string, env: Readonly<Record<string, string>>, size: Size, options: CastOptions) {
    this.#home = home;
    this.#env = env;
    this.#size = size;
    this.#onChange = options.onChange ?? (() => undefined);
    this.panes = [];
    for (const name of options.nodes ?? NODES)
      this.program(`${name}@localhost`, [program, "--sname", name, "--app", "chat"]);
  }

  /** Starts nodes, each with Chat. */
  static async start(size: Size, options: CastOptions = {}): Promise<Cast> {
    const home = await mkdtemp(join(tmpdir(), "moebi-demo-"));
    const port = String(await freePort());
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env))
      if (value !== undefined && !/^(CI$|MOEBI_|XDG_|NODES$|PORT$)/.test(name)) env[name] = value;
    Object.assign(env, { HOME: home, USERPROFILE: home, MOEBI_EPMD_PORT: port, TERM: "xterm-256color" });
    return new Cast(home, env, size, options);
  }

  of(who: string): Pane {
    const pane = this.panes.find(({ name }) => name === `${who}@localhost`);
    if (pane === undefined) throw new Error(`Nobody is called ${who}`);
    return pane;
  }

  /** Opens a shell on a node, at a terminal of its own. */
  visit(node: string): Pane {
    return this.program(node, [program, "--remsh", node]);
  }

  /** Starts a program for Node. */
  program(name: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Pane {
    const pane = new Pane({
      ...{ name, file: process.execPath, args, env: { ...this.#env, ...environment } },
      ...this.#size,
      onChange: this.#onChange,
    });
    this.panes.push(pane);
    return pane;
  }

  /** Settles when all are at their prompts. */
  async ready(): Promise<void> {
    await this.#shown(READY);
  }

  /** Plays a step. Rejects if what it should show does not come, or `left` aborts. */
  async play({ who, type, then }: Step, { key, step }: Pace, left?: AbortSignal): Promise<void> {
    const pane = this.of(who);
    await pause(step, left);
    for (const character of type) {
      pane.type(character);
      await pause(key, left);
    }
    pane.type("\r");
    await this.#shown(then);
    await pause(step, left);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.panes.map((pane) => pane.close()));
    await rm(this.#home, { recursive: true, force: true });
  }

  async #shown(expected: Step["then"]): Promise<void> {
    try {
      for (const [who, shows] of expected) await this.of(who).until(shows);
    } catch (error) {
      const screens = this.panes.map((pane) => `── ${pane.name} ──\n${pane.text()}`);
      throw new Error(`${(error as Error).message}\n${screens.join("\n")}`, { cause: error });
    }
  }
}

async function pause(ms: number, left: AbortSignal | undefined): Promise<void> {
  left?.throwIfAborted();
  if (ms === 0) return;
  await new Promise<void>((resolve, reject) => {
    const over = (): void => {
      clearTimeout(timer);
      reject(left?.reason as Error);
    };
    const timer = setTimeout(() => {
      left?.removeEventListener("abort", over);
      resolve();
    }, ms);
    left?.addEventListener("abort", over, { once: true });
  });
}
