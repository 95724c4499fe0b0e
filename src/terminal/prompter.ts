/** The reads that wait for input, innermost last, and the keys that wait for a read. */
import type { DeviceOptions, StatementPrompts } from "../io/device.ts";
import type { Offer } from "../shell/complete.ts";
import { continueLast } from "../shell/continue-last.ts";
import { runningHint } from "../shell/leave-hint.ts";
import { DEFAULT_SETTINGS } from "../shell/settings.ts";
import {
  BREAK,
  completed,
  createEditor,
  editedOutside,
  settle,
  step,
  type EditorOptions,
  type EditorState,
  type Effect,
  type Reading,
  type Step,
} from "./editor.ts";
import type { EditedOutside } from "./external-editor.ts";
import type { Key } from "./keys.ts";
import { Offering } from "./offering.ts";

export interface PrompterOptions extends DeviceOptions {
  /** The settings as they are now. Default: {@link DEFAULT_SETTINGS}. */
  settings?(): EditorOptions;
  /** All that may stand behind a text, as `complete` finds it, for the pop-up. A late or failed answer counts as none. */
  offer?(before: string): Promise<Offer>;
}

/** One read that waits: what is typed into it so far, and its prompts. */
export interface Read {
  prompts: StatementPrompts;
  state: EditorState;
}

interface Waiting extends Read {
  /** Whose it is: see {@link Prompter.view}. */
  readonly view: number;
  /** It is as if it did not wait. */
  aside?: boolean;
  /** How it is since it was said that work would end with it. */
  warned?: EditorState;
  readonly resolve: (value: string | null) => void;
  readonly reject: (reason: unknown) => void;
}

export interface PrompterHandlers {
  /** What {@link Prompter.current} shows has changed. */
  onChange(): void;
  /** Prints what was typed, with its prompts, to stay. The read is answered after it. */
  onSubmit(read: Read): Promise<void>;
  /** Has `source` edited by the person's own editor. */
  onEdit(source: string): Promise<EditedOutside>;
  onInterrupt(): void;
  onClear(): void;
  onMenu(): void;
  /** Shows the settings, with {@link Prompter.take} for the keys behind the one that asked. Resolves when they are left. */
  onSettings(): Promise<void>;
  onSuspend(): void;
  /** How many processes that were started here would end with the input; see `Device.stillRunning`. */
  stillRunning?(): number;
}

/** Keys that mean the same at a prompt and while something runs, whatever was typed ahead of them. */
const ALWAYS = new Set(["ctrl+c", "ctrl+g", "ctrl+z"]);

/** For completions that take longer keys don't wait. They are shown when they come, if nothing was typed since. */
const COMPLETION_MS = 300;
const HINT_MS = 2000;

export class Prompter {
  readonly #options: PrompterOptions;
  readonly #handlers: PrompterHandlers;
  readonly #offering: Offering | undefined;
  readonly #reads: Waiting[] = [];
  /** Keys that wait, of the view that is shown. */
  #keys: Key[] = [];
  /** Those of the other views. */
  readonly #hidden = new Map<number, Key[]>();
  #view = 0;
  /** What was cut and taken into registers outlives the prompt it was at. */
  #kills: readonly string[] = [];
  #registers: ReadonlyMap<string, string> | undefined;
  /** Keys wait while a statement is judged, completions are looked up, or a submitted line is printed. */
  #busy = 0;
  #ended = false;

  constructor(options: PrompterOptions, handlers: PrompterHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    const offer = options.offer?.bind(options);
    if (offer === undefined) return;
    this.#offering = new Offering({ current: () => this.#current, offer, onChange: () => handlers.onChange() });
  }

  /** The innermost read of the view that is shown. */
  get current(): Read | undefined {
    return this.#current;
  }

  get #current(): Waiting | undefined {
    return this.#reads.findLast(({ view, aside }) => view === this.#view && aside !== true);
  }

  /**
   * Several users share the terminal, of whom one is shown: its reads take the keys. Those of the others keep what was
   * typed into them.
   */
  get view(): number {
    return this.#view;
  }

  /** Shows another. The keys that wait stay with the one they were typed for. */
  show(view: number): void {
    if (view === this.#view) return;
    this.#hidden.set(this.#view, this.#keys);
    this.#view = view;
    this.#keys = this.#hidden.get(view) ?? [];
    this.#hidden.delete(view);
    this.#handlers.onChange();
    this.#pump();
  }

  read(reading: Reading, prompts: StatementPrompts, signal?: AbortSignal, view = 0): Promise<string | null> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#ended) return Promise.resolve(null);
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const entries = reading === "statement" ? (this.#options.history?.entries ?? []) : [];
    const state = createEditor(reading, entries, this.#kills, this.#settings, this.#registers);
    const read: Waiting = { view, prompts, resolve, reject, state };
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

  get #settings(): EditorOptions {
    return this.#options.settings?.() ?? DEFAULT_SETTINGS;
  }

  /** Gives the innermost statement of a view other prompts. */
  setPrompts(prompts: StatementPrompts, of = 0): void {
    const read = this.#reads.findLast(({ view, state }) => view === of && state.reading === "statement");
    if (!read) return;
    read.prompts = prompts;
    this.#handlers.onChange();
  }

  /** Puts the reads of a view aside that wait now, until what it gives is called. */
  setAside(of = 0): () => void {
    const reads = this.#reads.filter(({ view, aside }) => view === of && aside !== true);
    const change = (aside: boolean): void => {
      for (const read of reads) read.aside = aside;
      this.#handlers.onChange();
      this.#pump();
    };
    change(true);
    return () => change(false);
  }

  /** Keys that were pressed. What no read takes waits for the next one. */
  receive(keys: readonly Key[]): void {
    for (const key of keys) this.#keys.push(key);
    this.#pump();
  }

  /** Hands over the keys that wait, to whoever is shown in front of all reads. */
  take(): Key[] {
    return this.#keys.splice(0);
  }

  /** No more keys come: every read is at the end of input. */
  end(): void {
    this.#ended = true;
    this.#offering?.stop();
    for (const read of this.#reads.splice(0)) read.resolve(null);
    this.#handlers.onChange();
  }

  /** Rejects the reads that wait. */
  close(reason: unknown): void {
    this.#ended = true;
    this.#offering?.stop();
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
      const read = this.#current;
      if (!read) {
        if (!this.#outOfTurn()) break;
        continue;
      }
      const before = { ...this.#upToDate(read.state), options: this.#settings };
      const sure = read.state === read.warned;
      const key = this.#nextKey(before.reading);
      const now = performance.now();
      const next = step(before, key, now);
      const running = !sure && next.effects.some(({ type }) => type === "end") ? this.#handlers.stillRunning?.() : 0;
      this.#apply(read, running ? warning(next, running, key, now) : next);
      if (running) read.warned = read.state;
      changed = true;
    }
    if (changed) this.#handlers.onChange();
  }

  /** Where nothing is typed yet, the statements that other sessions have added since the prompt was shown can be recalled. */
  #upToDate(state: EditorState): EditorState {
    const { reading, buffer, entry, entries, search } = state;
    if (reading === "line" || buffer.text.length > 0 || entry !== entries.length || search) return state;
    const now = this.#options.history?.entries ?? entries;
    return now === entries ? state : { ...state, entries: now, entry: now.length, drafts: new Map() };
  }

  /**
   * A key that does not wait for a read. Ctrl+C is for what runs, and what was typed ahead of it is dropped, as terminals
   * do; what was typed ahead of the others waits on.
   */
  #outOfTurn(): boolean {
    const at = this.#keys.findIndex((key) => key.type === "chord" && ALWAYS.has(key.chord));
    const key = this.#keys[at];
    if (key?.type !== "chord") return false;
    if (key.chord === "ctrl+c") {
      const next = this.#keys[at + 1];
      this.#keys.splice(0, at + 1);
      // Pressed impatiently: what runs is interrupted once.
      if (next?.type !== "chord" || next.chord !== "ctrl+c") this.#handlers.onInterrupt();
    } else if (key.chord === "ctrl+g") {
      const after = this.#keys.splice(at).slice(1);
      this.#menu(after);
    } else {
      this.#keys.splice(at, 1);
      this.#handlers.onSuspend();
    }
    return true;
  }

  /** The keys behind Ctrl+G are for what it shows. */
  #menu(after: readonly Key[]): void {
    this.#handlers.onMenu();
    this.#keys.push(...after);
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
    this.#registers = state.vi.registers;
    for (const effect of effects) this.#perform(read, effect);
    // What Ctrl+C says holds for a while; other hints until the next key.
    if (state.hint === undefined || state.interruptedAt === undefined) return;
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
      case "offer":
        this.#offering?.request();
        break;
      case "submit":
        if (read.state.reading === "statement" && !effect.source.endsWith(BREAK))
          this.#options.history?.add(effect.source);
        void this.#hold(() => this.#answer(read, read.state.reading === "line" ? `${effect.source}\n` : effect.source));
        break;
      case "edit":
        void this.#hold(async () => {
          const result = await this.#handlers.onEdit(effect.source);
          read.state = editedOutside(read.state, result);
        });
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
      case "menu":
        this.#menu(this.#keys.splice(0));
        break;
      case "settings":
        void this.#hold(() => this.#handlers.onSettings());
        break;
      case "suspend":
        this.#handlers.onSuspend();
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
    const shown = Promise.resolve(this.#options.complete?.(continueLast(before))).then(
      (answer) => {
        if (!answer || read.state !== state) return;
        read.state = completed(state, answer);
        this.#handlers.onChange();
      },
      () => undefined,
    );
    await Promise.race([shown, late]);
    clearTimeout(timer);
  }

  async #answer(read: Waiting, value: string | null): Promise<void> {
    // Aborted in the meantime, perhaps while its statement was judged.
    if (!this.#remove(read)) return;
    await this.#handlers.onSubmit(read);
    read.resolve(value);
    // What reads it starts to run before the next key is looked at: a Ctrl+C typed behind it is meant for that.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A step that would end the input, and work with it, says so instead. */
function warning({ state, effects }: Step, running: number, key: Key, now: number): Step {
  const chord = key.type === "chord" ? key.chord : "";
  const named = /^ctrl\+[a-z]$/u.test(chord) ? `Ctrl+${chord.slice(-1).toUpperCase()}` : "the same";
  return {
    // Ctrl+C has its time from here on.
    state: { ...state, hint: runningHint(running, named), interruptedAt: chord === "ctrl+c" ? now : undefined },
    effects: effects.filter(({ type }) => type !== "end"),
  };
}
