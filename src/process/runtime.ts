import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { titleOfFunction } from "../term/inspect-object.ts";
import { type NodeName, NONODE, Pid } from "../term/pid.ts";
import { Ref } from "../term/ref.ts";
import { systemClock, type Clock } from "./clock.ts";
import { runAs } from "./context.ts";
import { Deadlines } from "./deadlines.ts";
import { isExit, reasonOfThrown } from "./exit.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import type { Level, LogSink, Metadata } from "./log.ts";
import { ModuleTable } from "./modules.ts";
import { type MonitorSinks, Process } from "./process.ts";
import type { Signal } from "./signal.ts";
import { terminate } from "./terminate.ts";
import type { Tracer } from "./tracer.ts";

/** Where signals for other nodes go. Provided by the distribution; a node without a name has none. */
export interface Router {
  /** Sends the signal, connecting first if need be. Never throws for absence; throws `not_sendable` and `too_large`. */
  route(node: NodeName, signal: Signal): void;
  /** How the connection to a node is: none, one, or one past its soft limit. */
  state(node: NodeName): "down" | "up" | "busy";
  /** The nodes that this one is connected to, hidden ones left out. */
  list?(): NodeName[];
  /** Settles when a busy connection has room again or is gone; `undefined` if it is not busy. */
  drained(node: NodeName): Promise<void> | undefined;
}

/** Writes the report of a process that ended by an uncaught error. */
export type CrashReporter = (process: Process, reason: unknown) => void;

export interface RuntimeOptions {
  readonly name?: NodeName;
  /** The node's life: random, not zero, drawn once at start. */
  readonly creation?: number;
  readonly clock?: Clock;
  readonly onCrash?: CrashReporter;
  /** Where log entries go; standard error by default. */
  readonly log?: LogSink;
}

export interface SpawnOptions {
  readonly parent?: Process | undefined;
  readonly leader?: Pid | undefined;
  readonly link?: boolean;
  /** What `Process.info` calls it. */
  readonly initialCall?: string;
  /** The spawner on another node; links to it are set by whoever handles the request. */
  readonly parentPid?: Pid | undefined;
}

/** An alias: a reference that messages can be sent to. */
export interface Alias {
  readonly process: Process;
  /** `reply` ends with the first message, `replyDemonitor` also ends the monitor of the same reference. */
  readonly mode: "explicit" | "demonitor" | "reply" | "replyDemonitor";
  /** Takes the message instead of the mailbox, if it has a function for it: how a call waits for its answer. */
  readonly sinks: MonitorSinks | undefined;
}

/**
 * How many processes may be resumed before the event loop gets its turn. A resumed process runs in a microtask, and
 * two that keep each other busy would otherwise keep timers, sockets and Ctrl+C waiting for ever.
 */
const SLICE = 4000;

/** The processes of one node: table, names, aliases, and the turn each gets. */
export class Runtime {
  readonly name: NodeName;
  readonly creation: number;
  readonly clock: Clock;
  /** The node itself, as the sender of what no process says. Nobody has this pid. */
  readonly kernelPid: Pid;
  /** The time limits of calls. */
  readonly deadlines: Deadlines;
  readonly modules = new ModuleTable();
  readonly processes = new LinkedHashMap<number, Process>();
  readonly names = new Map<string, Process>();
  readonly aliases = new LinkedHashMap<number, Alias>();
  router: Router | undefined = undefined;
  tracer: Tracer | undefined = undefined;
  /** Whether the node has ended its processes, and none of them has ended by itself from then on. */
  stopped = false;
  /** Names that belong to the node itself: nobody can register them. */
  readonly reserved = new Set<string>();
  onCrash: CrashReporter | undefined;
  logSink: LogSink;
  /** When the node began, on its clock. */
  readonly startedAt: number;
  /** The node's age in tenths of a second when the processes of this turn were started: asked once for all of them. */
  private tenths = 0;
  private nextId = 1;
  private serial = 0;
  private nextRef = 1;
  private starting: (() => void)[] = [];
  /** Those that {@link startNow} starts, how many of them it has come to, and the last. */
  private startingNow: (() => void)[] = [];
  private reached = 0;
  private stepping: Process | undefined;
  private left = SLICE;
  private deferred: (() => void)[] = [];

  constructor(options: RuntimeOptions = {}) {
    this.name = options.name ?? NONODE;
    this.creation = options.creation ?? newCreation();
    this.clock = options.clock ?? systemClock;
    this.deadlines = new Deadlines(this.clock);
    this.startedAt = this.clock.now();
    this.kernelPid = new Pid(this.name, 0, 0, this.creation);
    this.onCrash = options.onCrash;
    this.logSink = options.log ?? ((entry) => void process.stderr.write(`[${entry.level}] ${entry.message}\n`));
  }

  /** How long the node has lived, in milliseconds. */
  get uptime(): number {
    return this.clock.now() - this.startedAt;
  }

  /** Whether `pid` names a process of this node's present life, living or not. */
  isLocal(pid: Pid): boolean {
    return pid.node === this.name && pid.creation === this.creation;
  }

  /** The living process with this pid, if it is one of this node's. */
  find(pid: Pid): Process | undefined {
    const process = this.processes.get(pid.id);
    return process !== undefined && (process.pid === pid || (this.isLocal(pid) && process.pid.serial === pid.serial))
      ? process
      : undefined;
  }

  /** Writes to the node's log. */
  log(level: Level, message: string, pid?: Pid, metadata?: Metadata): void {
    this.logSink({ level, message, time: Date.now(), node: this.name, pid, ...(metadata && { metadata }) });
  }

  makeRef(): Ref {
    return new Ref(this.name, this.creation, this.nextRef++);
  }

  /**
   * Starts a process running `body`. It takes its first step after the caller has come to its next await.
   * It inherits its group leader from `parent`, itself if there is nobody.
   */
  spawn(body: () => unknown, options: SpawnOptions = {}): Process {
    const { parent } = options;
    const pid = this.makePid();
    const leader = options.leader ?? parent?.leader ?? pid;
    const process = new Process(
      this,
      pid,
      leader,
      options.parentPid ?? parent?.pid,
      options.initialCall ?? titleOfFunction(body),
    );
    if (this.starting.length === 0) this.tenths = Math.floor(this.uptime / 100);
    process.born = this.tenths;
    this.processes.set(pid.id, process);
    if (options.link === true && parent !== undefined) {
      (parent.links ??= new LinkedHashMap()).set(pid, { active: true, unlinkId: 0 });
      (process.links ??= new LinkedHashMap()).set(parent.pid, { active: true, unlinkId: 0 });
    }
    if (this.tracer !== undefined) this.traceSpawn(process, parent, options.link === true);
    this.starting.push(() => {
      this.stepping = process;
      runAs(process, () => void this.run(process, body));
    });
    if (this.starting.length === 1) queueMicrotask(this.startAll);
    return process;
  }

  private traceSpawn(process: Process, parent: Process | undefined, linked: boolean): void {
    const { pid, initialCall } = process;
    if (parent !== undefined) this.tracer?.happened(parent, ["spawn", pid, initialCall]);
    if (process.parent !== undefined) this.tracer?.happened(process, ["spawned", process.parent, initialCall]);
    if (!linked || parent === undefined) return;
    this.tracer?.happened(parent, ["link", pid]);
    this.tracer?.happened(process, ["gettingLinked", parent.pid]);
  }

  private readonly startAll = (): void => {
    const starting = this.starting;
    this.starting = [];
    for (const start of starting) this.turn(start);
  };

  /**
   * Has what was spawned take its first step now, not a little later: for a caller who can stop a step that never ends, and
   * says so to {@link abandonStep} if it has.
   */
  startNow(): void {
    this.startingNow = this.starting;
    this.starting = [];
    for (this.reached = 0; this.reached < this.startingNow.length;)
      this.turn(this.startingNow[this.reached++] as () => void);
    this.startingNow = [];
  }

  /**
   * Tells that {@link startNow} may have been stopped; gives whether it was. The process whose step it was ends for `reason`,
   * the others begin in their turn.
   */
  abandonStep(reason: unknown): boolean {
    const { startingNow, stepping } = this;
    if (startingNow.length === 0) return false;
    this.starting = [...startingNow.slice(this.reached), ...this.starting];
    this.startingNow = [];
    queueMicrotask(this.startAll);
    if (stepping !== undefined) terminate(stepping, reason);
    return true;
  }

  private async run(process: Process, body: () => unknown): Promise<void> {
    if (!process.alive) return;
    let reason: unknown = "normal";
    try {
      await body();
    } catch (thrown) {
      if (!process.alive) return;
      reason = reasonOfThrown(thrown);
      // What is thrown by exit() was meant; and who dies of a link has nothing to report, as its partner has.
      if (!isExit(thrown)) this.onCrash?.(process, reason);
    }
    terminate(process, reason);
  }

  /** Whether another process may be resumed before the event loop gets its turn; if so, this one counts. */
  hasTurn(): boolean {
    return this.left > 0 && this.deferred.length === 0 && this.left-- > 0;
  }

  /** Runs a step that resumes a process: now, or when the event loop has had its turn. */
  turn(step: () => void): void {
    if (this.left > 0 && this.deferred.length === 0) {
      this.left--;
      step();
      return;
    }
    if (this.deferred.push(step) === 1) this.clock.setImmediate(this.nextSlice);
  }

  private readonly nextSlice = (): void => {
    this.left = SLICE;
    const steps = this.deferred.length <= SLICE ? this.deferred : this.deferred.slice(0, SLICE);
    this.deferred = this.deferred.slice(steps.length);
    // What is left, and what these add, comes in later slices: the order of waking is kept.
    if (this.deferred.length > 0) this.clock.setImmediate(this.nextSlice);
    for (const step of steps) {
      this.left--;
      step();
    }
  };

  /** A pid nobody has or will have: what a spawn that failed gives. */
  makePid(): Pid {
    // Ids wrap like Erlang's; a living process keeps its own.
    do {
      if (this.nextId > 0xffff_ffff) {
        this.nextId = 1;
        this.serial = (this.serial + 1) >>> 0;
      }
    } while (this.processes.has(this.nextId++));
    return new Pid(this.name, this.nextId - 1, this.serial, this.creation);
  }

  /** Puts a message into a process' mailbox, or hands it to the receive that waits for it. The message is taken as it is. */
  deliver(process: Process, message: unknown): void {
    if (!process.alive) return;
    if (this.tracer !== undefined) this.tracer.received(process, message);
    process.delivered++;
    const { waiter } = process;
    if (waiter === undefined) {
      process.mailbox.push(message);
      return;
    }
    const { match } = waiter;
    if (match === undefined || accepts(match, waiter.reject, message)) {
      process.waiter = process.waiters?.shift();
      if (this.hasTurn()) waiter.resolve(message);
      else this.turn(() => waiter.resolve(message));
      return;
    }
    const others = process.waiters;
    const index =
      others?.findIndex((other) => other.match === undefined || accepts(other.match, other.reject, message)) ?? -1;
    if (others === undefined || index < 0) process.mailbox.push(message);
    else {
      const [other] = others.splice(index, 1);
      this.turn(() => other?.resolve(message));
    }
  }

  /** Sends to a process of this node: the message is copied, and lost if the process has exited. */
  sendLocal(process: Process, message: unknown): void {
    if (process.alive) this.deliver(process, copy(message));
  }

  /** Gives a living process of this node a name. Throws `badarg` as Erlang does. */
  register(process: Process, name: string): void {
    if (typeof name !== "string" || name === "" || name === "undefined" || name === "null" || this.reserved.has(name)) {
      throw new ArgumentError(
        `A process can't be registered as ${JSON.stringify(name)}: use a non-empty string that is not the node's own`,
      );
    }
    if (!process.alive || this.names.has(name) || process.name !== undefined) {
      throw new ArgumentError(
        `Could not register #PID<0.${process.pid.id}.${process.pid.serial}> with name "${name}" because it is not alive, ` +
          "the name is already taken, or it has already been given another name",
      );
    }
    process.name = name;
    this.names.set(name, process);
    this.tracer?.happened(process, ["register", name]);
  }

  /** Frees a name. Throws `badarg` if nobody holds it. */
  unregister(name: string): void {
    const process = this.names.get(name);
    if (process === undefined) throw new ArgumentError(`Nobody is registered as "${name}"`);
    this.names.delete(name);
    process.name = undefined;
    this.tracer?.happened(process, ["unregister", name]);
  }

  addAlias(ref: Ref, alias: Alias): void {
    this.aliases.set(ref.id, alias);
    (alias.process.aliases ??= new LinkedHashMap()).set(ref, alias);
  }

  /** Ends an alias; whether it was one. */
  removeAlias(ref: Ref): boolean {
    if (ref.node !== this.name || ref.creation !== this.creation) return false;
    this.aliases.get(ref.id)?.process.aliases?.delete(ref);
    return this.aliases.delete(ref.id);
  }

  /** Ends every process, quietly: the node stops. */
  stop(): void {
    this.stopped = true;
    this.router = undefined;
    for (const process of [...this.processes.values()]) terminate(process, "shutdown");
  }
}

/** A node's life number: 32 bits, random, not zero. */
export function newCreation(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) || 1;
}

/** What a predicate throws is the receiver's, not the sender's. */
function accepts(match: (message: unknown) => boolean, reject: (error: unknown) => void, message: unknown): boolean {
  try {
    return match(message);
  } catch (thrown) {
    reject(thrown);
    return false;
  }
}
