import { tagOf } from "../term/atom.ts";
import type { Pid } from "../term/pid.ts";
import { reply, type From } from "../process/call.ts";
import { Exit, isQuiet, reasonOfThrown } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { afterwards } from "./afterwards.ts";
import { Debug, type DebugEvent } from "./debug.ts";
import { isDirective, type Next, NoReply, Reply, Stop } from "./directive.ts";
import { asCall, asCast, asSystem, isExitMessage } from "./envelope.ts";
import type { ServerName } from "./server-name.ts";
import { type LastMessage, reportTermination } from "./server-report.ts";
import { answerSystem } from "./system-messages.ts";

/**
 * What a server does. Each runs to its end before the next message is looked at, also while it awaits. What they
 * return is of no account unless it is a directive, but for the reply to a call.
 */
export interface Handlers {
  /** What a caller gets for its request. */
  handleCall(request: unknown, from: From): unknown;
  /** A request that wants no answer; without it they are messages like others. */
  handleCast?(request: unknown): unknown;
  /** Any message that is none of the others, nor the parent's end. */
  handleInfo(message: unknown): unknown;
  /** Runs before any other message, after a handler has asked for it. */
  handleContinue?(arg: unknown): unknown;
  /** Runs before the server ends by an order to stop, by its parent's end, or by an error of its own. */
  terminate(reason: unknown): unknown;
  /** What `sys` shows and replaces. */
  getState?(): unknown;
  replaceState?(change: (state: unknown) => unknown): unknown;
  /** The state as logs show it. */
  formatState?(about: { readonly message?: unknown; readonly reason?: unknown }): unknown;
  /** The module that it runs. */
  readonly module?: string;
  /** What it was started as. */
  readonly name?: ServerName | undefined;
}

/**
 * A server's life: one message at a time, in the order they came. Ends with an order to stop, or, if the server traps
 * exits, with its parent, whose reason it takes; or by its own will or error, which is logged unless it is `normal` or a
 * shutdown. Never returns. `begin` is what its start has returned, `debug` what `sys` is to show of it from the start.
 */
export async function serve(
  process: Process,
  parent: Pid | undefined,
  handlers: Handlers,
  begin?: unknown,
  debug?: Debug,
): Promise<never> {
  process.server = handlers;
  return new Server(process, parent, handlers, debug).run(begin);
}

/** Stands for a message that did not come in time. */
const NONE = Symbol("none");

/** The end that a server is told of, or comes to. */
interface Ending {
  readonly reason: unknown;
  /** What was thrown, if that is why. */
  readonly thrown?: unknown;
  readonly reply?: readonly [from: From, value: unknown];
}

class Server {
  private readonly process: Process;
  private readonly parent: Pid | undefined;
  private readonly handlers: Handlers;
  private next: Next = {};
  private last: LastMessage | undefined;
  private suspended = false;
  private debug: Debug | undefined;
  /** The answer that the message at hand got, kept while somebody debugs. */
  private answered: readonly [reply: unknown, from: From] | undefined;

  constructor(process: Process, parent: Pid | undefined, handlers: Handlers, debug: Debug | undefined) {
    this.process = process;
    this.parent = parent;
    this.handlers = handlers;
    this.debug = debug;
  }

  async run(begin: unknown): Promise<never> {
    let ending: Ending | undefined;
    try {
      ending = this.obey(begin);
      while (ending === undefined) {
        const { next } = this;
        const step = "continue" in next ? this.goOn(next.continue) : this.handle(await this.message(next.timeout));
        // What a handler has done at once needs no other turn.
        ending = step instanceof Promise ? await step : step;
      }
    } catch (thrown) {
      // A dead process has nothing to report and nobody to tell.
      if (!this.process.alive) throw thrown;
      ending = { reason: reasonOfThrown(thrown), thrown };
    }
    return this.end(ending);
  }

  private async goOn(arg: unknown): Promise<Ending | undefined> {
    this.next = {};
    await ownTurn(this.process);
    this.last = { message: ["continue", arg] };
    if (this.debug === undefined) return this.obey(await this.handlers.handleContinue?.(arg));
    await this.debug.handle(["continue", arg]);
    const ending = this.obey(await this.handlers.handleContinue?.(arg));
    if (ending === undefined) await this.tell(["noreply", this.state]);
    return ending;
  }

  private message(timeout: number | undefined): Promise<unknown> {
    return this.suspended
      ? take(this.process, (m) => this.concernsSuspended(m))
      : take(this.process, undefined, timeout, NONE);
  }

  private handle(message: unknown): Ending | undefined | Promise<Ending | undefined> {
    const system = asSystem(message);
    if (system !== undefined) return this.system(system.request, system.from);
    if (this.parent !== undefined && isExitMessage(message, this.parent)) {
      this.last = { message };
      return { reason: message[2] };
    }
    this.next = {};
    return this.debug === undefined ? this.dispatch(message) : this.debugged(message);
  }

  private dispatch(message: unknown): Ending | undefined | Promise<Ending | undefined> {
    const { handlers } = this;
    const call = asCall(message);
    if (call !== undefined) {
      const { from, request } = call;
      this.last = { message: request, from: from[0] };
      return afterwards(handlers.handleCall(request, from), (result) => this.answer(from, result));
    }
    const cast = handlers.handleCast === undefined ? undefined : asCast(message);
    if (cast !== undefined) {
      this.last = { message };
      return afterwards(handlers.handleCast?.(cast.request), (result) => this.obey(result));
    }
    if (message === NONE) return ownTurn(this.process).then(() => this.inform("timeout"));
    return this.inform(message);
  }

  /** As {@link dispatch}, with what is told of it before and after. */
  private async debugged(message: unknown): Promise<Ending | undefined> {
    await this.tell(["in", message === NONE ? "timeout" : message]);
    const ending = await this.dispatch(message);
    const answered = this.takeAnswered();
    if (answered !== undefined) await this.tell(["out", ...answered, this.state]);
    else if (ending === undefined) await this.tell(["noreply", this.state]);
    return ending;
  }

  private async tell(event: DebugEvent): Promise<void> {
    await this.debug?.handle(event);
    if (this.debug?.active === false) this.debug = undefined;
  }

  private takeAnswered(): Server["answered"] {
    const { answered } = this;
    this.answered = undefined;
    return answered;
  }

  private get state(): unknown {
    return this.handlers.getState?.();
  }

  private inform(message: unknown): Ending | undefined | Promise<Ending | undefined> {
    this.last = { message };
    return afterwards(this.handlers.handleInfo(message), (result) => this.obey(result));
  }

  private concernsSuspended(message: unknown): boolean {
    return asSystem(message) !== undefined || (this.parent !== undefined && isExitMessage(message, this.parent));
  }

  private system(request: unknown, from: From): Ending | undefined | Promise<undefined> {
    const { process, parent, handlers } = this;
    if (Array.isArray(request) && tagOf(request[0]) === "terminate") {
      reply(from, "ok");
      return { reason: request[1] as unknown };
    }
    if (Array.isArray(request) && tagOf(request[0]) === "debug") return this.changeDebug(request[1], from);
    const tag = tagOf(request);
    if (tag === "suspend" || tag === "resume") this.suspended = tag === "suspend";
    reply(
      from,
      answerSystem({ process, parent, handlers, suspended: this.suspended, logged: this.debug?.logged ?? [] }, request),
    );
    return undefined;
  }

  private async changeDebug(what: unknown, from: From): Promise<undefined> {
    const debug = (this.debug ??= new Debug(this.process));
    const answer = await debug.change(what);
    if (!debug.active) this.debug = undefined;
    reply(from, answer);
  }

  private answer(from: From, result: unknown): Ending | undefined {
    if (result instanceof Stop)
      return { reason: result.reason, ...(result.reply && { reply: [from, result.reply[0]] as const }) };
    if (!isDirective(result)) this.reply(from, result);
    else if (result instanceof Reply) this.reply(from, result.value);
    return this.obey(result);
  }

  private reply(from: From, value: unknown): void {
    reply(from, value);
    if (this.debug !== undefined) this.answered = [value, from];
  }

  /** What comes next by a handler's word: the end, if that is what it said. */
  private obey(result: unknown): Ending | undefined {
    if (result instanceof Stop) return { reason: result.reason };
    if (result instanceof Reply || result instanceof NoReply) this.next = result.next;
    return undefined;
  }

  private async end({ reason: told, thrown: before, reply: answer }: Ending): Promise<never> {
    const { process, handlers, last } = this;
    let [reason, thrown] = [told, before];
    try {
      await handlers.terminate(told);
    } catch (error) {
      if (!process.alive) throw error;
      [reason, thrown] = [reasonOfThrown(error), error];
    }
    if (!process.alive) throw new Exit(reason);
    if (answer !== undefined) {
      const [from, value] = answer;
      reply(from, value);
      await this.debug?.handle(["out", value, from, this.state]);
    }
    if (!isQuiet(reason)) reportTermination(process, handlers, { reason, thrown, last });
    throw new Exit(reason);
  }
}

/** Lets others run between steps that no message has started, which would keep the event loop waiting if they go on and on. */
async function ownTurn({ runtime }: Process): Promise<void> {
  if (!runtime.hasTurn()) await new Promise<void>((resolve) => runtime.turn(resolve));
}
