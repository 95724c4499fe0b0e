import { inspect, type InspectOptions } from "../../term/inspect.ts";
import { coloured, type Hue } from "../../term/palette.ts";
import { isPid, type Pid } from "../../term/pid.ts";
import { isRef } from "../../term/ref.ts";
import type { Destination } from "../../process/destination.ts";
import type { ProcessEvent } from "../../process/tracer.ts";

/** What is told of a process, or of whoever calls a module's function. */
export type TraceEvent =
  | ProcessEvent
  | readonly ["receive", message: unknown]
  | readonly ["send", to: Destination, message: unknown]
  | readonly ["call", fun: string, args: readonly unknown[]]
  | readonly ["returned", fun: string, arity: number, value: unknown]
  | readonly ["exception", fun: string, arity: number, thrown: unknown];

const HUES: Readonly<Record<string, Hue>> = { receive: "green", send: "cyan", exit: "red", exception: "red" };
const OTHER = "magenta";

/** A line in the words of Erlang's `dbg`, at most `length` characters of it. `pid` is missing for code that is no process's. */
export function eventLine(pid: Pid | undefined, event: TraceEvent, options: InspectOptions, length: number): string {
  const shown = (value: unknown): string => inspect(value, { ...options, breakLength: Infinity, custom: false });
  const word = (text: string): string => (options.colors === true ? coloured(HUES[event[0]] ?? OTHER, text) : text);
  const head = `(${pid === undefined ? "no process" : shown(pid)})`;
  return cutColoured(`${head} ${textOf(event, shown, word)}`, length);
}

function textOf(event: TraceEvent, shown: (value: unknown) => string, word: (text: string) => string): string {
  switch (event[0]) {
    case "receive":
      return `${word("<<")} ${shown(event[1])}`;
    case "send":
      return `${destination(event[1], shown)} ${word("!")} ${shown(event[2])}`;
    case "call":
      return `${word("call")} ${event[1]}(${event[2].map(shown).join(", ")})`;
    case "returned":
      return `${word("returned from")} ${event[1]}/${String(event[2])} -> ${shown(event[3])}`;
    case "exception":
      return `${word("exception from")} ${event[1]}/${String(event[2])} ${shown(event[3])}`;
    case "spawn":
      return `${word("spawn")} ${shown(event[1])} as ${event[2]}`;
    case "spawned":
      return `${word("spawned")} by ${shown(event[1])} as ${event[2]}`;
    case "exit":
    case "register":
    case "unregister":
      return `${word(event[0])} ${shown(event[1])}`;
    case "link":
    case "unlink":
      return `${word(event[0])} ${shown(event[1])}`;
    case "gettingLinked":
      return `${word("getting linked")} ${shown(event[1])}`;
    case "gettingUnlinked":
      return `${word("getting unlinked")} ${shown(event[1])}`;
  }
}

/** A name is a name, and no text. */
function destination(to: Destination, shown: (value: unknown) => string): string {
  return isPid(to) || isRef(to) || Array.isArray(to) ? shown(to) : inspect(to);
}

const SGR = /\u001b\[[\d;]*m/gy;

/** The first `length` characters of a line, its colours, which take no room, not counted; `…` stands for the rest. */
export function cutColoured(line: string, length: number): string {
  let [seen, coloured] = [0, false];
  for (let at = 0; at < line.length; at++) {
    SGR.lastIndex = at;
    const colour = line.charCodeAt(at) === 0x1b ? SGR.exec(line)?.[0] : undefined;
    if (colour !== undefined) {
      coloured = true;
      at += colour.length - 1;
      continue;
    }
    if (++seen <= length) continue;
    const high = line.charCodeAt(at - 1);
    const whole = high >= 0xd800 && high <= 0xdbff ? at - 1 : at;
    return `${line.slice(0, whole)}${coloured ? "\u001b[0m" : ""}…`;
  }
  return line;
}
