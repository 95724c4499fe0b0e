/** What a bar is: something that is measured on real nodes and must not be beyond, or below, a figure. */

export interface Row {
  /** Of the bar, as the threat model calls it. */
  readonly id: string;
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** What it may be at most, must be at least, or must be. Without any it is only told. */
  readonly most?: number;
  readonly least?: number;
  readonly exactly?: number;
}

export interface Settings {
  /** How long nodes are killed under traffic. */
  readonly minutes: number;
  /** How many lines come from a remote node. */
  readonly lines: number;
  /** How many wrong proofs are tried. */
  readonly proofs: number;
}

export interface Bar {
  readonly id: string;
  /** Measures, and tells each figure as soon as it has it. */
  run(tell: (row: Omit<Row, "id">) => void, settings: Settings): Promise<void>;
}

/** Whether the figure is within the bar. */
export function passes({ measured, most = Infinity, least = -Infinity, exactly = measured }: Row): boolean {
  return measured <= most && measured >= least && measured === exactly;
}

/** One line of the table. */
export function lineOf(row: Row): string {
  const { id, what, measured, unit, most, least, exactly } = row;
  const bound = [
    most === undefined ? "" : `≤ ${shown(most)}`,
    least === undefined || most !== undefined ? "" : `≥ ${shown(least)}`,
    exactly === undefined ? "" : `= ${shown(exactly)}`,
  ].join("");
  const verdict = bound === "" ? "" : passes(row) ? "passed" : "MISSED";
  return `${id.padEnd(4)} ${what.padEnd(66)} ${`${shown(measured)} ${unit}`.padStart(14)}  ${bound.padStart(12)}  ${verdict}`;
}

function shown(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 });
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The value at that share (0 to 1) of the sorted values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const MB = 1024 * 1024;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
