/**
 * A loop that awaits what is there already never lets timers, sockets or keys have their turn, and would stop the whole
 * node, for good; a function that awaits and calls itself is one too. In its loops and functions evaluated code awaits by
 * way of this: it makes way now and then, and can be stopped. An await takes some 10 ns more for it.
 */

import { inspect } from "../term/inspect.ts";

/** How long evaluated code may keep the rest of the program from its turn by awaiting alone, in milliseconds. */
const SLICE_MS = 50;

/** The clock is read at every so many awaits. */
const EVERY = 64;

let awaited = 0;
let since: number | undefined;
const checks: (() => void)[] = [];

/** Has `check` called at every await in a loop or function of evaluated code from now on; what it throws, the await does. */
export function checkLoops(check: () => void): void {
  checks.push(check);
}

/** What evaluated code awaits for `value`: the value itself, or a promise of it that lets others have their turn first. */
export function turn<T>(value: T): T | Promise<Awaited<T>> {
  for (const check of checks) check();
  return ++awaited % EVERY === 0 && isDue() ? afterOthers(value) : value;
}

type Items<T> = AsyncIterable<T> | Iterable<T | Promise<T>>;

/** The same for `for await`: the items of `items`. Throws a `TypeError` if it has none. */
export function turns<T>(items: Items<T>): AsyncGenerator<T> {
  const given = items as unknown as Record<symbol, unknown> | null | undefined;
  const has = (key: symbol): boolean => typeof given?.[key] === "function";
  if (has(Symbol.asyncIterator) || has(Symbol.iterator)) return itemsInTurn(items);
  throw new TypeError(`${inspect(items, { depth: 0 })} is not async iterable`);
}

async function* itemsInTurn<T>(items: Items<T>): AsyncGenerator<T> {
  for await (const item of items) yield await turn(item);
}

/** Whether the program has had no turn for a while. */
function isDue(): boolean {
  if (since !== undefined) return performance.now() - since > SLICE_MS;
  since = performance.now();
  setImmediate(() => (since = undefined));
  return false;
}

function afterOthers<T>(value: T): Promise<Awaited<T>> {
  const settled = Promise.resolve(value);
  // Somebody does await it, only later.
  settled.catch(() => undefined);
  return new Promise((resolve) => setImmediate(() => resolve(settled)));
}
