/** What has the whole screen and all keys for a while: the observer, the pager. */
import type { Key } from "./keys.ts";

export interface Cover {
  /** Resolves when it has been left. */
  readonly done: Promise<void>;
  receive(keys: readonly Key[]): void;
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

  /** Gives it keys. `false` if there is none. */
  receive(keys: readonly Key[]): boolean {
    if (!this.#cover) return false;
    const at = keys.findIndex((key) => key.type === "chord" && key.chord === "ctrl+z");
    if (at < 0) {
      this.#cover.receive(keys);
      return true;
    }
    this.#cover.receive(keys.slice(0, at));
    void this.#suspend(this.#cover);
    return true;
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
  async show(open: () => Cover, signal: AbortSignal | undefined): Promise<void> {
    const cover = (this.#cover = open());
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
