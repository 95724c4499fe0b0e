import { appendFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { tagOf } from "../term/atom.ts";
import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { request, type From } from "../process/call.ts";
import type { Process } from "../process/process.ts";
import { asCall, asCast } from "./envelope.ts";
import { LogFile } from "./logger/file.ts";

/** What a server did, as the functions of {@link Debug} are told of it. */
export type DebugEvent =
  /** A message came: a call and a cast in their envelopes, `"timeout"` for one that did not come in time. */
  | readonly ["in", message: unknown]
  /** A call was answered. */
  | readonly ["out", reply: unknown, from: From, state: unknown]
  /** A message was handled that needed no answer, or has none yet. */
  | readonly ["noreply", state: unknown]
  /** `handleContinue` is about to run. */
  | readonly ["continue", arg: unknown];

/**
 * Is told of each event of a server, in that server: its own state, the event, and the server's name or pid. Gives its
 * new state, or `"done"` to be taken away. One that throws is taken away too.
 */
export type DebugFunction = (state: unknown, event: DebugEvent, server: unknown) => unknown;

/** How a server is debugged from its start, as {@link sys} would set it: `["trace", ["log", 20]]`. */
export type DebugOption =
  | "trace"
  | "log"
  | "statistics"
  | readonly ["log", number]
  | readonly ["logToFile", string]
  | readonly ["install", readonly [id: string, fn: DebugFunction, state: unknown]];

interface Installed {
  readonly id: unknown;
  readonly fn: DebugFunction;
  state: unknown;
}

interface Statistics {
  readonly startTime: Date;
  in: number;
  out: number;
}

/** How many events are kept unless told. */
const MOST_LOGGED = 10;

/** A leader that answers so late shows nobody anything. */
const PATIENCE_MS = 5000;

const UNKNOWN = "unknown_debug";

/** What is called otherwise on the wire. */
const ERLANG: Readonly<Record<string, string>> = { logToFile: "log_to_file" };

/** What `sys` has switched on in one server: made with the first, gone with the last. */
export class Debug {
  private readonly process: Process;
  private tracing = false;
  private most = 0;
  private events: DebugEvent[] = [];
  private statistics: Statistics | undefined;
  private file: LogFile | undefined;
  private installed: Installed[] = [];

  constructor(process: Process) {
    this.process = process;
  }

  /** What a server is started with. Throws `badarg` for what is no such option. */
  static async from(process: Process, options: readonly DebugOption[] = []): Promise<Debug | undefined> {
    const debug = new Debug(process);
    for (const option of options) {
      const [name, how] = typeof option === "string" ? [option, true] : option;
      const answer = await debug.change([ERLANG[name] ?? name, name === "log" && how !== true ? [true, how] : how]);
      if (answer !== "ok")
        throw new ArgumentError(
          `${inspect(option)} is no option of debug: it has "trace", "log", ["log", n], "statistics", ["logToFile", file], ["install", [id, fn, state]]`,
        );
    }
    return debug.active ? debug : undefined;
  }

  /** Whether anything is on. */
  get active(): boolean {
    return (
      this.tracing ||
      this.most > 0 ||
      this.statistics !== undefined ||
      this.file !== undefined ||
      this.installed.length > 0
    );
  }

  /** The events that are kept, oldest first. */
  get logged(): readonly DebugEvent[] {
    return this.events;
  }

  /** Does what `sys` asks, in Erlang's shapes, and gives the answer. */
  async change(what: unknown): Promise<unknown> {
    const [tag, how] = Array.isArray(what) ? [tagOf(what[0]), what[1] as unknown] : [tagOf(what), undefined];
    const word = tagOf(how) ?? how;
    switch (tag) {
      case "trace":
        if (typeof how !== "boolean") return UNKNOWN;
        this.tracing = how;
        return "ok";
      case "log":
        return this.log(word);
      case "log_to_file":
        return this.logTo(word);
      case "statistics":
        return this.count(word);
      case "install":
        return this.install(how);
      case "remove":
        this.installed = this.installed.filter(({ id, fn }) => fn !== how && !isDeepStrictEqual(id, how));
        return "ok";
      case "no_debug":
        this.file?.flush().catch(() => undefined);
        Object.assign(this, {
          tracing: false,
          most: 0,
          events: [],
          statistics: undefined,
          file: undefined,
          installed: [],
        });
        return "ok";
      default:
        return UNKNOWN;
    }
  }

  /** Something happened. Settles when whoever is to see it has: the server goes on then. */
  async handle(event: DebugEvent): Promise<void> {
    const { statistics } = this;
    if (statistics !== undefined) {
      if (event[0] === "in") statistics.in++;
      if (event[0] === "out") statistics.out++;
    }
    if (this.most > 0) {
      // A state goes on changing, and a message may be part of it by now.
      this.events.push(copy(event));
      if (this.events.length > this.most) this.events.shift();
    }
    if (this.file !== undefined) for (const line of this.lines(event)) this.file.write(line);
    for (const one of [...this.installed]) this.tell(one, event);
    if (this.tracing && !(await this.print(this.lines(event)))) this.tracing = false;
  }

  private async log(how: unknown): Promise<unknown> {
    const most = how === true ? MOST_LOGGED : Array.isArray(how) && how[0] === true ? (how[1] as unknown) : undefined;
    if (how === "get") return ["ok", this.events];
    if (how === "print") {
      await this.print(this.events.flatMap((event) => this.lines(event)));
      return "ok";
    }
    if (how === false) [this.most, this.events] = [0, []];
    else if (typeof most !== "number" || !Number.isSafeInteger(most) || most < 1) return UNKNOWN;
    else [this.most, this.events] = [most, this.events.slice(-most)];
    return "ok";
  }

  private async logTo(how: unknown): Promise<unknown> {
    const before = this.file;
    this.file = undefined;
    await before?.flush();
    if (how === false) return "ok";
    if (typeof how !== "string" || how === "") return UNKNOWN;
    try {
      await appendFile(how, "");
    } catch {
      return ["error", "open_file"];
    }
    const file = new LogFile({ file: how }, () => {
      if (this.file === file) this.file = undefined;
    });
    this.file = file;
    return "ok";
  }

  private count(how: unknown): unknown {
    const { statistics } = this;
    if (how === "get") {
      if (statistics === undefined) return ["ok", "no_statistics"];
      return [
        "ok",
        [
          ["start_time", statistics.startTime],
          ["current_time", new Date()],
          ["messages_in", statistics.in],
          ["messages_out", statistics.out],
        ],
      ];
    }
    if (typeof how !== "boolean") return UNKNOWN;
    this.statistics = how ? { startTime: new Date(), in: 0, out: 0 } : undefined;
    return "ok";
  }

  /** `[fn, state]`, whose name is the function, or `[id, fn, state]`. What is there under that name stays. */
  private install(how: unknown): unknown {
    if (!Array.isArray(how)) return UNKNOWN;
    const [id, fn, state] = (how.length === 3 ? how : [how[0], ...(how as unknown[])]) as unknown[];
    if (typeof fn !== "function") return UNKNOWN;
    if (!this.installed.some((one) => one.id === id)) this.installed.push({ id, fn: fn as DebugFunction, state });
    return "ok";
  }

  private tell(one: Installed, event: DebugEvent): void {
    try {
      one.state = one.fn(one.state, event, this.server);
      if (tagOf(one.state) !== "done") return;
    } catch {
      // It is the user's, and no reason for the server to end.
    }
    this.installed = this.installed.filter((other) => other !== one);
  }

  private get server(): unknown {
    return this.process.name ?? this.process.pid;
  }

  /** An event in the words of OTP's gen_server. A server that tells no state shows none. */
  private lines(event: DebugEvent): string[] {
    const start = `*DBG* ${inspect(this.server)}`;
    const newState = (state: unknown): string => (state === undefined ? "" : `new state ${inspect(state)}`);
    switch (event[0]) {
      case "in": {
        const [, message] = event;
        const call = asCall(message);
        if (call !== undefined) return [`${start} got call ${inspect(call.request)} from ${inspect(call.from[0])}`];
        const cast = asCast(message);
        return [cast === undefined ? `${start} got ${inspect(message)}` : `${start} got cast ${inspect(cast.request)}`];
      }
      case "out": {
        const [, reply, from, state] = event;
        const after = newState(state);
        return [`${start} sent ${inspect(reply)} to ${inspect(from[0])}${after === "" ? "" : `, ${after}`}`];
      }
      case "noreply": {
        const after = newState(event[1]);
        return after === "" ? [] : [`${start} ${after}`];
      }
      case "continue":
        return [`${start} dbg  ${inspect(event)}`];
    }
  }

  /** Prints at the server's group leader, at the node's user if it is its own. Whether somebody took it. */
  private async print(lines: readonly string[]): Promise<boolean> {
    const { process } = this;
    const leader = process.leader === process.pid ? process.runtime.names.get("user")?.pid : process.leader;
    if (leader === undefined) return false;
    if (lines.length === 0) return true;
    const put = ["put_chars", "unicode", `${lines.join("\n")}\n`] as const;
    // The envelope of Erlang's I/O protocol, whose layer lies above this one.
    const asked = await request(process, leader, ([from, tag]) => ["io_request", from, tag, put], PATIENCE_MS);
    return asked.ok && asked.value === "ok";
  }
}
