import { IO } from "../../io/io.ts";
import { current } from "../../process/context.ts";
import { checkOptions } from "../../otp/options.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { BENCH_OPTIONS, type BenchOptions, measure } from "../measure.ts";
import { Comparison, Measurement } from "../measurement.ts";
import type { Helper } from "./context.ts";

type Functions = Readonly<Record<string, () => unknown>>;

/**
 * How long calls take, here or on other nodes.
 *
 * ```ts
 * class Counter extends GenServer { count = 0; handleCall(request: "next") { return ++this.count } }
 * await GenServer.startLink(Counter, undefined, { name: Counter });
 * const next = await bench(() => GenServer.call(Counter, "next"), { calls: 100, concurrency: 4, warmup: 10 });
 * [next.calls, next.errors]; // [100, {}]
 * await GenServer.call(Counter, "next"); // 111
 * ```
 */
export const bench: Helper = {
  name: "bench",
  usage: ["bench(fn, options)", "bench({ a: fn, b: fn }, options)"],
  doc:
    "Measures calls of a function, remote ones for instance: how many a second, how long they take at the median, for 95 " +
    "and 99 of 100, and at most, and how many failed, by code. Of several functions it compares them, taking turns. " +
    "Gives an object with the numbers, times in milliseconds: `calls`, `callsPerSecond`, `min`, `median`, `p95`, `p99`, " +
    "`max`, `errors`, `seconds`, or one such by name. Ctrl+C ends it, and what was measured is printed.\n\n" +
    "Options: `calls`, how many are measured; `duration`, for how many milliseconds (3000, without `calls`); " +
    "`concurrency`, how many at once (1); `warmup`, how many calls before that are not measured (as many as 200 ms allow). " +
    "Throws `badarg` for others, and for what is no function. Fails with what fails in a call only by counting it.\n\n" +
    '```ts\nbench(() => GenServer.call(Counter, "next"), { calls: 10_000, concurrency: 10 })\n' +
    'bench({ near: () => rpc.call(node(), "Process", "list"), far: () => rpc.call("kate@localhost", "Process", "list") })\n```',
  make:
    () =>
    async (given: unknown, options: BenchOptions = {}) => {
      checkOptions("bench()", options, [...BENCH_OPTIONS]);
      const functions = functionsOf(given);
      const { measured, interrupted } = await measure(current(), Object.values(functions), options);
      const all = Object.keys(functions).map((name, index) => {
        const one = measured[index];
        if (one === undefined) throw new TypeError("Every function is measured");
        return [name, new Measurement(one)] as const;
      });
      const [only] = all;
      const result =
        typeof given === "function" && only !== undefined ? only[1] : new Comparison(Object.fromEntries(all));
      // The prompt has told of the interrupt already, and shows no value.
      if (interrupted) await IO.puts(inspect(result, { custom: true }));
      return result;
    },
};

function functionsOf(given: unknown): Functions {
  if (typeof given === "function") return { "": given as () => unknown };
  const named = typeof given === "object" && given !== null ? Object.entries(given) : [];
  const wrong = named.find(([, fn]) => typeof fn !== "function");
  if (named.length === 0 || wrong !== undefined) {
    const what =
      wrong === undefined ? inspect(given, { depth: 1 }) : `${inspect(wrong[1], { depth: 1 })} as ${wrong[0]}`;
    throw new ArgumentError(`bench() takes a function, or an object of functions by name, not ${what}`);
  }
  return Object.fromEntries(named);
}
