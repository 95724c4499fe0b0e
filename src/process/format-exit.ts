import { types } from "node:util";
import { escapeControls } from "../term/escape.ts";
import { errorMessage, errorName, isErrorValue } from "../term/inspect-error.ts";
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { dataOf } from "../term/inspect-reflect.ts";
import { coloured } from "../term/palette.ts";
import { moduleNameOf } from "../term/module-name.ts";
import { cleanStack, type StackFrame } from "./clean-stack.ts";

export { cleanStack, type StackFrame } from "./clean-stack.ts";

const EXIT = Symbol.for("moebi.exit");

const MAX_MESSAGE = 16_384;
const MAX_NESTED = 8;
const MAX_ERRORS = 10;

/** Library modules whose names are not capitalised, as in Erlang. */
const LOWER_CASE_MODULES = new Set(["rpc", "erpc", "global", "pg", "sys"]);

const MODULE = /^\p{Lu}[\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;
const FUNCTION = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u;

const WORDS: Readonly<Record<string, string>> = {
  normal: "normal",
  shutdown: "shutdown",
  killed: "killed",
  noproc:
    "no process: the process is not alive or there's no process currently associated with the given name, possibly because its application isn't started",
  noconnection: "no connection",
  timeout: "time out",
  calling_self: "process attempted to call itself",
};

/**
 * An exit reason as Elixir's `Exception.format_exit` says it, in its words: `no process: …`, `shutdown: …`,
 * `exited in: Mod.fun(args)` with `** (EXIT) …` below, `an exception was raised:` with the error and its stack below;
 * any other term as `inspect` prints it. Lines after the first are indented by four blanks or more. Escaped, so safe to
 * print; never throws.
 */
export function formatExit(reason: unknown, options: InspectOptions = {}): string {
  return exitText(reason, { ...options, colors: false }, "\n    ", 0);
}

/** How {@link formatThrown} prints. */
export interface ThrownOptions extends InspectOptions {
  /**
   * The line of source that a frame points at, to be shown below the nearest frame of the caller's own. Also asked about
   * a frame that only says that the line was typed at the prompt.
   */
  readonly excerpt?: ((frame: StackFrame) => SourceLine | undefined) | undefined;
  /** Where what a frame points at stands in the source, where that is not what runs. See {@link setDefaultPlace} for what holds unless told. */
  readonly place?: ((frame: StackFrame) => SourcePlace | undefined) | undefined;
  /** It stands right below the statement: a frame that only says so is left out. */
  readonly belowStatement?: boolean | undefined;
}

/** A place in a source, from 1. */
export type SourcePlace = Pick<SourceLine, "line" | "column">;

let defaultPlace: (frame: StackFrame) => SourcePlace | undefined = () => undefined;

/** Says where frames stand in what was typed, for logs and nested errors: whoever prints those knows no session. */
export function setDefaultPlace(find: (frame: StackFrame) => SourcePlace | undefined): void {
  defaultPlace = find;
}

/** A line of source, and the column that is meant, from 1. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
  readonly column: number | undefined;
}

/**
 * What the prompt says about something thrown: `** (TypeError) message` with the user's frames of the stack below,
 * `** (exit) reason` for an exit, `** (throw) value` for what is no error; then its causes. With `colors` the head is
 * red, and of the stack everything dim but the user's own frames. Escaped, so safe to print; never throws.
 */
export function formatThrown(value: unknown, options: ThrownOptions = {}): string {
  return thrownText(
    value,
    { ...options, colors: false },
    options.colors === true ? COLOURED : PLAIN,
    "\n",
    0,
    new Set(),
  );
}

interface Style {
  readonly head: (text: string) => string;
  readonly stack: (text: string) => string;
  readonly node: (text: string) => string;
  readonly mark: (text: string) => string;
}

const same = (text: string): string => text;
const PLAIN: Style = { head: same, stack: same, node: same, mark: same };
// Around each line, so that what cuts or indents lines does no harm.
const COLOURED: Style = {
  head: (text) => text.replace(/[^\n]+/gu, (line) => coloured("red", line)),
  stack: (text) => `\u001b[2m${text}\u001b[22m`,
  node: (text) => coloured("magenta", text),
  mark: (text) => coloured("red", text),
};

/** Whether a frame is the user's own code, of this node: what is below the line that names another node is not. */
function isUsers({ file }: StackFrame): boolean {
  return file !== undefined && !/[\\/]node_modules[\\/]/u.test(file);
}

/** `joiner` begins each further line: a line feed and the indentation of what the text stands in. */
function exitText(reason: unknown, options: InspectOptions, joiner: string, level: number): string {
  const nested = (inner: unknown): string =>
    level === MAX_NESTED ? "..." : exitText(inner, options, `${joiner}    `, level + 1);
  const show = (value: unknown): string => indent(inspect(value, options), joiner);

  if (typeof reason === "string" && Object.hasOwn(WORDS, reason)) return WORDS[reason] ?? "";
  if (isErrorValue(reason)) {
    if (dataOf(reason, EXIT) === true)
      return level === MAX_NESTED ? "..." : exitText(dataOf(reason, "reason"), options, joiner, level + 1);
    return `an exception was raised:${joiner}${thrownText(reason, options, PLAIN, joiner, level, new Set())}`;
  }
  const items = itemsOf(reason);
  if (items?.length !== 2) return show(reason);
  const [tag, about] = items;
  const failed = callOf(about);
  if (tag === "undef") {
    const missing = failed ?? callOf(itemsOf(about)?.[0]);
    if (missing !== undefined) {
      const banner = `** (UndefinedFunctionError) function ${missing.module}.${missing.fun}/${missing.args.length} is undefined`;
      return `an exception was raised:${joiner}${banner}${joiner}    ${callText(missing, options)}`;
    }
  }
  if (failed !== undefined) return `exited in: ${callText(failed, options)}${joiner}** (EXIT) ${nested(tag)}`;
  switch (tag) {
    case "nocatch":
      return `an exception was raised:${joiner}** (throw) ${show(about)}`;
    case "nodedown":
      return `no connection to ${typeof about === "string" ? escapeControls(about) : show(about)}`;
    case "EXIT":
      return nested(about);
    case "already_started":
      return `already started: ${show(about)}`;
    case "bad_return_value":
      return `bad return value: ${show(about)}`;
    case "bad_call":
      return `bad call: ${show(about)}`;
    case "bad_cast":
      return `bad cast: ${show(about)}`;
    case "shutdown": {
      const child = itemsOf(about);
      if (child?.length !== 3 || child[0] !== "failed_to_start_child") return `shutdown: ${show(about)}`;
      return `shutdown: failed to start child: ${show(child[1])}${joiner}** (EXIT) ${nested(child[2])}`;
    }
    default:
      return show(reason);
  }
}

function thrownText(
  value: unknown,
  options: ThrownOptions,
  style: Style,
  joiner: string,
  level: number,
  seen: Set<unknown>,
): string {
  if (typeof value === "object" && value !== null && dataOf(value, EXIT) === true) {
    const text = exitText(dataOf(value, "reason"), options, `${joiner}    `, level + 1);
    return style.head(`** (exit) ${text}`);
  }
  if (!isErrorValue(value)) return style.head(`** (throw) ${indent(inspect(value, options), joiner)}`);

  seen.add(value);
  const nested = (inner: unknown): string =>
    seen.has(inner)
      ? "[Circular]"
      : level >= MAX_NESTED
        ? "..."
        : thrownText(inner, options, style, `${joiner}    `, level + 1, seen);
  const below = `${joiner}    `;
  let text = style.head(`** (${escapeControls(errorName(value))}) ${messageText(value, options, joiner)}`.trimEnd());
  text += stackText(value, options, style, below, level);

  const errors = itemsOf(dataOf(value, "errors"));
  if (errors !== undefined && errorName(value) === "AggregateError") {
    for (const inner of errors.slice(0, MAX_ERRORS)) text += `${below}* ${nested(inner)}`;
    if (errors.length > MAX_ERRORS) text += `${below}* ... ${errors.length - MAX_ERRORS} more`;
  }
  let cause = dataOf(value, "cause");
  // What was raised again as it was, with what its first place adds: an error of another node.
  if (isErrorValue(cause) && !seen.has(cause) && errorName(cause) === errorName(value) && sameMessage(cause, value)) {
    seen.add(cause);
    text += stackText(cause, options, style, below, level);
    cause = dataOf(cause, "cause");
  }
  if (cause !== undefined) text += `${below}${style.head("caused by")} ${nested(cause)}`;
  return text;
}

function sameMessage(a: Error, b: Error): boolean {
  const message = errorMessage(a);
  return message !== undefined && message === errorMessage(b);
}

/** An error's message with its line breaks; further lines are set off, so that none can pass for a line of its own. */
function messageText(error: Error, options: InspectOptions, joiner: string): string {
  const message = errorMessage(error);
  if (message === undefined) return indent(inspect(dataOf(error, "message"), options), joiner);
  const shown = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}...` : message;
  return shown
    .split(/\r?\n/u)
    .map((line, i) => {
      const escaped = escapeControls(line, { newlines: true });
      return i === 0 || escaped === "" || /^\s/u.test(escaped) ? escaped : `  ${escaped}`;
    })
    .join(joiner);
}

/** The frames worth printing, a line each, with the line of source below the first that has one to show. */
function stackText(
  error: Error,
  { excerpt, place = defaultPlace, belowStatement = false }: ThrownOptions,
  style: Style,
  below: string,
  level: number,
): string {
  const frames = cleanStack(error);
  const last = frames.at(-1);
  // Where it only says that the line was typed at the prompt it says nothing.
  const typed =
    belowStatement && last?.file !== undefined && last.fun === undefined && /^(?:moebi|pry)\(\d+\)$/u.test(last.file);
  if (typed) frames.pop();
  let wanted = level === 0 ? excerpt : undefined;
  const shown = (frame: StackFrame | undefined): string => {
    const source = frame && wanted?.(frame);
    if (source === undefined) return "";
    wanted = undefined;
    return excerptText(source, style, below);
  };
  if (frames.length === 0) return shown(last);
  let text = "";
  let elsewhere = false;
  for (const frame of frames) {
    if (frame.node !== undefined) {
      elsewhere = true;
      text += below + style.node(frame.text);
      continue;
    }
    const users = !elsewhere && isUsers(frame);
    text += below + (users ? placed(frame, place(frame)) : style.stack(frame.text)) + (users ? shown(frame) : "");
  }
  return text;
}

/** A frame's line, with the place in what was typed, if any session typed it. */
export function frameText(frame: StackFrame): string {
  return placed(frame, defaultPlace(frame));
}

/** A frame's line, with the place in its source. */
export function placed({ text }: StackFrame, place: SourcePlace | undefined): string {
  if (place === undefined) return text;
  const { line, column } = place;
  return text.replace(/:\d+(?::\d+)?(?=\)?$)/u, `:${line}${column === undefined ? "" : `:${column}`}`);
}

/** Columns of a line that are shown. */
const MOST_COLUMNS = 160;

/** The line with its number, and below it a mark under the column. */
function excerptText({ line, text, column }: SourceLine, style: Style, below: string): string {
  const number = String(line);
  const margin = " ".repeat(number.length);
  const start = column !== undefined && column > MOST_COLUMNS ? column - MOST_COLUMNS / 2 : 0;
  const shown = escapeControls(text.slice(start, start + MOST_COLUMNS).replaceAll("\t", " "));
  const lines = [`${style.stack(`  ${number} |`)} ${shown}`];
  if (column !== undefined && column <= text.length + 1)
    lines.push(`${style.stack(`  ${margin} |`)} ${" ".repeat(Math.max(0, column - start - 1))}${style.mark("^")}`);
  return lines.map((one) => below + one).join("");
}

interface Call {
  readonly module: string;
  readonly fun: string;
  readonly args: readonly unknown[];
}

/** The call that `[module, function, arguments]` stands for, `undefined` if it is another list of three. */
function callOf(value: unknown): Call | undefined {
  const items = itemsOf(value);
  if (items === undefined || items.length < 3 || items.length > 4) return undefined;
  const [mod, fun] = items;
  const args = itemsOf(items[2]);
  const module =
    moduleNameOf(mod) ??
    (typeof mod === "string" && (MODULE.test(mod) || LOWER_CASE_MODULES.has(mod)) ? mod : undefined);
  if (module === undefined || typeof fun !== "string" || !FUNCTION.test(fun) || args === undefined || args.length > 255)
    return undefined;
  return { module: escapeControls(module), fun, args };
}

function callText({ module, fun, args }: Call, options: InspectOptions): string {
  const line = { ...options, breakLength: Infinity };
  return `${module}.${fun}(${args.map((arg) => inspect(arg, line)).join(", ")})`;
}

/** The items of a plain list, read without running any code of it. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null || types.isProxy(value) || !Array.isArray(value)) return undefined;
  const items: unknown[] = [];
  // Nothing looks further than one past the longest list that means something.
  for (let i = 0; i < Math.min(value.length, 256); i++) items.push(Object.getOwnPropertyDescriptor(value, i)?.value);
  return items;
}

function indent(text: string, joiner: string): string {
  return text.replaceAll("\n", joiner);
}
