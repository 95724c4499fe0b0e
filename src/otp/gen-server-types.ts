import type { NodeName, Pid } from "../term/pid.ts";
import type { From } from "../process/call.ts";
import type { Ignore, NoReply, Reply, Stop } from "./directive.ts";

/** What a server may show of itself in logs and to `sys.getStatus`. */
export interface Status {
  readonly state: unknown;
  /** What it was at, in the report of its end. */
  readonly message?: unknown;
  readonly reason?: unknown;
}

/** Marks what extends GenServer, so that a class with none of the functions of a server is one too. Types only. */
export declare const BEHAVIOUR: unique symbol;

/** The functions of a server; it has those it needs. All may be async: the next message waits for them. */
export interface Callbacks {
  readonly [BEHAVIOUR]?: "GenServer";
  /**
   * Runs first, with the argument of `GenServer.startLink`, which waits for it. What it throws, and `this.stop(reason)`,
   * fail the start; `"ignore"` starts nothing; `this.continueWith(arg)` goes on with `handleContinue`.
   */
  init?(arg: never): unknown;
  /** Answers `GenServer.call`: what it returns, or its promise gives, is the reply. `this.noreply()` leaves that to `GenServer.reply(from, value)`. */
  handleCall?(request: never, from: From): unknown;
  /** Takes what `GenServer.cast` sent. Returns nothing, `this.stop(reason)`, `this.timeout(ms)` or `this.continueWith(arg)`. */
  handleCast?(request: never): unknown;
  /** Takes any other message: of `send`, `"timeout"`, `DOWN`, and `EXIT` if it traps exits. Returns what `handleCast` may. */
  handleInfo?(message: never): unknown;
  /** Runs before the next message, after `this.continueWith(arg)`. Returns what `handleCast` may. */
  handleContinue?(arg: never): unknown;
  /** Runs before the server ends by itself, by `stop`, or, if it traps exits, with its parent. What it returns is dropped. */
  terminate?(reason: never): unknown;
  /** Gives the status as logs and `sys.getStatus` may show it: `{ state }` without what is secret. */
  formatStatus?(status: Status): Partial<Status>;
}

/** The class of a server: `class Ping extends GenServer { … }`. */
export type ServerClass = new () => Callbacks;

declare const SERVER: unique symbol;

/** The pid of a server of class `S`, which types what it can be asked. At run time a pid like others. */
export type ServerPid<S = unknown> = Pid & { readonly [SERVER]?: S };

/** What tells the class of a server: its pid, or the class that it is named by, here or on a node. */
export type TypedServer = ServerPid | ServerClass | readonly [ServerClass, NodeName];

/** The class whose server an address means, `unknown` if it does not tell. */
export type Serving<P> = P extends (new () => infer S) | readonly [new () => infer S, NodeName]
  ? S
  : P extends { readonly [SERVER]?: infer S }
    ? S
    : unknown;

/** What a server of which only `N` is known can be asked: anything, unless its address tells its class. */
export type Untyped<N> = N extends ServerClass | readonly [ServerClass, NodeName]
  ? never
  : N extends unknown
    ? typeof SERVER extends keyof N
      ? never
      : unknown
    : never;

/** What a server's `init` takes. */
export type InitArgument<C> = 0 extends 1 & C
  ? C
  : C extends new () => infer S
    ? S extends { init(arg: infer A): unknown }
      ? A
      : unknown
    : unknown;

/** What a start gives: the server's pid, or `"ignore"` if its `init` may say so. */
export type Started<C> = C extends new () => infer S
  ? ServerPid<S> | (S extends { init(arg: never): infer R } ? (Ignore extends Awaited<R> ? "ignore" : never) : never)
  : ServerPid;

/** Request and reply of each overload of `handleCall`, up to six, as a union of pairs. */
type Exchanges<F> = F extends {
  (r: infer A, ...x: never): infer RA;
  (r: infer B, ...x: never): infer RB;
  (r: infer C, ...x: never): infer RC;
  (r: infer D, ...x: never): infer RD;
  (r: infer E, ...x: never): infer RE;
  (r: infer G, ...x: never): infer RG;
}
  ? [A, RA] | [B, RB] | [C, RC] | [D, RD] | [E, RE] | [G, RG]
  : F extends {
        (r: infer A, ...x: never): infer RA;
        (r: infer B, ...x: never): infer RB;
        (r: infer C, ...x: never): infer RC;
        (r: infer D, ...x: never): infer RD;
        (r: infer E, ...x: never): infer RE;
      }
    ? [A, RA] | [B, RB] | [C, RC] | [D, RD] | [E, RE]
    : F extends {
          (r: infer A, ...x: never): infer RA;
          (r: infer B, ...x: never): infer RB;
          (r: infer C, ...x: never): infer RC;
          (r: infer D, ...x: never): infer RD;
        }
      ? [A, RA] | [B, RB] | [C, RC] | [D, RD]
      : F extends {
            (r: infer A, ...x: never): infer RA;
            (r: infer B, ...x: never): infer RB;
            (r: infer C, ...x: never): infer RC;
          }
        ? [A, RA] | [B, RB] | [C, RC]
        : F extends { (r: infer A, ...x: never): infer RA; (r: infer B, ...x: never): infer RB }
          ? [A, RA] | [B, RB]
          : F extends (r: infer A, ...x: never) => infer RA
            ? [A, RA]
            : never;

type Handled<S> = S extends { handleCall: infer F } ? Exchanges<F> : [unknown, unknown];

/** What a server of class `S` can be asked. */
export type Request<S> = Handled<S>[0];

/** What a server of class `S` answers to a request of type `R`. */
export type Response<S, R> = Replied<AnswerOf<Handled<S>, R>>;

type AnswerOf<P, R> = P extends [infer A, infer T] ? (R extends A ? Said<Awaited<T>> : never) : never;

/** The reply in what a handler returns. */
type Said<T> = T extends Reply<infer R> ? R : T extends Stop<infer R> ? R : T extends NoReply | Ignore ? never : T;

/** Nothing is known of a reply that only comes later. */
type Replied<T> = [T] extends [never] ? unknown : T;

/** What a server of class `S` can be cast. */
export type Cast<S> = S extends { handleCast(request: infer R): unknown } ? R : unknown;
