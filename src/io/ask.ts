import { MoebiError } from "../term/error.ts";
import type { NodeName, Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { request } from "../process/call.ts";
import type { Process } from "../process/process.ts";
import { ioRequest, ioWithdrawal, isIoError, type IoRequest, isRead } from "./io-protocol.ts";

/** Where to print or read: a leader's pid, a registered name such as `"user"`, or `[name, node]`. Default: one's leader. */
export type IoDevice = Pid | string | readonly [name: string, node: NodeName];

/**
 * Asks a leader and waits for its answer. `sent` is told the request's tag, as soon as it has been sent.
 * Fails with `terminated` if the leader is dead or its node gone (the process itself is not harmed), and with what
 * the leader says it can't do (`enotsup`).
 */
export async function ask(
  process: Process,
  device: IoDevice,
  wanted: IoRequest,
  sent?: (tag: Ref) => void,
): Promise<unknown> {
  const target = device === process.pid ? undefined : device;
  const outcome =
    target === undefined
      ? ({ ok: false } as const)
      : await request(
          process,
          target,
          ([from, tag]) => {
            sent?.(tag);
            return ioRequest(from, tag, wanted);
          },
          Infinity,
          isRead(wanted) ? ([, tag]) => ioWithdrawal(tag) : undefined,
        );
  if (!outcome.ok) throw new MoebiError("terminated", "The group leader is gone; nothing can be printed or read");
  if (!isIoError(outcome.value)) return outcome.value;
  const [, code] = outcome.value;
  throw new MoebiError(
    code,
    code === "enotsup" ? "The group leader does not support this" : `The group leader answered "${code}"`,
  );
}

/** Has a leader print, and fails as {@link ask} does; nobody need wait. */
export function put(process: Process, device: IoDevice, text: string, sent?: (tag: Ref) => void): Promise<"ok"> {
  const done = ask(process, device, ["put_chars", "unicode", text], sent).then((): "ok" => "ok");
  // A failure nobody awaits is not an unhandled one.
  done.catch(() => undefined);
  return done;
}
