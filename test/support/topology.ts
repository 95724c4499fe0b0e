/** A topology for tests of strategies: what they do is noted, and time passes when the test says so. */
import type { Config, Topology } from "../../src/node/discovery/strategy.ts";

export class NotedTopology implements Topology, Disposable {
  readonly name = "test";
  readonly self = "a@localhost";
  readonly config: Config;
  readonly noted: unknown[] = [];
  readonly #abort = new AbortController();
  #paused = Promise.withResolvers<void>();
  #goOn = Promise.withResolvers<void>();
  #ended = Promise.withResolvers<never>();

  constructor(config: Config) {
    this.config = config;
    this.#ended.promise.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  connect = (nodes: Iterable<string>): Promise<void> => this.#note("connect", ...nodes);
  replace = (nodes: Iterable<string>): Promise<void> => this.#note("replace", ...nodes);
  warn = (subject: string, text: string): void => void this.noted.push(["warn", subject, text]);
  settle = (): void => undefined;
  pause = (): Promise<void> => {
    this.#paused.resolve();
    return Promise.race([this.#goOn.promise, this.#ended.promise]);
  };

  /** Settles when the strategy has done what it does in one round. Gives what that was. */
  async round(): Promise<unknown[]> {
    await this.#paused.promise;
    return this.noted.splice(0);
  }

  /** Lets the next round begin. */
  next(): Promise<unknown[]> {
    this.#paused = Promise.withResolvers();
    const { resolve } = this.#goOn;
    this.#goOn = Promise.withResolvers();
    resolve();
    return this.round();
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
    this.#ended.reject(new Error("The topology ended"));
  }

  #note(...what: readonly unknown[]): Promise<void> {
    this.noted.push(what);
    return Promise.resolve();
  }
}
