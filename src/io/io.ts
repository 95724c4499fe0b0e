import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import { request } from "../process/call.ts";
import { current } from "../process/context.ts";
import type { Process } from "../process/process.ts";
import { EOF, ioRequest, ioWithdrawal, isIoError, type IoRequest, isRead } from "./io-protocol.ts";

/** Where to print or read: a leader's pid, a registered name such as `"user"`, or `[name, node]`. Default: one's leader. */
export type IoDevice = Pid | string | readonly [name: string, node: NodeName];

/**
 * Asks a leader and waits for its answer.
 * Fails with `terminated` if the leader is dead or its node gone (the process itself is not harmed), and with what
 * the leader says it can't do (`enotsup`).
 */
export async function ask(process: Process, device: IoDevice, wanted: IoRequest): Promise<unknown> {
  const target = device === process.pid ? undefined : device;
  const outcome =
    target === undefined
      ? ({ ok: false } as const)
      : await request(
          process,
          target,
          ([from, tag]) => ioRequest(from, tag, wanted),
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

/** As {@link ask}, and nobody need wait: a failure nobody awaits is not an unhandled one. */
function unhurried(promise: Promise<unknown>): Promise<"ok"> {
  const done = promise.then((): "ok" => "ok");
  done.catch(() => undefined);
  return done;
}

/** Elixir's `IO`: prints at the caller's group leader, on whichever node that is, and reads from there. */
export const IO = {
  /**
   * Prints a value and a newline. Gives `"ok"` once it is printed; what is printed without being awaited still comes
   * in order. Text is printed as it is, anything else by `inspect`. Fails with `terminated` if the leader is gone.
   */
  puts(...args: readonly unknown[]): Promise<"ok"> {
    const [device, value] = deviceAnd(args);
    return IO.write(device, `${textOf(value)}\n`);
  },

  /** Prints without a newline. */
  write(...args: readonly unknown[]): Promise<"ok"> {
    const process = current();
    const [device, value] = deviceAnd(args);
    return unhurried(ask(process, device ?? process.leader, ["put_chars", "unicode", textOf(value)]));
  },

  /** Prints a value as the prompt would, and gives the value itself. Options: `label`, and those of {@link inspect}. */
  inspect<T>(value: T, options: InspectOptions & { readonly label?: string } = {}): T {
    const process = current();
    const label = options.label === undefined ? "" : `${options.label}: `;
    void unhurried(
      ask(process, process.leader, [
        "put_chars",
        "unicode",
        `${label}${inspect(value, { custom: true, ...options })}\n`,
      ]),
    );
    return value;
  },

  /**
   * Reads a line at the leader's terminal, after a prompt. Ends with a newline; `"eof"` at the end of input.
   * Fails with `terminated` if the leader is gone.
   */
  async gets(prompt = "", device?: IoDevice): Promise<string> {
    const process = current();
    return (await ask(process, device ?? process.leader, ["get_line", "unicode", prompt])) as string;
  },

  /** Reads `count` characters; `"eof"` at the end of input. */
  async getn(prompt = "", count = 1, device?: IoDevice): Promise<string> {
    const process = current();
    if (!Number.isInteger(count) || count < 1) throw new ArgumentError("IO.getn reads a positive number of characters");
    return (await ask(process, device ?? process.leader, ["get_chars", "unicode", prompt, count])) as string;
  },

  /** The columns of the leader's terminal. Fails with `enotsup` if it has none. */
  async columns(device?: IoDevice): Promise<number> {
    const process = current();
    return (await ask(process, device ?? process.leader, ["get_geometry", "columns"])) as number;
  },

  /** The rows of the leader's terminal. Fails with `enotsup` if it has none. */
  async rows(device?: IoDevice): Promise<number> {
    const process = current();
    return (await ask(process, device ?? process.leader, ["get_geometry", "rows"])) as number;
  },

  /** What a read gives at the end of input. */
  EOF,
};

function deviceAnd(args: readonly unknown[]): readonly [IoDevice | undefined, unknown] {
  if (args.length < 2) return [undefined, args[0]];
  const [device, value] = args;
  if (device === undefined || isPid(device) || typeof device === "string" || Array.isArray(device)) {
    return [device as IoDevice | undefined, value];
  }
  throw new ArgumentError(
    'The first of two arguments is where to print: a pid, a name such as "user", or [name, node]',
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}
