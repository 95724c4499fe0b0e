import { copy } from "../term/copy.ts";
import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { termKey } from "../term/term-key.ts";
import { current } from "../process/context.ts";
import type { ChildSpec } from "../otp/child-spec.ts";
import { genCall } from "../otp/gen-call.ts";
import { serve } from "../otp/serve.ts";
import { startProcess } from "../otp/start.ts";
import type { Presence } from "./tracker/presence-table.ts";
import { trackerOf, TrackerServer } from "./tracker/tracker-server.ts";

export type { Presence };

/** How a tracker is started. */
export interface TrackerOptions {
  /** Trackers of one name, on all nodes, know of each other. `"Tracker"` unless told. */
  readonly name?: string | undefined;
  /** How long a node that can't be reached is still listed, in milliseconds: 30 seconds unless told. */
  readonly downPeriod?: number | undefined;
  /** How long it may be back with what it had, in milliseconds: 20 minutes unless told. */
  readonly permdownPeriod?: number | undefined;
}

/** Which tracker is meant: `"Tracker"` unless told. */
export interface TrackerName {
  readonly tracker?: string | undefined;
}

const DEFAULT = "Tracker";
const DOWN_MS = 30_000;
const PERMDOWN_MS = 1_200_000;

/**
 * Phoenix's `Tracker`: who is present where, on all connected nodes: users in rooms, players in games, with what is to
 * be known of each. Start one of the same name on every node.
 *
 * A tracker hears from those of the nodes that its own is connected to, and passes nothing on: nodes that can't reach
 * each other don't see each other's presences, though both reach a third; hidden nodes take no part. Lists are each
 * node's own, and may differ for as long as a message takes.
 *
 * A process is present in a topic under a key until it is untracked or ends; looking up asks nobody. A node that can't be
 * reached is listed for `downPeriod` more, so that a short fault is not seen; then it is down, and its presences are not
 * listed. If it is back within `permdownPeriod` they are listed again as they are by then. After that, or as soon as the
 * node is back as a new life or its tracker ends, they are gone for good.
 *
 * ```ts
 * await Tracker.startLink();
 * await Tracker.track(self(), "lobby", "ada", { typing: false });
 * Tracker.list("lobby").map(({ key, meta }) => [key, meta]); // [["ada", { typing: false }]]
 * ```
 */
export const Tracker = {
  /**
   * Starts a tracker, linked with the caller, and gives its pid. Throws `already_started` if one of that name runs,
   * `badarg` for bad periods: `permdownPeriod` is not shorter than `downPeriod`.
   *
   * ```ts
   * const pid = await Tracker.startLink({ name: "Online", downPeriod: 5000 });
   * Process.whereis("Online") === pid; // true
   * ```
   */
  async startLink({
    name = DEFAULT,
    downPeriod = DOWN_MS,
    permdownPeriod = PERMDOWN_MS,
  }: TrackerOptions = {}): Promise<Pid> {
    checkPeriods(downPeriod, permdownPeriod);
    const starter = current();
    const pid = await startProcess(
      starter,
      (process) => {
        const server = new TrackerServer(process, name, { downPeriod, permdownPeriod });
        return () => serve(process, starter.pid, server);
      },
      { link: true, name, initialCall: "Tracker.init/1" },
    );
    return pid as Pid;
  },

  /** How a supervisor starts a tracker. */
  childSpec(options: TrackerOptions = {}): ChildSpec {
    return { id: options.name ?? DEFAULT, start: () => Tracker.startLink(options) };
  },

  /**
   * Makes a process of this node present in a topic under a key, with what is to be known of it; topic, key and meta are
   * any terms. A topic may hold several of one key: a user's windows. Gives `"ok"` when this node lists it.
   *
   * Throws `already_tracked` if this process is there under that key, `nolocal` for a process of another node. Exits with
   * `noproc` if the tracker does not run here, as all do that change something.
   */
  async track(pid: Pid, topic: unknown, key: unknown, meta: unknown = {}, options: TrackerName = {}): Promise<"ok"> {
    return changed(await ask("track", [localOne(pid), topic, key, meta], options), pid, topic, key);
  },

  /**
   * Ends a process' presence under a key; without one, all in the topic, and without that, everywhere. `"ok"`, also if
   * there was none.
   *
   * ```ts
   * await Tracker.startLink();
   * await Tracker.track(self(), "lobby", "ada");
   * await Tracker.untrack(self()); // "ok"
   * Tracker.list("lobby"); // []
   * ```
   */
  async untrack(pid: Pid, topic?: unknown, key?: unknown, options: TrackerName = {}): Promise<"ok"> {
    const where = key !== undefined ? [topic, key] : topic !== undefined ? [topic] : [];
    return (await ask("untrack", [localOne(pid), where], options)) as "ok";
  },

  /** Replaces what is known of a presence. `"ok"`. Throws `not_tracked` if it is none, else as {@link Tracker.track}. */
  async update(pid: Pid, topic: unknown, key: unknown, meta: unknown, options: TrackerName = {}): Promise<"ok"> {
    return changed(await ask("update", [localOne(pid), topic, key, meta], options), pid, topic, key);
  },

  /** Who is present in a topic, on any node that is not down. Nobody, if the tracker does not run here. */
  list<M = unknown>(topic: unknown, { tracker = DEFAULT }: TrackerName = {}): Presence<M>[] {
    return copy(trackerOf(current().runtime, tracker)?.list(topic) ?? []) as Presence<M>[];
  },

  /**
   * Who is present in a topic under a key.
   *
   * ```ts
   * await Tracker.startLink();
   * await Tracker.track(self(), "lobby", "ada", "at the window");
   * Tracker.getByKey("lobby", "ada").map(({ meta }) => meta); // ["at the window"]
   * ```
   */
  getByKey<M = unknown>(topic: unknown, key: unknown, options: TrackerName = {}): Presence<M>[] {
    const wanted = termKey(key);
    return Tracker.list<M>(topic, options).filter((one) => termKey(one.key) === wanted);
  },

  /** The nodes whose presences are known, this one first, each `"up"`, or `"down"`: it may be back with what it had. */
  nodes({ tracker = DEFAULT }: TrackerName = {}): [node: NodeName, status: "up" | "down"][] {
    return trackerOf(current().runtime, tracker)?.nodes() ?? [];
  },

  /**
   * Tells the caller what happens in a topic from now on: `[ref, "join", topic, presences]`, `[ref, "update", topic,
   * presences]` and `[ref, "leave", topic, presences]`. Gives the reference, and who is present now.
   *
   * ```ts
   * await Tracker.startLink();
   * const [ref, present] = await Tracker.monitor("lobby");
   * present; // []
   * await Tracker.track(self(), "lobby", "ada");
   * (await receive())[1]; // "join"
   * ```
   */
  async monitor<M = unknown>(topic: unknown, options: TrackerName = {}): Promise<[ref: Ref, presences: Presence<M>[]]> {
    return (await ask("monitor", [topic], options)) as [Ref, Presence<M>[]];
  },

  /** Ends a monitor, and takes what it has sent out of the mailbox. `"ok"`, or `false` if it is none. */
  async demonitor(ref: Ref, options: TrackerName = {}): Promise<"ok" | false> {
    const process = current();
    if ((await ask("demonitor", [ref], options)) !== "ok") return false;
    process.mailbox.drop((message) => Array.isArray(message) && message.length === 4 && message[0] === ref);
    return "ok";
  },
};

function ask(fun: string, args: readonly unknown[], { tracker = DEFAULT }: TrackerName): Promise<unknown> {
  return genCall(tracker, [fun, ...args], Infinity, ["Tracker", fun, args]);
}

function changed(answer: unknown, pid: Pid, topic: unknown, key: unknown): "ok" {
  if (answer === "ok") return "ok";
  const words = answer === "already_tracked" ? "is present already" : "is not present: track() it first";
  const where = `in ${inspect(topic)} under ${inspect(key)}`;
  throw new MoebiError(answer as string, `${inspect(pid)} ${words}, ${where}`);
}

function localOne(pid: unknown): Pid {
  if (isPid(pid) && current().runtime.isLocal(pid)) return pid;
  throw new MoebiError("nolocal", `Only processes of this node are tracked here, not ${inspect(pid)}`);
}

function checkPeriods(downPeriod: unknown, permdownPeriod: unknown): void {
  for (const period of [downPeriod, permdownPeriod]) {
    if (typeof period !== "number" || !(period >= 0) || period === Infinity)
      throw new ArgumentError(`downPeriod and permdownPeriod are numbers of milliseconds, not ${inspect(period)}`);
  }
  if ((permdownPeriod as number) < (downPeriod as number))
    throw new ArgumentError("permdownPeriod is not shorter than downPeriod: a node is down before it is gone");
}
