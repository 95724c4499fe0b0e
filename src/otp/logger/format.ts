import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { type Hue, sgrOf } from "../../term/palette.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Level, LogEntry } from "../../process/log.ts";

/** What a line shows of an entry, as text with parts: `"$time [$level] $node$metadata$message"`. */
export const DEFAULT_FORMAT = "$time [$level] $node$metadata$message";

/** The colours of Elixir's console: what is ordinary has none. */
const HUES: Readonly<Record<Level, Hue | undefined>> = {
  debug: "cyan",
  info: undefined,
  notice: undefined,
  warning: "yellow",
  error: "red",
  critical: "red",
  alert: "red",
  emergency: "red",
};

/** How entries become lines. */
export interface FormatOptions {
  /**
   * Text with `$date`, `$time`, `$level`, `$node` (`[name] ` on what came from another node), `$metadata`
   * (`key=value ` of the keys chosen) and `$message` in it.
   */
  readonly format?: string;
  /** The keys of the metadata that `$metadata` shows, in this order; `"all"` for what there is. None unless told. */
  readonly metadata?: readonly string[] | "all";
}

/** Turns an entry into a line without its end. `colours` puts the level's colour round it. */
export type Formatter = (entry: LogEntry, viewer: NodeName, colours?: boolean) => string;

type Part = (entry: LogEntry, viewer: NodeName) => string;

/** A formatter for these options. Throws `badarg` for a part that there is not. */
export function compileFormat({ format = DEFAULT_FORMAT, metadata = [] }: FormatOptions = {}): Formatter {
  if (typeof format !== "string") throw new ArgumentError(`A log format is a text, not ${inspect(format)}`);
  const parts = format.split(/(\$[a-zA-Z]+)/).map((text) => (text.startsWith("$") ? partNamed(text, metadata) : text));
  return (entry, viewer, colours = false) => {
    let line = "";
    for (const part of parts) line += typeof part === "string" ? part : part(entry, viewer);
    const hue = colours ? HUES[entry.level] : undefined;
    return hue === undefined ? line : `\x1b[${String(sgrOf(hue))}m${line}\x1b[0m`;
  };
}

function partNamed(text: string, keys: readonly string[] | "all"): Part {
  switch (text) {
    case "$date":
      return ({ time }) => dateOf(new Date(time));
    case "$time":
      return ({ time }) => timeOf(new Date(time));
    case "$level":
      return ({ level }) => level;
    case "$node":
      return ({ node }, viewer) => (node === viewer ? "" : `[${node}] `);
    case "$message":
      return ({ message }) => message;
    case "$metadata":
      return ({ metadata }) => shown(metadata, keys);
    default:
      throw new ArgumentError(
        `A log format has no part "${text}"; it has $date, $time, $level, $node, $metadata and $message`,
      );
  }
}

function shown(metadata: LogEntry["metadata"], keys: readonly string[] | "all"): string {
  if (metadata === undefined) return "";
  return (keys === "all" ? Object.keys(metadata) : keys)
    .filter((key) => Object.hasOwn(metadata, key) && metadata[key] !== undefined)
    .map((key) => `${key}=${valueOf(metadata[key])} `)
    .join("");
}

function valueOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

const two = (part: number): string => String(part).padStart(2, "0");

function dateOf(time: Date): string {
  return `${String(time.getFullYear())}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function timeOf(time: Date): string {
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** `text` cut to so many bytes of UTF-8, at the border of a character, with a mark that it was cut. */
export function truncate(text: string, maxBytes: number): string {
  // A character takes at most three bytes for each unit of its length: no need to count what can't be too long.
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.min(maxBytes, text.length * 3)));
  return read === text.length ? text : `${text.slice(0, read)} (truncated)`;
}
