import { ArgumentError } from "../term/error.ts";
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { isPid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { ask, type IoDevice } from "./ask.ts";
import { EOF } from "./io-protocol.ts";
import { print } from "./print.ts";

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
    return print(process, device ?? process.leader, textOf(value));
  },

  /** Prints a value as the prompt would, and gives the value itself. Options: `label`, and those of {@link inspect}. */
  inspect<T>(value: T, options: InspectOptions & { readonly label?: string } = {}): T {
    const process = current();
    const label = options.label === undefined ? "" : `${options.label}: `;
    void print(process, process.leader, `${label}${inspect(value, { custom: true, ...options })}\n`);
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
