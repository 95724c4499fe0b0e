/** The name that was meant, of a name that does not exist. */

/**
 * The nearest of `names` to `wanted`, `undefined` if none is near: apart by letters that were left out, doubled or
 * swapped, in longer names also mistaken, or by the case alone.
 */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  if (wanted.length < 3) return undefined;
  const most = Math.max(1, Math.floor(wanted.length / 4));
  let best: string | undefined;
  let least = most + 0.5;
  for (const name of names) {
    if (name === wanted || name.length < 2 || Math.abs(name.length - wanted.length) > most) continue;
    const sameLetters = name.toLowerCase() === wanted.toLowerCase();
    const distance = sameLetters ? 0.5 : distanceBetween(wanted, name, wanted.length > 4 ? 1 : 2);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** How many letters have to be put in, left out, swapped with the next, or (each for `mistake`) changed. */
function distanceBetween(a: string, b: string, mistake: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : mistake));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? Infinity;
}
