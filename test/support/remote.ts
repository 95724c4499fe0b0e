/** What tests run on other nodes: by module, function and arguments, so that nothing of it has to travel. */
import { type AnyFunction, compileClosure } from "../../src/code/closure.ts";
import { erpc } from "../../src/node/erpc.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { exit } from "../../src/process/exit.ts";
import { defmodule, node } from "../../src/process/kernel.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";

export const Remote = defmodule("Remote", {
  where: (): NodeName => node(),
  leader: (): Pid => Process.groupLeader(),
  identity: <T>(value: T): T => value,
  symbols: (): symbol[] => [Symbol("s")],
  wait: (): Promise<unknown> => receive(() => false),
  sleep: (ms: number): Promise<"ok"> => Process.sleep(ms),
  tell: (to: Pid, message: unknown): unknown => send(to, message),
  /** The process of the node whose mailbox is the longest, and how many messages are in it. */
  longestQueue: (): [Pid, number] =>
    Process.list()
      .map((pid): [Pid, number] => [pid, Process.info(pid)?.messageQueueLen ?? 0])
      .reduce((most, one) => (one[1] > most[1] ? one : most)),
  /** Gives back every `[from, message]`. */
  async echo(): Promise<never> {
    for (;;) {
      const [from, message] = (await receive()) as [Pid, unknown];
      send(from, ["echo", message]);
    }
  },
  /** Registered as `name`, ends with the first message as its reason. */
  async named(name: string): Promise<never> {
    Process.register(self(), name);
    return exit(await receive());
  },
  /** Passes on to `to` what it gets, until it is told to end. */
  async relay(to: Pid, name?: string): Promise<void> {
    if (name !== undefined) Process.register(self(), name);
    Process.flag("trapExit", true);
    for (;;) {
      const message = await receive();
      if (message === "end") return;
      send(to, message);
    }
  },
  exits: (reason: unknown): never => exit(reason),
  killed: (): Promise<unknown> => {
    Process.exit(self(), "kill");
    return receive();
  },
  throws: (value: unknown): never => {
    throw value;
  },
  fails: (text: string): never => {
    throw new RangeError(text);
  },
  /** Calls itself on one node after the other; fails on the last. */
  nest: ([next, ...others]: readonly NodeName[]): Promise<unknown> =>
    next === undefined
      ? Promise.reject(new RangeError(`innermost on ${node()}`))
      : erpc.call(next, Remote, "nest", [others]),
});

/** A function as it is typed at the node's prompt. */
export const typedAt = (at: LocalNode, source: string): AnyFunction => compileClosure(source, {}, at.scope);
