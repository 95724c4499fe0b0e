/** The menu of settings at work: it has the whole screen and all keys until it is left, and what is changed holds at once. */
import type { ReadStream } from "node:tty";
import type { Settings } from "../shell/settings.ts";
import type { Cover } from "./cover.ts";
import type { Key } from "./keys.ts";
import { FullScreen } from "./observer/screen.ts";
import { menuRows } from "./settings-frame.ts";
import { createMenu, type MenuEffect, type MenuModel, pressed } from "./settings-model.ts";
import type { TerminalStream } from "./stream.ts";
import { tokenizeLine } from "../shell/tokens.ts";

export interface SettingsMenuOptions {
  /** The settings as they are. */
  settings(): Settings;
  /** Changes some. Throws for what does not fit. */
  configure(changes: Partial<Settings>): void;
  /** Writes them where they hold for good, and says where. Rejects if it can't. */
  readonly save: (() => Promise<string>) | undefined;
  readonly stream: TerminalStream;
  readonly stdin: ReadStream;
}

export class SettingsMenu implements Cover {
  readonly done: Promise<void>;
  readonly #options: SettingsMenuOptions;
  readonly #screen: FullScreen;
  readonly #end: () => void;
  #model: MenuModel;
  #closed = false;

  constructor(options: SettingsMenuOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#end = resolve;
    this.#screen = new FullScreen(options.stream, options.stdin, () => {
      this.#model = { ...this.#model, screen: this.#screen.size };
      this.#draw();
    });
    this.#model = createMenu(options.settings(), this.#screen.size);
    this.#draw();
  }

  receive(keys: readonly Key[]): readonly Key[] {
    for (const [index, key] of keys.entries()) {
      if (this.#closed) return keys.slice(index);
      // Somebody else may have changed them meanwhile.
      const [model, effect] = pressed({ ...this.#model, settings: this.#options.settings() }, key, performance.now());
      this.#model = model;
      if (effect !== undefined) this.#perform(effect);
    }
    this.#draw();
    return [];
  }

  withdraw(): Promise<void> {
    return this.#screen.withdraw();
  }

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

  #perform(effect: MenuEffect): void {
    switch (effect.type) {
      case "change":
        this.#options.configure(effect.changes);
        break;
      case "save":
        void this.#save();
        break;
      case "leave":
        this.close();
    }
  }

  async #save(): Promise<void> {
    const { save } = this.#options;
    if (save === undefined) return;
    const notice = await save().then(
      (text) => ({ text, wrong: false }),
      (error: unknown) => ({ text: (error as Error).message, wrong: true }),
    );
    this.#model = { ...this.#model, notice };
    this.#draw();
  }

  #draw(): void {
    if (this.#closed) return;
    const noColor = process.env["NO_COLOR"] !== undefined;
    const look = { colors: this.#model.settings.colors && !noColor, tokenize: tokenizeLine };
    this.#screen.show(menuRows(this.#model, { look, noColor }));
  }
}
