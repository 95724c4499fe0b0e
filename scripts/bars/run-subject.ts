/** Starts the nodes that are measured, each in a process of its own, and talks to them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NodeName } from "../../src/term/pid.ts";
import type { Figures, Requests } from "./subject.ts";

const PROGRAM = fileURLToPath(new URL("../../node_modules/.cache/bars/subject.js", import.meta.url));

/** As `scripts/moebi` starts a node. */
const YOUNG = "--max-semi-space-size=2";

export class Subject implements AsyncDisposable {
  readonly name: NodeName;
  readonly child: ChildProcess;
  /** Lines it has logged. */
  logged = 0;
  /** The last of what it has logged. */
  lastLog = "";
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #mostDescriptors: number;
  #asked = 0;

  constructor(name: string, child: ChildProcess, mostDescriptors = Infinity) {
    this.name = `${name}@localhost`;
    this.child = child;
    this.#mostDescriptors = mostDescriptors;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.logged += text.split("\n").length - 1;
      this.lastLog = (this.lastLog + text).slice(-2_000);
    });
    child.on("message", (message) => {
      if (!Array.isArray(message)) return;
      const [id, value, error] = message as [number, unknown, string | undefined];
      const one = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) one?.resolve(value);
      else one?.reject(new Error(error));
    });
    child.once("exit", (status, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`"${name}" ended (${String(status ?? signal)}): ${this.lastLog}`));
      this.#waiting.clear();
    });
  }

  ask<K extends keyof Requests>(
    request: K,
    ...[argument]: Parameters<Requests[K]>
  ): Promise<Awaited<ReturnType<Requests[K]>>> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.child.send([id, request, argument], (error) => error && reject(error));
    });
  }

  /** What it holds. */
  async figures(): Promise<Figures & { readonly descriptors: number }> {
    const figures = await this.ask("figures");
    return { ...figures, descriptors: this.descriptors };
  }

  /**
   * Counted from here: it may have none left to look at them. One with a number beyond its limit it has inherited from the
   * program that runs the bars: that is neither its doing nor counted by the system.
   */
  get descriptors(): number {
    const numbers = readdirSync(`/proc/${String(this.child.pid)}/fd`).map(Number);
    return numbers.filter((number) => number < this.#mostDescriptors).length;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.alive) return;
    const over = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await over;
  }
}

export interface SubjectOptions {
  /** How many file descriptors it may have. */
  readonly descriptors?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a node `name@localhost`. Rejects with what it logged if it ends before it is up. */
export async function startSubject(name: string, { descriptors, env = {} }: SubjectOptions = {}): Promise<Subject> {
  const limit = descriptors === undefined ? "" : `ulimit -n ${String(descriptors)}; `;
  const node = [process.execPath, "--expose-gc", YOUNG, PROGRAM, name];
  const child = spawn("/bin/sh", ["-c", `${limit}exec "$@"`, "sh", ...node], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
  const subject = new Subject(name, child, descriptors);
  const ready = once(child, "message");
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`"${name}" ended: ${subject.lastLog}`)));
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return subject;
}

/** Bytes of memory a process has now, and has had at most. */
export function memoryOf(pid: number | undefined): { readonly rss: number; readonly peak: number } {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN);
  return { rss: field("VmRSS") * 1024, peak: field("VmHWM") * 1024 };
}
