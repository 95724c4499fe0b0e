import { registerStruct } from "../term/codec-struct.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import type { Process } from "../process/process.ts";

declare const VALUE: unique symbol;

/**
 * A task that somebody waits for: who runs it, the reference of its answer and of its monitor, and who may await it.
 * Plain data: it can be sent, printed and compared by its `ref`.
 */
export class TaskStruct<T = unknown> {
  // Printed under this name, and kept so by bundlers that rename classes.
  static readonly name = "Task";

  /** `null` for a task that was complete from the start. */
  readonly pid: Pid | null;
  readonly ref: Ref;
  readonly owner: Pid;
  /** What its function gives. In types only. */
  declare readonly [VALUE]?: T;

  constructor(pid: Pid | null, ref: Ref, owner: Pid) {
    this.pid = pid;
    this.ref = ref;
    this.owner = owner;
  }
}

registerStruct<TaskStruct>("Task", {
  is: (value) => value instanceof TaskStruct,
  take: ({ pid, ref, owner }) => [pid, ref, owner],
  make: ([pid, ref, owner]) => {
    if (!((pid === null || isPid(pid)) && isRef(ref) && isPid(owner)))
      throw new ArgumentError("A task has a pid, a reference and an owner");
    return new TaskStruct(pid, ref, owner);
  },
});

/** Throws `badarg` unless `task` is one and `process` its owner. */
export function checkOwner(task: unknown, process: Process): asserts task is TaskStruct {
  if (!(task instanceof TaskStruct))
    throw new ArgumentError(
      `This needs a task, as Task.async gives it, not ${inspect(task, { depth: 1, maxItems: 3 })}`,
    );
  if (task.owner !== process.pid) {
    throw new ArgumentError(
      `Task ${inspect(task, { breakLength: Infinity })} must be queried from the owner but was queried from ${inspect(process.pid)}`,
    );
  }
}
