/** The reads that wait for input, innermost last, and the keys that wait for a read. */
import type { DeviceOptions, StatementPrompts } from "../io/device.ts";
import { sourceOf } from "./buffer.ts";
import {
  BREAK,
  completed,
  createEditor,
  settle,
  step,
  type EditorState,
  type Effect,
  type Reading,
  type Step,
} from "./editor.ts";
import type { Key } from "./keys.ts";

/** One read that waits: what is typed into it so far, and its prompts. */
export interface Read {
  prompts: StatementPrompts;
  state: EditorState;
}

interface Waiting extends Read {
  readonly resolve: (value: string | null) => void;
  readonly reject: (reason: unknown) => void;
}

export interface PrompterHandlers {
  /** What {@link Prompter.current} shows has changed. */
  onChange(): void;
  /** Prints what was typed, with its prompts, to stay. The read is answered after it. */
  onSubmit(typed: string): Promise<void>;
  onInterrupt(): void;
  onClear(): void;
}

/** Completions that take longer are not waited for: typing goes on. */
const COMPLETION_MS = 300;
const HINT_MS = 2000;

export class Prompter {
  readonly #options: DeviceOptions;
  readonly #handlers: PrompterHandlers;
  readonly #reads: Waiting[] = [];
  #keys: Key[] = [];
  #kills: readonly string[] = [];
  /** Keys wait while a statement is judged, completions are looked up, or a submitted line is printed. */
  #busy = 0;
  #ended = false;

  constructor(options: DeviceOptions, handlers: PrompterHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** The innermost read. */
  get current(): Read | undefined {
    return this.#reads.at(-1);
  }

  read(reading: Reading, prompts: StatementPrompts, signal?: AbortSignal): Promise<string | null> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#ended) return Promise.resolve(null);
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const entries = reading === "statement" ? [...(this.#options.history?.entries ?? [])] : [];
    const read: Waiting = { prompts, resolve, reject, state: createEditor(reading, entries, this.#kills) };
    this.#reads.push(read);
    const aborted = (): void => {
      this.#remove(read);
      reject(signal?.reason);
      this.#handlers.onChange();
    };
    signal?.addEventListener("abort", aborted, { once: true });
    this.#handlers.onChange();
    this.#pump();
    return promise.finally(() => signal?.removeEventListener("abort", aborted));
  }

  /** Gives the innermost statement other prompts. */
  setPrompts(prompts: StatementPrompts): void {
    const read = this.#reads.findLast(({ state }) => state.reading === "statement");
    if (!read) return;
    read.prompts = prompts;
    this.#handlers.onChange();
  }

  /** Keys that were pressed. What no read takes waits for the next one. */
  receive(keys: readonly Key[]): void {
    for (const key of keys) this.#keys.push(key);
    this.#pump();
  }

  /** No more keys come: every read is at the end of input. */
  end(): void {
    this.#ended = true;
    for (const read of this.#reads.splice(0)) read.resolve(null);
    this.#handlers.onChange();
  }

  /** Rejects the reads that wait. */
  close(reason: unknown): void {
    this.#ended = true;
    for (const read of this.#reads.splice(0)) read.reject(reason);
  }

  #remove(read: Waiting): boolean {
    const index = this.#reads.indexOf(read);
    if (index >= 0) this.#reads.splice(index, 1);
    return index >= 0;
  }

  #pump(): void {
    let changed = false;
    while (this.#busy === 0 && this.#keys.length > 0) {
      const read = this.#reads.at(-1);
      if (!read) {
        if (!this.#interrupted()) break;
        continue;
      }
      const before = read.state;
      this.#apply(read, step(before, this.#nextKey(before.reading), performance.now()));
      changed = true;
    }
    if (changed) this.#handlers.onChange();
  }

  /** Ctrl+C while nothing is read: it is for what runs, and what was typed ahead of it is dropped, as terminals do. */
  #interrupted(): boolean {
    const at = this.#keys.findLastIndex((key) => key.type === "chord" && key.chord === "ctrl+c");
    if (at < 0) return false;
    this.#keys = this.#keys.slice(at + 1);
    this.#handlers.onInterrupt();
    return true;
  }

  /** The next key. Characters that came together are taken together, and a paste into a line is one line at a time. */
  #nextKey(reading: Reading): Key {
    const [key = { type: "text", text: "" } as const] = this.#keys;
    if (key.type === "text") {
      const end = this.#keys.findIndex(({ type }) => type !== "text");
      const run = this.#keys.splice(0, end < 0 ? this.#keys.length : end);
      return { type: "text", text: run.map((one) => (one.type === "text" ? one.text : "")).join("") };
    }
    this.#keys.shift();
    if (key.type === "paste" && reading === "line") {
      const [first = "", ...others] = key.text.split(/\r\n?|\n/);
      const rest = others.flatMap<Key>((text) => [
        { type: "chord", chord: "enter" },
        { type: "paste", text },
      ]);
      this.#keys.unshift(...rest);
      return { type: "paste", text: first };
    }
    return key;
  }

  #apply(read: Waiting, { state, effects }: Step): void {
    read.state = state;
    this.#kills = state.kills;
    for (const effect of effects) this.#perform(read, effect);
    if (state.hint === undefined) return;
    setTimeout(() => {
      if (read.state !== state) return;
      read.state = { ...state, hint: undefined };
      this.#handlers.onChange();
    }, HINT_MS).unref();
  }

  #perform(read: Waiting, effect: Effect): void {
    switch (effect.type) {
      case "parse":
        void this.#hold(async () => {
          const kind = await this.#options.parse(effect.source).then(
            (judged) => judged.kind,
            () => "wrong" as const,
          );
          this.#apply(read, settle(read.state, kind));
        });
        break;
      case "complete":
        void this.#hold(() => this.#complete(read, effect.before));
        break;
      case "submit":
        if (read.state.reading === "statement" && !effect.source.endsWith(BREAK))
          this.#options.history?.add(effect.source);
        void this.#hold(() => this.#answer(read, read.state.reading === "line" ? `${effect.source}\n` : effect.source));
        break;
      case "end":
        void this.#hold(() => this.#answer(read, null));
        break;
      case "interrupt":
        this.#handlers.onInterrupt();
        break;
      case "clear":
        this.#handlers.onClear();
        break;
    }
  }

  /** Runs `work` while keys wait, and goes on with them after it. */
  async #hold(work: () => Promise<void>): Promise<void> {
    this.#busy++;
    try {
      await work();
    } finally {
      this.#busy--;
      this.#handlers.onChange();
      this.#pump();
    }
  }

  async #complete(read: Waiting, before: string): Promise<void> {
    const state = read.state;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      resolve(undefined);
    }, COMPLETION_MS);
    const answer = await Promise.race([this.#options.complete?.(before), late]).catch(() => undefined);
    clearTimeout(timer);
    if (answer && read.state === state) read.state = completed(state, answer);
  }

  async #answer(read: Waiting, value: string | null): Promise<void> {
    // Aborted in the meantime, perhaps while its statement was judged.
    if (!this.#remove(read)) return;
    await this.#handlers.onSubmit(typedLines(read));
    read.resolve(value);
    // What reads it starts to run before the next key is looked at: a Ctrl+C typed behind it is meant for that.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a read looks like when it is done. */
function typedLines({ prompts, state }: Read): string {
  return prompts.first + sourceOf(state.buffer).replaceAll("\n", `\n${prompts.continuation}`);
}
