/** The pager at work: it has the whole screen and all keys until it is left. */
import type { ReadStream } from "node:tty";
import type { Cover } from "./cover.ts";
import type { Key } from "./keys.ts";
import { FullScreen } from "./observer/screen.ts";
import { createPager, pageOf, type PagerModel, pressed, resized } from "./pager-model.ts";
import type { TerminalStream } from "./stream.ts";

export interface PagerOptions {
  /** What is shown; colours are the only sequences in it. */
  readonly text: string;
  readonly stream: TerminalStream;
  readonly stdin: ReadStream;
}

export class Pager implements Cover {
  /** Resolves when it has been left, and the screen is as it was. */
  readonly done: Promise<void>;
  readonly #screen: FullScreen;
  readonly #end: () => void;
  #model: PagerModel;
  #closed = false;

  constructor({ text, stream, stdin }: PagerOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#end = resolve;
    this.#screen = new FullScreen(stream, stdin, () => {
      this.#model = resized(this.#model, this.#screen.size);
      this.#draw();
    });
    this.#model = createPager(text, this.#screen.size);
    this.#draw();
  }

  receive(keys: readonly Key[]): readonly Key[] {
    for (const [index, key] of keys.entries()) {
      if (this.#closed) return keys.slice(index);
      const model = pressed(this.#model, key);
      if (model === undefined) this.close();
      else this.#model = model;
    }
    this.#draw();
    return [];
  }

  withdraw(): Promise<void> {
    return this.#screen.withdraw();
  }

  /** Draws all of it again, as the screen is another program's by now. */
  redraw(): void {
    if (this.#closed) return;
    this.#screen.redraw();
    this.#draw();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#screen.close();
    this.#end();
  }

  #draw(): void {
    if (!this.#closed) this.#screen.show(pageOf(this.#model));
  }
}
