/** The events of an emitter, where one is named: those it has listeners for, and those that Node's own are known to tell. */
import { peekProperty, propertiesOf } from "../code/peek.ts";
import { types } from "node:util";
import { callAt, type Cursor } from "./cursor.ts";
import { inferBefore, type Names } from "./infer.ts";

const LISTENING = /^(?:on|once|off|addListener|removeListener|prependListener|listenerCount|emit)$/u;
const EVENT_TARGET = /^(?:add|remove)EventListener$/u;

/** What `process` tells. */
const PROCESS = [
  ...["SIGCONT", "SIGHUP", "SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGWINCH"],
  ...["beforeExit", "disconnect", "exit", "message", "rejectionHandled", "uncaughtException"],
  ...["uncaughtExceptionMonitor", "unhandledRejection", "warning", "worker"],
];

/** The events that the string at the cursor may name, `undefined` where it names none. */
export function eventsAt(cursor: Cursor, names: Names): readonly string[] | undefined {
  const innermost = cursor.open.at(-1);
  const call = innermost && callAt(cursor, innermost);
  if (innermost === undefined || call?.argument !== 0) return undefined;
  const method = call.callee.slice(call.callee.lastIndexOf(".") + 1);
  const isTarget = EVENT_TARGET.test(method);
  if (!call.callee.includes(".") || !(isTarget || LISTENING.test(method))) return undefined;
  const dot = cursor.masked.lastIndexOf(".", innermost.at);
  const end = cursor.masked[dot - 1] === "?" ? dot - 1 : dot;
  const holder = inferBefore(end, cursor.source, cursor.masked, names)?.value;
  if (holder === undefined || holder === null || types.isProxy(holder)) return undefined;
  if (isTarget) return propertiesOf(holder).has("aborted") ? ["abort"] : [];
  const listened = peekProperty(holder, "_events");
  if (typeof listened !== "object" || listened === null || types.isProxy(listened)) return undefined;
  return [...new Set([...Object.keys(listened), ...(holder === process ? PROCESS : [])])];
}
