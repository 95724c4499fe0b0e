/** A shell in a terminal, as a person who waits for it has it. */
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import * as pty from "node-pty";
import type { Figures } from "./rows.ts";

/** Adds up to what neither the statement nor a prompt holds, so that it is the result that was seen. */
const STATEMENT = "1000+234";
const RESULT = "1234";

/** How often Enter is pressed after the first time. */
const TIMES = 20;

/** How long nobody types after the screen has come to rest, in milliseconds: a person looks before Enter. */
const PAUSE = 30;

/**
 * Milliseconds from the start of a shell to its prompt, its memory there in MB, and milliseconds from Enter on a sum to
 * the result on the screen: the first time, and the middle of later ones. `prompt` is that of each statement by its number.
 */
export async function shellTimes(
  command: string,
  args: readonly string[],
  prompt: (statement: number) => string,
): Promise<Figures> {
  const begun = performance.now();
  const screen = new Screen(command, args);
  await screen.shows((text) => text.includes(prompt(1)));
  const start = performance.now() - begun;
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(screen.pid)}/status`, "utf8"));
  const taken: number[] = [];
  for (let i = 0; i <= TIMES; i++) {
    await screen.rests(PAUSE);
    screen.forget();
    screen.type(STATEMENT);
    await screen.shows((text) => text.includes(STATEMENT));
    await screen.rests(PAUSE);
    screen.forget();
    const entered = performance.now();
    screen.type("\r");
    await screen.shows((text) => text.includes(RESULT));
    taken.push(performance.now() - entered);
    await screen.shows((text) => text.includes(prompt(i + 2)));
  }
  await screen.end();
  const [first = Number.NaN, ...later] = taken;
  return {
    start,
    start_rss: Number(memory?.[1] ?? Number.NaN) / 1024,
    enter_first: first,
    enter_later: later.sort((a, b) => a - b)[later.length >> 1] ?? Number.NaN,
  };
}

/**
 * Starts a shell and leaves it at its prompt, as a user does who starts it again tomorrow: what a program keeps of its
 * first start, it has written by then.
 */
export async function startOnce(command: string, args: readonly string[], prompt: string): Promise<void> {
  const screen = new Screen(command, args);
  await screen.shows((text) => text.includes(prompt));
  screen.type("\x04");
  await screen.exited;
}

/** A program in a terminal, and what it wrote there. */
class Screen {
  readonly #shell: pty.IPty;
  readonly #ended = Promise.withResolvers<never>();
  readonly #exited = Promise.withResolvers<undefined>();
  #seen = "";
  #changed: () => void = () => undefined;

  constructor(command: string, args: readonly string[]) {
    this.#shell = pty.spawn(command, [...args], { cols: 100, rows: 30, name: "xterm-256color", env: process.env });
    this.#ended.promise.catch(() => undefined);
    this.#shell.onData((data) => {
      this.#seen += data;
      this.#changed();
    });
    this.#shell.onExit(() => {
      this.#exited.resolve(undefined);
      this.#ended.reject(new Error(`${command} ended too early: ${this.#seen}`));
    });
  }

  get exited(): Promise<undefined> {
    return this.#exited.promise;
  }

  get pid(): number {
    return this.#shell.pid;
  }

  type(text: string): void {
    this.#shell.write(text);
  }

  /** What was written up to now no longer counts. */
  forget(): void {
    this.#seen = "";
  }

  /** Waits until what was written, without colours and the like, is so. Fails if the program ends. */
  async shows(match: (text: string) => boolean): Promise<void> {
    while (!match(stripVTControlCharacters(this.#seen))) await Promise.race([this.#change(), this.#ended.promise]);
  }

  /** Waits until nothing has been written for so many milliseconds. */
  async rests(milliseconds: number): Promise<void> {
    for (let rest = false; !rest;) {
      const pause = Promise.withResolvers<true>();
      const timer = setTimeout(() => pause.resolve(true), milliseconds);
      rest = await Promise.race([this.#change(), pause.promise]);
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    this.#shell.kill("SIGKILL");
    await this.#exited.promise;
  }

  #change(): Promise<false> {
    return new Promise((resolve) => (this.#changed = () => resolve(false)));
  }
}
