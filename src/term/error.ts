/**
 * Errors of the library. Every one carries a `code`, because an error may have crossed a node or a realm, where
 * `instanceof` says nothing: ask with {@link hasCode}, never by class or text.
 */

/** The codes the library throws with. User code may use any string of its own. */
export type ErrorCode =
  | "badarg" // a bad argument, refused where it entered
  | "noprocess" // a function that needs a process was called outside one
  | "dead" // called on behalf of a process that has exited
  | "noproc" // no such process
  | "noconnection" // no connection to that node
  | "nodedown"
  | "timeout"
  | "undef" // no such module or function
  | "not_sendable" // a value that cannot cross to another node
  | "too_large" // larger than maxMessageBytes, or nested too deeply
  | "bad_frame" // bytes from a peer that do not decode
  | "terminated" // the group leader is gone
  | "name_taken"
  | "not_allowed"
  | "refused"
  | "bad_cookie_file"
  | "bad_name"
  | "listen_refused"
  | "epmd"
  | "enotsup"
  | "syntax"
  | "incomplete"
  | (string & {});

/** An error of the library: a `code` to recognise it by, and a message that says what to do. */
export class MoebiError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  override get name(): string {
    return "Error";
  }
}

/** A bad argument. Printed as `** (ArgumentError) …`. */
export class ArgumentError extends MoebiError {
  constructor(message: string, options?: ErrorOptions) {
    super("badarg", message, options);
  }

  override get name(): string {
    return "ArgumentError";
  }
}

/** Whether `value` is an error-like object that carries `code`. */
export function hasCode(value: unknown, code: ErrorCode): boolean {
  return typeof value === "object" && value !== null && (value as { code?: unknown }).code === code;
}
