import { expect, test } from "vitest";
import { TaskStruct } from "../../src/otp/task-struct.ts";
import { structByTag, structOf } from "../../src/term/codec-struct.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";

const pid = pidOf("alex@localhost", 7, 0, 1);
const task = new TaskStruct(pid, refOf("alex@localhost", 1, 9), pid);

test("a task crosses as its fields", () => {
  const [tag, codec] = structOf(task) ?? [];
  expect(tag).toBe("Task");
  expect(codec?.make(codec.take(task))).toEqual(task);
});

test("fields of a peer's that make no task are refused", () => {
  for (const fields of [[], [pid, pid, pid], [1, task.ref, pid], [pid, task.ref, null]])
    expect(() => structByTag("Task")?.make(fields)).toThrow("A task has");
});
