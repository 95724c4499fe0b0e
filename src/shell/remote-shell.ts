import { ArgumentError } from "../term/error.ts";
import { tagOf } from "../term/atom.ts";
import { reply } from "../process/call.ts";
import { current, runAs } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { Exit } from "../process/exit.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { asCall, isDown } from "../otp/envelope.ts";
import { localNodeOf } from "../node/local-node.ts";
import { Completer } from "./completer.ts";
import { factsOf } from "./remote-status.ts";
import { Shell } from "./server.ts";

/** What whoever opens a shell here says about the terminal it is used at. */
export interface RemoteShellOptions {
  readonly colors?: boolean;
  /** The statements come from a script: an interrupt ends it, and so does, with `bail`, the first that fails. */
  readonly script?: boolean;
  readonly bail?: boolean;
}

/** How long a visitor may keep the node from all else. */
const AT_MOST_MS = 10_000;

/** What the one who waits for a shell gets as the reason of its end, if a statement failed. */
export const FAILED = ["shutdown", "failed"] as const;

/**
 * Runs a shell of this node for somebody at a terminal of another: statements are read from the caller's group leader,
 * evaluated here, and what they print goes there. Ends with the input, as `normal` or, if a statement failed,
 * `["shutdown", "failed"]`; and with the terminal, whatever it was at, so that nothing of a visitor stays.
 *
 * Takes messages: `"interrupt"` stops what is being evaluated (what computes without a pause does not hear of it, and is
 * stopped after 10 s, well before others take the node for gone), and a call
 * `["complete", text]` is answered with what a Tab would offer, `["status"]` with what is told below the prompt.
 */
export async function serveShell({
  colors = false,
  script = false,
  bail = false,
}: RemoteShellOptions = {}): Promise<void> {
  const process = current();
  const { runtime, leader } = process;
  const node = localNodeOf(runtime);
  if (node === undefined) throw new ArgumentError("A shell runs on a node");
  const shell = new Shell({
    runtime,
    scope: node.scope,
    leader,
    colors,
    bail,
    atMost: AT_MOST_MS,
    script: script ? { caughtUp: () => Promise.resolve() } : undefined,
  });
  const completer = new Completer({ runtime, session: shell.session });
  const terminal = monitor(process, leader);
  const over = runtime.makeRef();
  const ended = (succeeded: boolean): void => {
    if (process.alive) sendFrom(process, process.pid, [over, succeeded]);
  };
  void shell.start().then(ended, () => ended(false));
  try {
    for (;;) {
      const message = await take(process, undefined);
      if (tagOf(message) === "interrupt") shell.interrupt();
      else if (isDown(message, terminal)) return;
      else if (Array.isArray(message) && message[0] === over) {
        if (message[1] !== true) throw new Exit(FAILED);
        return;
      } else answer(message, process, { completer, shell });
    }
  } finally {
    shell.stop();
  }
}

function answer(message: unknown, process: Process, asked: { completer: Completer; shell: Shell }): void {
  const call = asCall(message);
  if (call === undefined || !Array.isArray(call.request)) return;
  const answered = (answer: unknown): void => {
    if (process.alive) runAs(process, () => reply(call.from, answer));
  };
  const [what, before] = call.request as readonly unknown[];
  if (tagOf(what) === "status") answered(factsOf(process.runtime, asked.shell.evaluatorPid));
  if (tagOf(what) !== "complete" || typeof before !== "string") return;
  void asked.completer.complete(before).then(answered, () => answered({ insert: "", candidates: [] }));
}
