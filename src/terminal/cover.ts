/** What has the whole screen and all keys for a while: the observer, the pager, the menu of settings. */
import type { Key } from "./keys.ts";

export interface Cover {
  /** Resolves when it has been left. */
  readonly done: Promise<void>;
  /** Takes keys. Gives those behind the one that left it: they are for what it covered. */
  receive(keys: readonly Key[]): readonly Key[];
  /** Shows again what was there before, until {@link Cover.redraw}. Resolves when it is written. */
  withdraw(): Promise<void>;
  redraw(): void;
  close(): void;
}

/** The one cover at a time that a terminal has. */
export class Covering {
  readonly #stop: () => Promise<void>;
  #cover: Cover | undefined;

  /** @param stop stops the program, as Ctrl+Z does others */
  constructor(stop: () => Promise<void>) {
    this.#stop = stop;
  }

  /** Gives it keys. Those that are not for it, all if there is none, are given back. */
  receive(keys: readonly Key[]): readonly Key[] {
    if (!this.#cover) return keys;
    const at = keys.findIndex((key) => key.type === "chord" && key.chord === "ctrl+z");
    if (at < 0) return this.#cover.receive(keys);
    const left = this.#cover.receive(keys.slice(0, at));
    // Whoever left it means the prompt.
    if (left.length > 0) return [...left, ...keys.slice(at)];
    void this.#suspend(this.#cover);
    return [];
  }

  /** Has it drawn again. `false` if there is none. */
  redraw(): boolean {
    this.#cover?.redraw();
    return this.#cover !== undefined;
  }

  /** Ends it. `false` if there is none. */
  close(): boolean {
    this.#cover?.close();
    return this.#cover !== undefined;
  }

  /** Opens one, and resolves when it was left or the signal aborts. */
  async show(open: () => Cover, signal: AbortSignal | undefined, onOpen?: () => void): Promise<void> {
    const cover = (this.#cover = open());
    onOpen?.();
    const close = (): void => cover.close();
    signal?.addEventListener("abort", close, { once: true });
    try {
      await cover.done;
    } finally {
      signal?.removeEventListener("abort", close);
      this.#cover = undefined;
    }
  }

  async #suspend(cover: Cover): Promise<void> {
    if (process.platform === "win32") return;
    await cover.withdraw();
    if (cover === this.#cover) await this.#stop();
  }
}
