/** The first `limit` of `items` by `compare`, in order. Looks at each once and holds few: a node may have a million processes. */
export function top<T>(items: Iterable<T>, limit: number, compare: (a: T, b: T) => number): T[] {
  const most = Math.max(1, limit) * 2;
  let kept: T[] = [];
  let worst: T | undefined;
  for (const item of items) {
    if (worst !== undefined && compare(item, worst) >= 0) continue;
    if (kept.push(item) < most) continue;
    kept = kept.sort(compare).slice(0, limit);
    worst = kept.at(-1);
  }
  return kept.sort(compare).slice(0, limit);
}
