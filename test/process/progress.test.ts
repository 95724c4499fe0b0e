import { describe, expect, onTestFinished, test } from "vitest";
import { type Progress, tellProgress, watchProgress } from "../../src/process/progress.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { LocalNode } from "../../src/node/local-node.ts";
import { Task } from "../../src/otp/task.ts";

describe("tellProgress()", () => {
  test("counts nothing where nobody watches", () => {
    const runtime = new Runtime({ log: () => undefined });
    onTestFinished(() => runtime.stop());
    const process = runtime.spawn(() => new Promise(() => undefined));
    expect(tellProgress(process, "work", 3)).toBeUndefined();
    watchProgress(runtime, () => undefined)();
    expect(tellProgress(process, "work", 3)).toBeUndefined();
  });

  test("Task.asyncStream tells how many of its inputs are done, and when it ends, also early", async () => {
    const node = new LocalNode({ name: "a@localhost", log: () => undefined });
    onTestFinished(() => node.stop());
    const seen: [string, string, number, number | undefined][] = [];
    let running: Progress | undefined;
    watchProgress(node.runtime, (event, progress) => {
      running = progress;
      seen.push([event, progress.label, progress.done, progress.total]);
    });
    await node.run(async () => {
      for await (const result of Task.asyncStream([1, 2, 3], (n: number) => Process.sleep(n), { maxConcurrency: 1 })) {
        expect(result).toEqual(["ok", "ok"]);
        expect(running?.done).toBe(1);
        break;
      }
    });
    expect(seen).toEqual([
      ["begin", "Task.asyncStream", 0, 3],
      ["end", "Task.asyncStream", 1, 3],
    ]);
  });
});
