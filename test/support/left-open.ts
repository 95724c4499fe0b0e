/** Sockets close, and children are reaped, some time after they were told to. Wide: only a failure waits so long. */
const graceMs = 30_000;

/** Kinds that say nothing of the code under test: a file being read, a turn that is about to run. */
const passing = new Set(["FSReqCallback", "FSReqPromise", "Immediate", "TickObject", "CloseReq"]);

/** What is in `now` more often than in `before`. */
export function opened(before: readonly string[], now: readonly string[]): string[] {
  const known = [...before];
  return now.filter((kind) => {
    if (passing.has(kind)) return false;
    const index = known.indexOf(kind);
    if (index < 0) return true;
    known.splice(index, 1);
    return false;
  });
}

/** The kinds of resources (`TCPServerWrap`, `Timeout`, `ProcessWrap` …) that hold this process open and were not in `before`. */
export async function leftOpen(before: readonly string[]): Promise<string[]> {
  const started = performance.now();
  for (;;) {
    const left = opened(before, process.getActiveResourcesInfo());
    if (left.length === 0 || performance.now() - started > graceMs) return left;
    // Unreferenced, so that it is not counted itself; the worker's channel keeps the loop alive meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 10).unref());
  }
}
