/** A device on a terminal that others are on as well: one of several shells, of which one is shown. */
import type { Device, Observed, StatementHistory, StatementPrompts } from "../io/device.ts";
import type { NodeName } from "../term/pid.ts";

/** The terminal, as a view uses it: what is read is read as that view. */
export interface Shared extends Device {
  readLine(prompt: string, signal?: AbortSignal, view?: number): Promise<string | null>;
  readStatement(prompts: StatementPrompts, signal?: AbortSignal, view?: number): Promise<string | null>;
  setPrompts(prompts: StatementPrompts, view?: number): void;
  setAside(view?: number): () => void;
  show(view?: number): void;
}

export class View implements Device {
  readonly #terminal: Shared;
  readonly #view: number;

  constructor(terminal: Shared, view: number) {
    this.#terminal = terminal;
    this.#view = view;
  }

  get kind(): Device["kind"] {
    return this.#terminal.kind;
  }

  get history(): StatementHistory | undefined {
    return this.#terminal.history;
  }

  get columns(): number | undefined {
    return this.#terminal.columns;
  }

  get rows(): number | undefined {
    return this.#terminal.rows;
  }

  get onInterrupt(): (() => void) | undefined {
    return this.#terminal.onInterrupt;
  }

  set onInterrupt(listener: (() => void) | undefined) {
    this.#terminal.onInterrupt = listener;
  }

  write(text: string): void | Promise<void> {
    return this.#terminal.write(text);
  }

  readLine(prompt: string, signal?: AbortSignal): Promise<string | null> {
    return this.#terminal.readLine(prompt, signal, this.#view);
  }

  readStatement(prompts: StatementPrompts, signal?: AbortSignal): Promise<string | null> {
    return this.#terminal.readStatement(prompts, signal, this.#view);
  }

  setPrompts(prompts: StatementPrompts): void {
    this.#terminal.setPrompts(prompts, this.#view);
  }

  async edit(path: string, line: number, signal?: AbortSignal): Promise<string | undefined> {
    return this.#terminal.edit?.(path, line, signal);
  }

  setAside(): () => void {
    return this.#terminal.setAside(this.#view);
  }

  show(): void {
    this.#terminal.show(this.#view);
  }

  tint(node: NodeName, text: string): string {
    return this.#terminal.tint?.(node, text) ?? text;
  }

  async observe(observed: Observed, signal?: AbortSignal): Promise<void> {
    await this.#terminal.observe?.(observed, signal);
  }

  async settings(signal?: AbortSignal): Promise<void> {
    await this.#terminal.settings?.(signal);
  }

  async page(text: string, signal?: AbortSignal): Promise<void> {
    if (this.#terminal.page) await this.#terminal.page(text, signal);
    else await this.write(`${text}\n`);
  }

  copy(text: string): string | undefined {
    return this.#terminal.copy?.(text);
  }

  clear(): void {
    this.#terminal.clear();
  }

  signals(on: boolean): void {
    this.#terminal.signals(on);
  }

  /** The terminal is closed by whoever opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
