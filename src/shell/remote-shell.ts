import { ArgumentError } from "../term/error.ts";
import { current } from "../process/context.ts";
import { Exit } from "../process/exit.ts";
import { localNodeOf } from "../node/local-node.ts";
import { attend, AT_MOST_MS } from "./attended.ts";
import { Shell } from "./server.ts";
import { type Settings, SettingsStore } from "./settings.ts";

/** What whoever opens a shell here says about the terminal it is used at. */
export interface RemoteShellOptions {
  readonly colors?: boolean;
  /** The statements come from a script: an interrupt ends it, and so does, with `bail`, the first that fails. */
  readonly script?: boolean;
  readonly bail?: boolean;
  /** The statements come from a program; see {@link ShellOptions.driven}. */
  readonly driven?: boolean;
  /** How the person wants results printed, and the prompt. What this node does not know of stays as it is. */
  readonly settings?: Partial<Settings>;
}

/** What the one who waits for a shell gets as the reason of its end, if a statement failed. */
export const FAILED = ["shutdown", "failed"] as const;

/**
 * Runs a shell of this node for somebody at a terminal of another: statements are read from the caller's group leader,
 * evaluated here, and what they print goes there. Ends with the input, as `normal` or, if a statement failed,
 * `["shutdown", "failed"]`; and with the terminal, whatever it was at, so that nothing of a visitor stays.
 * Takes the messages that {@link attend} tells of.
 */
export async function serveShell({
  colors = false,
  script = false,
  bail = false,
  driven = false,
  settings = {},
}: RemoteShellOptions = {}): Promise<void> {
  const process = current();
  const { runtime, leader } = process;
  const node = localNodeOf(runtime);
  if (node === undefined) throw new ArgumentError("A shell runs on a node");
  // The visitor's own, so that the node's shells are as they were when the visitor has gone.
  const store = new SettingsStore(true);
  store.adopt(settings);
  const shell = new Shell({
    runtime,
    settings: store,
    scope: node.scope,
    leader,
    colors,
    bail,
    driven,
    atMost: AT_MOST_MS,
    script: script ? { caughtUp: () => Promise.resolve() } : undefined,
  });
  if ((await attend(process, shell)) === false) throw new Exit(FAILED);
}
