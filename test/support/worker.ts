import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import type { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { current } from "../../src/process/context.ts";
import { startProcess } from "../../src/otp/start.ts";
import type { Pid } from "../../src/term/pid.ts";
import type { ChildSpec } from "../../src/otp/child-spec.ts";

/** How a worker behaves beside the usual. */
export interface WorkerOptions {
  /** What `startLink` gives instead of a pid, or with `["pid", extra]` beside it. */
  readonly gives?: unknown;
  /** Takes so many milliseconds to end when told to. */
  readonly lingers?: number;
  /** Does not end when told to. */
  readonly stubborn?: boolean;
}

/** Which starts of workers fail next, by id: each entry is the reason of one. */
export const failures = new Map<unknown, unknown[]>();

/**
 * Defines the module `Worker`, whose processes tell their owner `["start", id, pid]` and, if ended in good order,
 * `["stop", id]`. They exit with the reason of a message `["exit", reason]`.
 */
export function defineWorker(runtime: Runtime): void {
  failures.clear();
  runtime.modules.define("Worker", {
    async startLink(owner: Pid, id: unknown, options: WorkerOptions = {}): Promise<unknown> {
      const failure = failures.get(id)?.shift();
      if (failure !== undefined) {
        send(owner, ["fail", id]);
        throw failure;
      }
      if ("gives" in options && !Array.isArray(options.gives)) return options.gives;
      const pid = await startProcess(
        current(),
        () => {
          Process.flag("trapExit", true);
          send(owner, ["start", id, self()]);
          return () => live(owner, id, options);
        },
        { link: true, initialCall: "Worker.init/1" },
      );
      return Array.isArray(options.gives) ? [pid, ...(options.gives as unknown[])] : pid;
    },
  });
}

async function live(owner: Pid, id: unknown, { lingers, stubborn = false }: WorkerOptions): Promise<void> {
  for (;;) {
    const [tag, ...rest] = (await receive()) as readonly unknown[];
    if (tag === "exit") exit(rest[0]);
    if (tag === "unlink") Process.unlink(rest[0] as Pid);
    if (tag === "EXIT" && !stubborn) {
      if (lingers !== undefined) await Process.sleep(lingers);
      send(owner, ["stop", id]);
      exit(rest[1]);
    }
  }
}

/** The spec of a worker of the caller's. */
export function worker(id: unknown, spec: Partial<ChildSpec> = {}, options: WorkerOptions = {}): ChildSpec {
  return { id, start: ["Worker", "startLink", [self(), id, options]], ...spec };
}

/** Takes the next `count` messages of workers, as `start a` or `stop a`. */
export async function marks(count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const [tag, id] = await receive<readonly unknown[]>(isMark);
    seen.push(`${String(tag)} ${String(id)}`);
  }
  return seen;
}

const isMark = (message: unknown): boolean =>
  Array.isArray(message) && ["start", "stop", "fail"].includes(message[0] as string);
