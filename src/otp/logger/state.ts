import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Pid } from "../../term/pid.ts";
import { type Level, LEVELS, type LogEntry, type LogSink, type Metadata, SASL } from "../../process/log.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { Burst } from "./burst.ts";
import { compileFormat, type FormatOptions, type Formatter, truncate } from "./format.ts";
import { LogFile, type LogFileOptions } from "./file.ts";

/** A level, or what lets everything or nothing pass. */
export type Threshold = Level | "all" | "none";

/** Where entries go beside the terminal: a file, or a function. */
export type HandlerOptions = FormatOptions & {
  /** The least grave level that it takes; `"all"` unless told. */
  readonly level?: Threshold;
} & (LogFileOptions | { readonly log: LogSink });

/** What can be changed of the whole log. */
export interface LoggerOptions extends FormatOptions {
  /** The least grave level that is logged; `"debug"` unless told. */
  readonly level?: Threshold;
  /** How many bytes of a message are logged, or Infinity; 8192 unless told. */
  readonly truncate?: number;
  /**
   * Whether supervisors' reports of children that ended or did not start are logged as well; not unless told, as the
   * child itself has logged why it crashed.
   */
  readonly handleSaslReports?: boolean;
  /** How many entries a second are logged; the others are counted and told of. 500 unless told. */
  readonly burstLimit?: number;
}

interface Handler {
  readonly options: HandlerOptions;
  readonly log: LogSink;
  readonly flush: () => Promise<void>;
}

const states = new WeakMap<Runtime, LoggerState>();

/** The log of a node. The first time, it steps between the node and the place where its entries went so far. */
export function loggerOf(runtime: Runtime): LoggerState {
  let state = states.get(runtime);
  if (state === undefined) states.set(runtime, (state = new LoggerState(runtime)));
  return state;
}

/** What is logged on a node, and where it goes. */
export class LoggerState {
  readonly handlers = new Map<string, Handler>();
  readonly moduleLevels = new Map<string, Threshold>();
  /** Levels and metadata are a process's own: what it starts has none of them. */
  readonly processLevels = new WeakMap<Process, Threshold>();
  readonly metadata = new WeakMap<Process, Metadata>();
  level: Threshold = "debug";
  private format: Formatter = compileFormat();
  /** Takes what a process logs whose group leader is on another node. */
  forward: ((entry: LogEntry, leader: Pid) => void) | undefined = undefined;
  private saslReports = false;
  private truncateAt = 8192;
  private burstLimit = 500;
  private readonly runtime: Runtime;
  private readonly terminal: LogSink;
  private readonly burst: Burst;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.terminal = runtime.logSink;
    this.burst = new Burst(
      runtime.clock,
      () => this.burstLimit,
      (count) =>
        this.write(
          this.notice(`Logger dropped ${String(count)} events: more than ${String(this.burstLimit)} a second`),
        ),
    );
    runtime.logSink = (entry) => {
      if (entry.metadata === SASL && !this.saslReports) return;
      if (atLeast(entry.level, this.level)) this.dispatch(this.shortened(entry));
    };
  }

  /** Changes what `options` names. Throws `badarg` for what can't be, and then nothing has changed. */
  configure(options: LoggerOptions): void {
    const { level, truncate: bytes, burstLimit, handleSaslReports, format, metadata, ...others } = options;
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined)
      throw new ArgumentError(
        `Logger has no option "${unknown}"; it has level, truncate, burstLimit, handleSaslReports, format, metadata`,
      );
    if (level !== undefined) checkThreshold(level);
    const formatter =
      format === undefined && metadata === undefined
        ? this.format
        : compileFormat({ ...(format !== undefined && { format }), ...(metadata !== undefined && { metadata }) });
    for (const [name, value] of Object.entries({ truncate: bytes, burstLimit }))
      if (value !== undefined && !(typeof value === "number" && value >= 0))
        throw new ArgumentError(
          `Logger's option ${name} is a number, zero or more, or Infinity, not ${inspect(value)}`,
        );
    if (handleSaslReports !== undefined && typeof handleSaslReports !== "boolean")
      throw new ArgumentError(`Logger's option handleSaslReports is true or false, not ${inspect(handleSaslReports)}`);
    this.level = level ?? this.level;
    this.saslReports = handleSaslReports ?? this.saslReports;
    this.truncateAt = bytes ?? this.truncateAt;
    this.burstLimit = burstLimit ?? this.burstLimit;
    this.format = formatter;
  }

  /** Whether `process` would log at `level`: the level of the process goes first, that of the module next. */
  enabled(process: Process, level: Level, module: string | undefined): boolean {
    const threshold =
      this.processLevels.get(process) ??
      (module === undefined ? undefined : this.moduleLevels.get(module)) ??
      this.level;
    return atLeast(level, threshold);
  }

  /** Writes an entry that has passed the levels, and sends it where the process's leader is. */
  log(entry: LogEntry, process: Process): void {
    const short = this.shortened(entry);
    this.dispatch(short);
    if (process.leader.node !== this.runtime.name) this.forward?.(short, process.leader);
  }

  /** The line that the terminal shows of an entry, without its end: this node's, unless `viewer` says whose it is. */
  line(entry: LogEntry, colours = false, viewer: NodeName = this.runtime.name): string {
    return this.format(entry, viewer, colours);
  }

  /** Adds a handler. Throws `badarg` for bad options and `already_exist` for an identifier in use. */
  addHandler(id: string, options: HandlerOptions): void {
    if (this.handlers.has(id)) throw new ArgumentError(`There is a handler "${id}" already: remove it first`);
    if (options.level !== undefined) checkThreshold(options.level);
    this.handlers.set(id, this.handlerFor(id, options));
  }

  /** Takes a handler away once what it has is written. Whether there was one. */
  async removeHandler(id: string): Promise<boolean> {
    const handler = this.handlers.get(id);
    this.handlers.delete(id);
    await handler?.flush();
    return handler !== undefined;
  }

  /** Settles when everything logged so far is written. */
  async flush(): Promise<void> {
    this.burst.stop();
    for (const { flush } of this.handlers.values()) await flush();
  }

  private handlerFor(id: string, options: HandlerOptions): Handler {
    if ("log" in options) {
      const { log } = options;
      if (typeof log !== "function")
        throw new ArgumentError(`The option log of a handler is a function, not ${inspect(log)}`);
      return { options, log, flush: () => Promise.resolve() };
    }
    if (typeof options.file !== "string" || options.file === "")
      throw new ArgumentError(
        'A handler has a file, as in { file: "app.log" }, or a function, as in { log: (entry) => … }',
      );
    const format = compileFormat(options);
    const file = new LogFile(options, (error) => this.failed(id, error));
    return { options, log: (entry) => file.write(format(entry, this.runtime.name)), flush: () => file.flush() };
  }

  private shortened(entry: LogEntry): LogEntry {
    const message = truncate(entry.message, this.truncateAt);
    return message === entry.message ? entry : { ...entry, message };
  }

  private dispatch(entry: LogEntry): void {
    if (this.burst.pass()) this.write(entry);
  }

  private write(entry: LogEntry): void {
    this.terminal(entry);
    for (const [id, { options, log }] of this.handlers) {
      if (!atLeast(entry.level, options.level ?? "all")) continue;
      try {
        log(entry);
      } catch (error) {
        this.failed(id, error);
      }
    }
  }

  /** A handler that fails is no longer one: it would fail for every entry, and say so each time. */
  private failed(id: string, error: unknown): void {
    if (!this.handlers.delete(id)) return;
    const why = error instanceof Error ? error.message : inspect(error);
    this.write({ ...this.notice(`The log handler "${id}" failed and was removed: ${why}`), level: "error" });
  }

  private notice(message: string): LogEntry {
    return { level: "notice", message, time: Date.now(), node: this.runtime.name };
  }
}

function atLeast(level: Level, threshold: Threshold): boolean {
  if (threshold === "all") return true;
  return threshold !== "none" && LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
}

/** Throws `badarg` unless it is a level, `"all"` or `"none"`. */
export function checkThreshold(level: unknown): asserts level is Threshold {
  if (level === "all" || level === "none" || LEVELS.includes(level as Level)) return;
  throw new ArgumentError(`A log level is one of ${LEVELS.join(", ")}, all or none, not ${inspect(level)}`);
}
