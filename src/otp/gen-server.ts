import { copy } from "../term/copy.ts";
import { type NodeName, type Pid } from "../term/pid.ts";
import { reply as answer, type From } from "../process/call.ts";
import { current } from "../process/context.ts";
import { defineProgramModule, exportedFunction } from "../process/modules.ts";
import type { ChildSpec } from "./child-spec.ts";
import { Debug, type DebugOption } from "./debug.ts";
import { Ignore, type Next, NoReply, Reply, Stop } from "./directive.ts";
import { castMessage } from "./envelope.ts";
import { genCall, genStop } from "./gen-call.ts";
import { nameOfClass, serverClass, ServerInstance } from "./gen-server-instance.ts";
import type {
  BEHAVIOUR,
  Cast,
  InitArgument,
  Request,
  Response,
  Serving,
  ServerClass,
  ServerPid,
  Started,
  TypedServer,
  Untyped,
} from "./gen-server-types.ts";
import { abcast, multiCall } from "./multi-call.ts";
import { checkOptions } from "./options.ts";
import { checkResponse, receiveResponse, sendRequest } from "./send-request.ts";
import { serve } from "./serve.ts";
import {
  type NamingClass,
  plainName,
  sendToServer,
  type ServerName,
  type ServerRef,
  whereisServer,
} from "./server-name.ts";
import { IGNORE, startProcess } from "./start.ts";

export type { Next } from "./directive.ts";
export type { Callbacks, ServerClass, ServerPid, Status } from "./gen-server-types.ts";
export type { MultiReplies } from "./multi-call.ts";
export type { Checked, RequestId } from "./send-request.ts";

const MODULE = "GenServer";

/** How a server is started. */
export interface GenServerOptions {
  /** `"Name"` on this node, or a class for its name there, `{ global: term }` on all, `{ via: [module, term] }`. */
  readonly name?: ServerName | undefined;
  /** How long `init` may take, in milliseconds; no limit unless told. */
  readonly timeout?: number | undefined;
  /** What `sys` is to show of it from the start: `["trace"]`, `["log", ["log", 20]]`, `["statistics"]`. */
  readonly debug?: readonly DebugOption[] | undefined;
}

type StartRest<C> =
  undefined extends InitArgument<C>
    ? [arg?: InitArgument<C>, options?: GenServerOptions]
    : [arg: InitArgument<C>, options?: GenServerOptions];

/*
 * A server usually has functions of the same names as its clients' (static startLink, stop). TypeScript compares them
 * with the ones that the class inherits, and lets any pass where those have two generic signatures: hence the second of
 * some, which says nothing new.
 */
interface StartFunction {
  <C extends ServerClass>(module: C, ...rest: StartRest<C>): Promise<Started<C>>;
  <M extends string, A>(module: M, arg?: A, options?: GenServerOptions): Promise<ServerPid>;
}
interface CallFunction {
  <P extends TypedServer, const R extends Request<Serving<P>>>(
    server: P,
    request: R,
    timeout?: number,
  ): Promise<Response<Serving<P>, R>>;
  <T = unknown, N extends ServerRef = ServerRef>(server: N, request: Untyped<N>, timeout?: number): Promise<T>;
}
interface CastFunction {
  <P extends TypedServer>(server: P, request: Cast<Serving<P>>): "ok";
  <N extends ServerRef>(server: N, request: Untyped<N>): "ok";
}
interface ReplyFunction {
  <F extends From>(from: F, value: unknown): "ok";
  <F extends From, V>(from: F, value: V): "ok";
}
interface StopFunction {
  <S extends ServerRef>(server: S, reason?: unknown, timeout?: number): Promise<"ok">;
  <S extends ServerRef, R>(server: S, reason: R, timeout?: number): Promise<"ok">;
}
interface WhereisFunction {
  <S extends ServerRef>(server: S): Whereabouts<S>;
  <S extends ServerRef, T extends S>(server: T): Whereabouts<T>;
}
interface ChildSpecFunction {
  <C extends ServerClass | string>(module: C, arg?: unknown, overrides?: Partial<ChildSpec>): ChildSpec;
  <A>(arg: A, overrides?: Partial<ChildSpec>): ChildSpec;
}
/** What `whereis` gives for each kind of address; who keeps a name may have to ask other nodes first. */
type Whereabouts<S> = S extends Pid
  ? Pid
  : S extends string | NamingClass
    ? Pid | null
    : S extends readonly [string | NamingClass, NodeName]
      ? Pid | readonly [name: string, node: NodeName] | null
      : Pid | null | Promise<Pid | null>;

/**
 * Elixir's `GenServer`: a process that keeps state and answers. A server is a class; its instance is the state, what
 * `handleCall` returns (or its promise gives) is the reply. It handles one message at a time, whatever its handlers await.
 *
 * Its functions, all optional: `init(arg)`, `handleCall(request, from)`, `handleCast(request)`, `handleInfo(message)` for
 * any other message, `handleContinue(arg)`, `terminate(reason)` before it ends by itself, by `stop`, or (if it traps
 * exits) with its parent, and `formatStatus({ state })` for what logs may show. Handlers return nothing, or
 * `this.noreply()`, `this.stop(reason, reply?)`, `this.timeout(ms)`, `this.continueWith(arg)`, `this.reply(value, next)`;
 * what else is returned by others than `handleCall` ends the server with `["bad_return_value", value]`. An error ends
 * it with that error, and is logged with the last message and the state.
 *
 * A class that is a module of its node can be defined anew while its servers run: the next message runs the new code, on
 * the fields as they are. Fields with `#` belong to the class that made them, so such a server has to be started again.
 *
 * ```ts
 * class Stack extends GenServer { items = ["hello"]; handleCall(request) { return this.items.pop() } handleCast(item) { this.items.push(item) } }
 * const stack = GenServer.startLink(Stack);
 * GenServer.cast(stack, "world"); // "ok"
 * await GenServer.call(stack, "pop"); // "world"
 * ```
 */
export abstract class GenServer {
  declare readonly [BEHAVIOUR]?: "GenServer";

  /**
   * Starts a server: an instance of `module`, a class that extends GenServer, or the name of one; `init` gets `arg`. It is
   * linked to the caller. Gives its pid once `init` has ended, or `"ignore"` if that is what it said.
   *
   * Throws what `init` threw (a caller that does not trap exits dies of it), for a stop or an exit an error with its
   * `reason`; `already_started` with the holder in `reason` if the name is taken; `timeout`; `badarg`.
   *
   * ```ts
   * class Counter extends GenServer { count = 0; init(from) { this.count = from } handleCall(request) { return ++this.count } }
   * const counter = GenServer.startLink(Counter, 41);
   * await GenServer.call(counter, "next"); // 42
   * const named = GenServer.startLink(Counter, 1, { name: Counter });
   * await GenServer.call(Counter, "next"); // 2
   * ```
   */
  static readonly startLink = startLink as StartFunction;

  /** Starts a server that nothing holds, as `startLink` does; that `init` fails harms nobody. */
  static readonly start = start as StartFunction;

  /**
   * Asks a server and gives its answer: by its pid, its name, or the class that it is named by, which types both; each of
   * these names also as `[name, node]`. The request is copied. Waits `timeout` milliseconds, 5000 unless told.
   *
   * Without an answer the caller exits with `[reason, ["GenServer", "call", [server, request, timeout]]]`: `noproc`,
   * `["nodedown", node]`, `timeout` (the server may still be at it; its late answer is lost), `calling_self`, or what the
   * server ended with. Only after `noproc` it is certain that the request was not seen. Throws `not_sendable`, `badarg`.
   */
  static readonly call = call as CallFunction;

  /** Sends a request that nobody answers. Always `"ok"`, at once; whether there is a server is not told. Throws `not_sendable`. */
  static readonly cast = cast as CastFunction;

  /**
   * Answers a call whose handler returned `this.noreply()`: from any process, and later. `"ok"`; the answer to a caller
   * that has given up is lost. Throws `not_sendable`.
   */
  static readonly reply = reply as ReplyFunction;

  /**
   * Ends a server with `reason`, after its `terminate`. `"ok"` once it is gone. The caller exits as in `call`, with
   * `stop`, if there is none, if it takes longer than `timeout` milliseconds, or if it ended with another reason. An
   * other reason than `normal`, `shutdown`, `["shutdown", x]` is logged as a crash.
   */
  static readonly stop = stop as StopFunction;

  /** Who a server is: its pid; a pid and `[name, node]` of another node as they are. `null` if nobody has the name. */
  static readonly whereis = whereis as WhereisFunction;

  /**
   * How a supervisor starts the server: `{ id: module, start: [GenServer, "startLink", [module, arg]] }`, and whatever
   * `overrides` say. As `Counter.childSpec(arg, overrides)`, which a class inherits: by its own `startLink(arg)` if it has one.
   */
  static readonly childSpec = childSpec as ChildSpecFunction;

  /** Casts to the servers of one name on several nodes, this one and all that it is connected to unless told. Always `"abcast"`. */
  static readonly abcast = abcast;

  /** Asks the servers of one name on several nodes at once. Gives `[[[node, reply], …], badNodes]`. No limit of time unless told. */
  static readonly multiCall = multiCall;

  /** Sends a request and does not wait: the answer comes as a message, see `receiveResponse` and `checkResponse`. */
  static readonly sendRequest = sendRequest;

  /** What a message says of a request that was sent: `["reply", value]`, `["error", [reason, server]]`, or `"noReply"`. */
  static readonly checkResponse = checkResponse;

  /** Waits for the answer to a request that was sent, and gives it; without one the caller exits. */
  static readonly receiveResponse = receiveResponse;

  /** Answers the call, and says what is next: `return this.reply(n, { timeout: 1000 })`. Without `next` simply return the value. */
  protected reply<R>(value: R, next: Next = {}): Reply<R> {
    return new Reply(value, next);
  }

  /** Answers nobody now: whoever has `from` does it later, with `GenServer.reply(from, value)`. */
  protected noreply(next: Next = {}): NoReply {
    return new NoReply(next);
  }

  /** Ends the server with `reason`, after `terminate`; a caller gets `reply`, or without one exits with the reason. */
  protected stop(reason: unknown): Stop;
  protected stop<R>(reason: unknown, reply: R): Stop<R>;
  protected stop(reason: unknown, ...reply: readonly unknown[]): Stop<unknown> {
    return new Stop(reason, reply.length === 0 ? undefined : [reply[0]]);
  }

  /** Nothing to answer; if no message comes within so many milliseconds, `handleInfo` gets `"timeout"`. */
  protected timeout(ms: number): NoReply {
    return new NoReply({ timeout: ms });
  }

  /** Nothing to answer; `handleContinue` gets `arg` before any message is looked at. */
  protected continueWith(arg: unknown): NoReply {
    return new NoReply({ continue: arg });
  }

  /** From `init`: does not want to be started. `startLink` gives `"ignore"`, and the process ends normally. */
  protected ignore(): Ignore {
    return new Ignore();
  }
}
defineProgramModule(MODULE, GenServer);

async function startLink(
  module: ServerClass | string,
  arg?: unknown,
  options: GenServerOptions = {},
): Promise<unknown> {
  return startServer(module, arg, options, true);
}

async function start(module: ServerClass | string, arg?: unknown, options: GenServerOptions = {}): Promise<unknown> {
  return startServer(module, arg, options, false);
}

async function startServer(
  module: ServerClass | string,
  arg: unknown,
  options: GenServerOptions,
  link: boolean,
): Promise<unknown> {
  checkOptions(`GenServer.${link ? "startLink" : "start"}`, options, ["name", "timeout", "debug"]);
  const { timeout } = options;
  const name = options.name === undefined ? undefined : plainName(options.name);
  const starter = current();
  const running = serverClass(starter.runtime, module);
  const own = copy(arg);
  return startProcess(
    starter,
    async (process) => {
      const debug = options.debug === undefined ? undefined : await Debug.from(process, options.debug);
      const instance = new ServerInstance(process, running, name);
      const begin = await instance.init(own);
      if (begin instanceof Ignore) return IGNORE;
      return () => serve(process, link ? starter.pid : undefined, instance, begin, debug);
    },
    { link, name, timeout, initialCall: `${nameOfClass(running)}.init/1` },
  );
}

function call(server: ServerRef, request: unknown, timeout = 5000): Promise<unknown> {
  return genCall(server, request, timeout, [MODULE, "call", [server, request, timeout]]);
}

function cast(server: ServerRef, request: unknown): "ok" {
  sendToServer(current(), server, castMessage(request));
  return "ok";
}

function reply(from: From, value: unknown): "ok" {
  return answer(from, value);
}

async function stop(server: ServerRef, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
  return genStop(server, reason, timeout, [MODULE, "stop", [server, reason, timeout]]);
}

function whereis(server: ServerRef): unknown {
  return whereisServer(current(), server);
}

function childSpec(this: unknown, ...args: readonly unknown[]): ChildSpec {
  const inherited = typeof this === "function" && this !== GenServer;
  const [module, arg, overrides] = (inherited ? [this, ...args] : args) as [
    module: ServerClass | string,
    arg?: unknown,
    overrides?: Partial<ChildSpec>,
  ];
  const id = typeof module === "string" ? module : nameOfClass(module);
  const start: ChildSpec["start"] =
    inherited && exportedFunction(this, "startLink") !== undefined
      ? [module, "startLink", [arg]]
      : [MODULE, "startLink", [module, arg]];
  return { id, start, ...overrides };
}
