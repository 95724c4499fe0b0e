/** What `bench()` gives, and how it is shown. */
import stringWidth from "string-width";
import type { Latencies } from "./latencies.ts";
import { duration } from "./units.ts";

const CUSTOM = Symbol.for("nodejs.util.inspect.custom");

/** What was measured of one function. Times are milliseconds, of the calls that succeeded. */
export class Measurement {
  /** How many calls ended, those that failed among them. */
  readonly calls: number;
  /** Of the calls that succeeded, in all the time that was given to this function. */
  readonly callsPerSecond: number;
  /** `undefined`, as the following, if none succeeded. */
  readonly min: number | undefined;
  readonly median: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  /** How many calls failed, by the code or reason of their failure. */
  readonly errors: Readonly<Record<string, number>>;
  readonly seconds: number;

  constructor({ latencies, errors, ms }: Measured) {
    this.calls = latencies.count + [...errors.values()].reduce((sum, count) => sum + count, 0);
    this.seconds = ms / 1000;
    this.callsPerSecond = ms === 0 ? 0 : latencies.count / this.seconds;
    this.min = latencies.min;
    this.median = latencies.quantile(0.5);
    this.p95 = latencies.quantile(0.95);
    this.p99 = latencies.quantile(0.99);
    this.max = latencies.max;
    this.errors = Object.fromEntries([...errors].sort(([, a], [, b]) => b - a));
  }

  [CUSTOM](): string {
    return measurementText([["", this]]);
  }
}

/** What was measured of several, by their names. */
export class Comparison {
  constructor(measurements: Readonly<Record<string, Measurement>>) {
    Object.assign(this, measurements);
  }

  [CUSTOM](): string {
    return measurementText(Object.entries(this as unknown as Readonly<Record<string, Measurement>>));
  }
}

/** What is written down while it runs. */
export interface Measured {
  readonly latencies: Latencies;
  readonly errors: Map<string, number>;
  /** How long it ran. */
  ms: number;
}

/** Codes of errors that are told apart. */
const MOST_ERRORS = 4;

// Not made as this is loaded: the first of the program takes five megabytes.

/** `12,345` */
function grouped(count: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }).format(count);
}

/** `1.23` */
function few(value: number): string {
  return new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 }).format(value);
}

function rate(perSecond: number): string {
  return perSecond < 100 ? few(perSecond) : grouped(perSecond);
}

function errorsText(errors: Readonly<Record<string, number>>): string {
  const all = Object.entries(errors);
  const shown = all.slice(0, MOST_ERRORS).map(([code, count]) => `${grouped(count)} ${code}`);
  const others = all.slice(MOST_ERRORS).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) shown.push(`${grouped(others)} others`);
  return shown.length === 0 ? "none" : shown.join(", ");
}

/** A column for each function, and how much faster the fastest is than each other. */
export function measurementText(all: readonly (readonly [name: string, measured: Measurement])[]): string {
  const time = (ms: number | undefined): string => (ms === undefined ? "-" : duration(ms));
  const fastest = Math.max(...all.map(([, { callsPerSecond }]) => callsPerSecond));
  const columns = [
    ["", "calls", "calls/s", "min", "median", "p95", "p99", "max", "errors", ...(all.length > 1 ? ["slower by"] : [])],
    ...all.map(([name, one]) => [
      name,
      grouped(one.calls),
      rate(one.callsPerSecond),
      ...[one.min, one.median, one.p95, one.p99, one.max].map(time),
      errorsText(one.errors),
      ...(all.length > 1 ? [slower(one.callsPerSecond, fastest)] : []),
    ]),
  ];
  const rows = (columns[0] ?? []).map((_, row) =>
    columns
      .map((column) => {
        const width = Math.max(...column.map((cell) => stringWidth(cell)));
        const cell = column[row] ?? "";
        return cell + " ".repeat(width - stringWidth(cell));
      })
      .join("  ")
      .trimEnd(),
  );
  return rows.filter((row) => row !== "").join("\n");
}

function slower(perSecond: number, fastest: number): string {
  if (perSecond === fastest) return "-";
  return perSecond === 0 ? "no call succeeded" : `${few(fastest / perSecond)} times`;
}
