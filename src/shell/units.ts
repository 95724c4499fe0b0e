/** Numbers as people read them, short enough for a column. */

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `512 B`, `1.5 KiB`, `20 MiB`. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < BYTES.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${BYTES[unit] ?? ""}`;
}

/** `950`, `12k`, `3.4M`. */
export function short(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 9999.5 && unit < 3) {
    value /= 1000;
    unit++;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return text + (["", "k", "M", "G"][unit] ?? "");
}

/** Milliseconds as the two largest units: `4 s`, `1 min 4 s`, `2 h 3 min`, `5 d 1 h`. */
export function since(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (large: number, unit: string, small: number, smaller: string): string =>
    `${String(large)} ${unit}${small > 0 ? ` ${String(small)} ${smaller}` : ""}`;
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  if (seconds < 86_400) return two(Math.floor(seconds / 3600), "h", Math.floor(seconds / 60) % 60, "min");
  return two(Math.floor(seconds / 86_400), "d", Math.floor(seconds / 3600) % 24, "h");
}

/** A round trip: `0.42 ms`, `12 ms`, `1.2 s`. */
export function trip(ms: number): string {
  if (ms < 9.95) return `${ms < 0.995 ? ms.toFixed(2) : ms.toFixed(1)} ms`;
  return ms < 999.5 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const BARS = "▁▂▃▄▅▆▇█";

/** The last `width` of `values` as bars, the highest of them as the highest bar. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(0, ...shown);
  const bars = shown.map((value) => BARS[most === 0 ? 0 : Math.ceil((value / most) * (BARS.length - 1))]);
  return bars.join("").padStart(width);
}

/** How long something took, in three digits: `0.85 µs`, `12.3 µs`, `1.23 ms`, `4.56 s`. */
export function duration(ms: number): string {
  const units = [
    [1e-3, "µs"],
    [1, "ms"],
    [1000, "s"],
  ] as const;
  const [size, unit] = units.findLast(([least]) => ms >= least * 0.9995) ?? units[0];
  const value = ms / size;
  return `${value < 0.1 ? value.toFixed(3) : value.toFixed(Math.max(0, value < 9.995 ? 2 : value < 99.95 ? 1 : 0))} ${unit}`;
}
