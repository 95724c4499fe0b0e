import { awareOfSite, type Site } from "../code/site.ts";
import { IO } from "../io/io.ts";
import { processOrUndefined } from "../process/context.ts";
import { escapeControls } from "../term/escape.ts";
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { siteOfCompiled } from "./pry.ts";

/**
 * Prints a value with the code that gave it and the place, `[moebi(3):1: Kate.total/1]` and `price * 2 #=> 84`, and gives
 * the value itself, so that it can stand around any expression. Where the code is a program's, only the place is
 * known. Prints at the group leader; outside a process on standard output. Options are those of `inspect`.
 *
 * ```ts
 * dbg(6 * 7); // 42
 * ```
 */
export function dbg<T>(value: T, options?: InspectOptions): T {
  return show(siteOfCompiled(new Error()), value, options);
}

awareOfSite(dbg, (site) => (value: unknown, options?: InspectOptions) => show(site, value, options));

function show<T>(site: Site, value: T, options: InspectOptions = {}): T {
  const { fun, file, line, argument } = site;
  const place = `[${file}:${String(line)}${fun === undefined ? "" : `: ${fun}`}]`;
  const shown = inspect(value, { custom: true, ...options });
  const code = argument === "" ? "" : `${escapeControls(argument, { newlines: true })} #=> `;
  const text = `${escapeControls(place)}\n${code}${shown}\n\n`;
  const running = processOrUndefined();
  if (running === undefined) process.stdout.write(text);
  // What a dead process still shows goes nowhere.
  else if (running.alive) void IO.write(text);
  return value;
}
