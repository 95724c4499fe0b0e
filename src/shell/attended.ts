import { tagOf } from "../term/atom.ts";
import { reply } from "../process/call.ts";
import { runAs } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { asCall, isDown } from "../otp/envelope.ts";
import { Completer } from "./completer.ts";
import { lookup } from "./lookup.ts";
import { factsOf } from "./remote-status.ts";
import type { Shell } from "./server.ts";

/** How long whoever is not at this program's terminal may keep the node from all else. */
export const AT_MOST_MS = 10_000;

/**
 * Runs a shell for somebody at a terminal that may be another node's. Gives whether every statement succeeded when the
 * input ends, `undefined` when the terminal is gone; then the shell has ended, too.
 *
 * `process` takes messages: `"interrupt"` stops what is being evaluated (what computes without a pause does not hear of it,
 * and is stopped after 10 s, well before others take the node for gone), and a call
 * `["complete", text]` is answered with what a Tab would offer, `["offer", text]` and `["lookup", name]` with what a
 * program is told, `["status"]` with what is told below the prompt; `["settings",
 * settings]` says which the person has changed.
 */
export async function attend(process: Process, shell: Shell): Promise<boolean | undefined> {
  const { runtime, leader } = process;
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
      const interrupt = interruptIn(message);
      if (interrupt !== undefined) shell.interrupt(interrupt.number);
      else if (Array.isArray(message) && message[0] === "settings") shell.adopt(message[1]);
      else if (isDown(message, terminal)) return undefined;
      else if (Array.isArray(message) && message[0] === over) {
        // With the terminal the shell ends as well, and may be the first to tell.
        return process.monitors?.has(terminal) === true ? message[1] === true : undefined;
      } else answer(message, process, { completer, shell });
    }
  } finally {
    shell.stop();
  }
}

/** `"interrupt"`, or `["interrupt", number]` for one evaluation alone. */
function interruptIn(message: unknown): { number?: number } | undefined {
  if (tagOf(message) === "interrupt") return {};
  if (!Array.isArray(message) || tagOf(message[0]) !== "interrupt" || typeof message[1] !== "number") return undefined;
  return { number: message[1] };
}

function answer(message: unknown, process: Process, asked: { completer: Completer; shell: Shell }): void {
  const call = asCall(message);
  if (call === undefined || !Array.isArray(call.request)) return;
  const answered = (answer: unknown): void => {
    if (process.alive) runAs(process, () => reply(call.from, answer));
  };
  const [what, about] = call.request as readonly unknown[];
  const { shell, completer } = asked;
  const tag = tagOf(what);
  if (tag === "status") answered(factsOf(process.runtime, shell.evaluatorPid));
  if (typeof about !== "string") return;
  if (tag === "complete") void completer.complete(about).then(answered, () => answered({ insert: "", candidates: [] }));
  else if (tag === "offer")
    void completer.offer(about).then(answered, () => answered({ start: about.length, candidates: [] }));
  else if (tag === "lookup") {
    const context = { runtime: process.runtime, session: () => shell.session };
    void runAs(process, () => lookup(context, about)).then(answered, () => answered({}));
  }
}
