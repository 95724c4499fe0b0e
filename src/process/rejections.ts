import { hasCode } from "../term/error.ts";

let users = 0;

function onRejection(reason: unknown): void {
  // A process that was ended left a promise behind that nobody awaits: that is what ending it means.
  if (hasCode(reason, "dead") || hasCode(reason, "interrupted")) return;
  // Any other is the program's own, and is treated as if nobody listened.
  if (process.listenerCount("unhandledRejection") === 1) {
    setImmediate(() => {
      throw reason;
    });
  }
}

/**
 * Keeps the promises of dead processes from ending the program, as long as a node runs. Gives what takes it back.
 * Other rejections that nobody handles go on ending it, unless the program listens for them itself.
 */
export function claimRejections(): () => void {
  if (users++ === 0) process.on("unhandledRejection", onRejection);
  let done = false;
  return () => {
    if (done) return;
    done = true;
    if (--users === 0) process.off("unhandledRejection", onRejection);
  };
}
