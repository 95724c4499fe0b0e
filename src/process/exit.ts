import { MoebiError } from "../term/error.ts";

const EXIT = Symbol.for("moebi.exit");

/**
 * What `exit(reason)` throws: the process ends with `reason` unless somebody catches it, which is allowed. Calls and
 * awaits that fail exit in this way too. Recognise it with {@link isExit}.
 */
export class Exit extends MoebiError {
  readonly [EXIT] = true;
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("exit", "The process exits; see reason");
    this.reason = reason;
  }

  override get name(): string {
    return "Exit";
  }
}

/** Whether what was caught ends a process with a reason, as `exit(reason)` throws it: recognised by its tag, from wherever it came. */
export function isExit(value: unknown): value is Exit {
  return typeof value === "object" && value !== null && (value as { [EXIT]?: unknown })[EXIT] === true;
}

/**
 * Thrown at a process that has exited already: by whatever it awaited and whatever it calls on the library from then
 * on. Catching it does not bring the process back.
 */
export class DeadProcessError extends MoebiError {
  constructor() {
    super("dead", "This process has exited; nothing it does takes effect any more");
  }
}

/**
 * Ends the calling process with `reason`, by throwing: `try … catch` can stop it.
 * A process that ends this way with `"kill"` is seen by its links as `"kill"`, which can be trapped.
 */
export function exit(reason: unknown): never {
  throw new Exit(reason);
}

/** The exit reason of a process whose function threw `thrown`. */
export function reasonOfThrown(thrown: unknown): unknown {
  if (isExit(thrown)) return thrown.reason;
  // An error from another realm has no prototype of ours; the tag tells.
  if (thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]") return thrown;
  return ["nocatch", thrown];
}

/** Whether `reason` ends a process quietly: no report is written, transient children are not started again. */
export function isQuiet(reason: unknown): boolean {
  return reason === "normal" || reason === "shutdown" || (Array.isArray(reason) && reason[0] === "shutdown");
}

/** The reason of a call that exited: what went wrong, and the call as module, function, arguments. */
export function exitedIn(reason: unknown, module: string, fun: string, args: readonly unknown[]): Exit {
  return new Exit([reason, [module, fun, [...args]]]);
}
