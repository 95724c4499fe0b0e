/** Asks what may stand at the cursor while one types: one question at a time, behind the keys, never in front of them. */
import { continueLast } from "../shell/continue-last.ts";
import type { Offer } from "../shell/complete.ts";
import { offered, offerLate } from "./popup.ts";
import type { EditorState } from "./state.ts";

/** What was typed is drawn first, and keys that come fast are asked about together. In milliseconds. */
const AFTER_MS = 20;
/** What an earlier answer said is shown no longer while another is awaited. */
const LATE_MS = 300;

export interface OfferingOptions {
  /** What is being typed into now. */
  current(): { state: EditorState } | undefined;
  /** A rejection counts as no answer. */
  offer(before: string): Promise<Offer>;
  onChange(): void;
}

export class Offering {
  readonly #options: OfferingOptions;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(options: OfferingOptions) {
    this.#options = options;
  }

  /** A state has come to await an offer: it is asked for soon, or when the question that is under way is over. */
  request(): void {
    if (this.#asking || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, AFTER_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const read = this.#options.current();
    const popup = read?.state.popup;
    if (read === undefined || popup?.awaited !== true) return;
    this.#asking = true;
    const late = setTimeout(() => this.#change(read, offerLate(read.state)), LATE_MS).unref();
    const answer = await this.#offer(popup.before);
    clearTimeout(late);
    this.#asking = false;
    this.#change(read, offered(read.state, popup.before, answer));
    if (this.#options.current()?.state.popup?.awaited === true) this.request();
  }

  /** `undefined` if there is no answer. */
  async #offer(before: string): Promise<Offer | undefined> {
    const asked = continueLast(before);
    try {
      const { start, candidates } = await this.#options.offer(asked);
      return { start: start - (asked.length - before.length), candidates };
    } catch {
      return undefined;
    }
  }

  #change(read: { state: EditorState }, state: EditorState): void {
    if (state === read.state) return;
    read.state = state;
    this.#options.onChange();
  }
}
