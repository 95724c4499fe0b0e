import { checkTimeout } from "../process/call.ts";

/** What a server does after a handler: unless told, it waits for the next message. */
export interface Next {
  /** If no message comes within so many milliseconds, `handleInfo` gets `"timeout"`. Any message ends the wait. */
  readonly timeout?: number;
  /** `handleContinue` gets this before any message is looked at. */
  readonly continue?: unknown;
}

/** What a handler returns to say more than a reply. A class of its own each, so that no reply is taken for one. */
abstract class Instruction {
  // Makes them nominal: a plain object of the same shape is a reply.
  protected readonly instruction = true;
}

/** Answers the call, and says what is next. */
export class Reply<R> extends Instruction {
  readonly value: R;
  readonly next: Next;

  constructor(value: R, next: Next = {}) {
    super();
    this.value = value;
    this.next = checkNext(next);
  }
}

/** Answers nobody yet, and says what is next. */
export class NoReply extends Instruction {
  readonly next: Next;

  constructor(next: Next = {}) {
    super();
    this.next = checkNext(next);
  }
}

/** Ends the server, once `terminate` has run; then the caller gets its reply, if there is one. */
export class Stop<R = never> extends Instruction {
  readonly reason: unknown;
  readonly reply: readonly [value: R] | undefined;

  constructor(reason: unknown, reply?: readonly [value: R]) {
    super();
    this.reason = reason;
    this.reply = reply;
  }
}

/** From `init`: does not want to be started. */
export class Ignore extends Instruction {
  protected readonly ignore = true;
}

export type Directive = Reply<unknown> | NoReply | Stop<unknown> | Ignore;

export function isDirective(value: unknown): value is Directive {
  return value instanceof Instruction;
}

function checkNext(next: Next): Next {
  if (next.timeout !== undefined) checkTimeout(next.timeout);
  return next;
}
