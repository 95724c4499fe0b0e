import type { Key } from "./keys.ts";

/** What has the whole screen for a while. */
export interface Cover {
  /** Resolves when it has been left. */
  readonly done: Promise<void>;
  receive(keys: readonly Key[]): void;
  redraw(): void;
  close(): void;
}
