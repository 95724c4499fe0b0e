/**
 * esbuild is a program beside ours, with some 60 MB of its own, which wakes this one every second. Most statements don't
 * need it, so it runs while it is used, and a little longer.
 */
import type * as Esbuild from "esbuild";

/** How long it is kept after the last use, in milliseconds: somebody who types annotations will do so again. */
const IDLE_MS = 30_000;

let users = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * Gives what `use` gives. esbuild is started if it doesn't run, and ends when nobody has used it for `idleMs`
 * milliseconds. Fails as `use` does, and with what the system says if esbuild can't be started.
 */
export async function withEsbuild<T>(use: (esbuild: typeof Esbuild) => Promise<T>, idleMs = IDLE_MS): Promise<T> {
  clearTimeout(idle);
  users += 1;
  try {
    return await use(await import("esbuild"));
  } finally {
    users -= 1;
    if (users === 0) idle = setTimeout(() => void end(), idleMs).unref();
  }
}

async function end(): Promise<void> {
  const { stop } = await import("esbuild");
  if (users === 0) await stop();
}
