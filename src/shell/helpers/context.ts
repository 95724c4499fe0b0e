import type { Runtime } from "../../process/runtime.ts";
import type { Pried } from "../pry-session.ts";
import type { Session } from "../session.ts";
import type { SettingsStore } from "../settings.ts";
import type { Traces } from "../traces.ts";

/** What the helpers of one session know of where they are. */
export interface HelperContext {
  readonly runtime: Runtime;
  readonly session: () => Session;
  /** Those of the shell: the node's, or a visitor's own. */
  readonly settings: SettingsStore;
  /** Ends the process that evaluates; the shell goes on with a new one. */
  readonly respawn: () => void;
  /** The statements typed so far, oldest first. */
  readonly entries: () => readonly string[];
  /** The statements of this session that succeeded, oldest first. */
  readonly succeeded?: () => readonly string[];
  /** What is traced at this prompt. */
  readonly traces?: Traces;
  /** Whether what is printed may be coloured. */
  readonly colors?: () => boolean;
  /** Where the process waits that is looked into, if one is. */
  readonly pried?: Pick<Pried, "site" | "stack"> | undefined;
}

/** A function of the prompt. All run in the process that evaluates, and print through its group leader. */
export interface Helper {
  readonly name: string;
  /** How it is called, each way a line. */
  readonly usage: readonly string[];
  /** What it does, gives, and how it fails. `h()` lists the first sentence. */
  readonly doc: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what each takes is its own affair
  make(context: HelperContext): (...args: any[]) => unknown;
}
