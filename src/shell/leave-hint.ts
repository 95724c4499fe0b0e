/** What is said at a key that may end the last shell, and does not yet. */

/** At the first Ctrl+C on an empty line. */
export const LEAVE_HINT = "(Ctrl+C again to leave, or Ctrl+D)";

/** At a key that would end so many processes with the shell. */
export function runningHint(count: number, key: string): string {
  const what = count === 1 ? "1 process started here still runs" : `${String(count)} processes started here still run`;
  return `(${what}; ${key} again to leave)`;
}
