import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { current, processOrUndefined } from "../process/context.ts";
import { type Level, LEVELS, type Metadata } from "../process/log.ts";
import type { Process } from "../process/process.ts";
import {
  checkThreshold,
  type HandlerOptions,
  loggerOf,
  type LoggerOptions,
  type LoggerState,
  type Threshold,
} from "./logger/state.ts";

/** What is logged: a text, any other value, shown as `inspect` does, or a function that gives it if it is wanted. */
export type Message = unknown;

/** Writes at one level. */
type Write = (message: Message, metadata?: Metadata) => "ok";

function log(level: Level, message: Message, metadata?: Metadata): "ok" {
  if (!LEVELS.includes(level))
    throw new ArgumentError(`A log level is one of ${LEVELS.join(", ")}, not ${inspect(level)}`);
  const process = processOrUndefined();
  if (process === undefined) throw new ArgumentError("Logger needs a process: call it inside node.run(() => ...)");
  // What goes on after the end of its process logs nothing, as it prints and sends nothing.
  if (!process.alive) return "ok";
  const { runtime } = process;
  const state = loggerOf(runtime);
  const known: Metadata = { ...state.metadata.get(process), ...metadata };
  if (!state.enabled(process, level, moduleOf(process, known))) return "ok";
  state.log(
    {
      level,
      message: textOf(message),
      time: Date.now(),
      node: runtime.name,
      pid: process.pid,
      ...(Object.keys(known).length > 0 && { metadata: known }),
    },
    process,
  );
  return "ok";
}

/** Logging must not fail for what is logged: a function that throws is logged as that. */
function textOf(message: Message): string {
  let value = message;
  if (typeof message === "function") {
    try {
      value = (message as () => unknown)();
    } catch (error) {
      return `The function that was to give a log message failed: ${error instanceof Error ? error.message : inspect(error)}`;
    }
  }
  return typeof value === "string" ? value : inspect(value);
}

/** The module whose level counts: as the metadata says, else of the function that the process began with. */
function moduleOf(process: Process, { module }: Metadata): string | undefined {
  if (typeof module === "string") return module;
  const dot = process.initialCall.lastIndexOf(".");
  return dot > 0 ? process.initialCall.slice(0, dot) : undefined;
}

function here(): LoggerState {
  return loggerOf(current().runtime);
}

const at =
  (level: Level): Write =>
  (message, metadata) =>
    log(level, message, metadata);

/**
 * The log of a node, as Elixir's `Logger`. A line goes above the prompt and never through what is being typed, to the
 * handlers that were added, and, if the group leader of the process is on another node, to that node's log too, where
 * it carries the name of this one.
 *
 * ```ts
 * Logger.info("started", { user: 7 });
 * Logger.debug(() => `pids: ${inspect(Process.list())}`);
 * Logger.configure({ level: "warning" });
 * ```
 *
 * Each function that writes gives `"ok"` at once, never fails for what is logged, and drops what is above the limit of
 * entries a second (`burstLimit`), with a notice of how many.
 */
export const Logger = {
  /** Logs what helps to find a fault. */
  debug: at("debug"),
  /** Logs what happens in the ordinary course. */
  info: at("info"),
  /** Logs what is ordinary but worth knowing. */
  notice: at("notice"),
  /** Logs what may become a fault. */
  warning: at("warning"),
  /** Logs a fault. */
  error: at("error"),
  /** Logs a fault that needs somebody soon. */
  critical: at("critical"),
  /** Logs a fault that needs somebody now. */
  alert: at("alert"),
  /** Logs that the system can't be used. */
  emergency: at("emergency"),
  /** Logs at a level given by name. Throws `badarg` for one that there is not. */
  log,

  /** Whether the first level is less grave (`"lt"`) than the second, the same (`"eq"`), or graver (`"gt"`). */
  compareLevels(left: Level, right: Level): "lt" | "eq" | "gt" {
    const difference = LEVELS.indexOf(left) - LEVELS.indexOf(right);
    return difference < 0 ? "lt" : difference > 0 ? "gt" : "eq";
  },

  /** All levels, the gravest first. */
  levels: (): Level[] => LEVELS.toReversed(),

  /** The least grave level that this node logs. */
  level: (): Threshold => here().level,

  /**
   * Changes the log of this node: `level`, `truncate` (bytes of a message, 8192), `burstLimit` (entries a second, 500),
   * `handleSaslReports` (whether supervisors' reports of their children are logged as well, false),
   * `format` and `metadata` of the lines on the terminal. Throws `badarg`, and changes nothing, for what can't be.
   */
  configure(options: LoggerOptions): "ok" {
    here().configure(options);
    return "ok";
  },

  /**
   * The metadata of this process; with an argument, adds to it (`undefined` takes a key out) and gives `"ok"`. What the
   * process starts has none of it.
   */
  metadata: metadata,

  /** Replaces the metadata of this process. */
  resetMetadata(to: Metadata = {}): "ok" {
    const process = current();
    loggerOf(process.runtime).metadata.set(process, withoutGaps(to));
    return "ok";
  },

  /** Sets the level of what modules log, before the node's. A module is that of the function that a process began with. */
  putModuleLevel(modules: string | readonly string[], level: Threshold): "ok" {
    checkThreshold(level);
    for (const module of [modules].flat()) here().moduleLevels.set(module, level);
    return "ok";
  },

  /** The levels set for modules, as pairs. */
  getModuleLevel(modules: string | readonly string[]): (readonly [module: string, level: Threshold])[] {
    const wanted = [modules].flat();
    return [...here().moduleLevels].filter(([module]) => wanted.includes(module));
  },

  /** Goes back to the node's level, for these modules or, without an argument, for all. */
  deleteModuleLevel(modules?: string | readonly string[]): "ok" {
    const { moduleLevels } = here();
    if (modules === undefined) moduleLevels.clear();
    for (const module of modules === undefined ? [] : [modules].flat()) moduleLevels.delete(module);
    return "ok";
  },

  /** Sets the level of what this process logs, before all others; `undefined` takes it back. */
  putProcessLevel(level: Threshold | undefined): "ok" {
    const process = current();
    const { processLevels } = loggerOf(process.runtime);
    if (level === undefined) processLevels.delete(process);
    else {
      checkThreshold(level);
      processLevels.set(process, level);
    }
    return "ok";
  },

  /** The level set for this process, `null` if none is. */
  getProcessLevel(): Threshold | null {
    const process = current();
    return loggerOf(process.runtime).processLevels.get(process) ?? null;
  },

  /** Whether this process (or, on this node, that of `pid`) logs anything. */
  isEnabled(pid?: Pid): boolean {
    const process = pid === undefined ? current() : current().runtime.find(pid);
    return process !== undefined && loggerOf(process.runtime).enabled(process, "emergency", undefined);
  },

  /**
   * Adds a place where entries go beside the terminal: `{ file, level, format, metadata, maxBytes, maxFiles }` or
   * `{ log: (entry) => …, level }`. One that fails is removed, which is logged, and hurts nobody.
   * Throws `badarg` for an identifier in use and for options that can't be.
   */
  addHandler(id: string, options: HandlerOptions): "ok" {
    here().addHandler(id, options);
    return "ok";
  },

  /** Removes a handler when what it has is written. Throws `badarg` if there is none. */
  async removeHandler(id: string): Promise<"ok"> {
    if (!(await here().removeHandler(id))) throw new ArgumentError(`There is no log handler "${id}"`);
    return "ok";
  },

  /** The handlers that were added, by identifier. */
  handlers: (): Record<string, HandlerOptions> =>
    Object.fromEntries([...here().handlers].map(([id, { options }]) => [id, options])),

  /** Waits until everything logged so far is written. */
  async flush(): Promise<"ok"> {
    await here().flush();
    return "ok";
  },
};

function metadata(): Metadata;
function metadata(add: Metadata): "ok";
function metadata(add?: Metadata): Metadata | "ok" {
  const process = current();
  const state = loggerOf(process.runtime);
  const known = state.metadata.get(process) ?? {};
  if (add === undefined) return known;
  state.metadata.set(process, withoutGaps({ ...known, ...add }));
  return "ok";
}

function withoutGaps(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}
