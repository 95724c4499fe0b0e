/**
 * How many bytes may be queued for a node, where the largest signal among them takes `largest`: `limit`, and beside a
 * signal that leaves less than half of that, or is larger itself, half of it.
 */
export function roomBeside(largest: number, limit: number): number {
  return Math.max(limit, largest + limit / 2);
}
