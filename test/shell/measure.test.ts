import { describe, expect, onTestFinished, test } from "vitest";
import { LocalNode } from "../../src/node/local-node.ts";
import { current } from "../../src/process/context.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { type Progress, watchProgress } from "../../src/process/progress.ts";
import { receive } from "../../src/process/receive.ts";
import { type BenchOptions, measure, type Outcome } from "../../src/shell/measure.ts";
import { MoebiError } from "../../src/term/error.ts";

function open(): LocalNode {
  const node = new LocalNode({ name: "alex@localhost", log: () => undefined });
  onTestFinished(() => node.stop());
  return node;
}

function run(options: BenchOptions, ...functions: (() => unknown)[]): Promise<Outcome> {
  return open().run(() => measure(current(), functions, options));
}

describe("measure()", () => {
  test("makes exactly so many calls, and those before, and measures them alone", async () => {
    let made = 0;
    const { measured, interrupted } = await run({ calls: 50, warmup: 7 }, () => ++made);
    expect([made, measured[0]?.latencies.count, interrupted]).toEqual([57, 50, false]);
  });

  test("has no more calls under way at once than it is told, and no fewer", async () => {
    let [underWay, most] = [0, 0];
    await run({ calls: 40, concurrency: 4, warmup: 0 }, async () => {
      most = Math.max(most, ++underWay);
      await Process.sleep(1);
      underWay--;
    });
    expect([most, underWay]).toEqual([4, 0]);
  });

  test("counts failures by reason, code or name, and goes on", async () => {
    const failures = [
      () => exit(["timeout", ["GenServer", "call", []]]),
      () => Promise.reject(new MoebiError("noconnection", "gone")),
      () => {
        throw new RangeError("x");
      },
      () => Promise.reject("word"),
    ];
    let call = 0;
    const { measured } = await run({ calls: 8, warmup: 0 }, () => failures[call++ % 4]?.());
    expect(Object.fromEntries(measured[0]?.errors ?? [])).toEqual({
      timeout: 2,
      noconnection: 2,
      RangeError: 2,
      throw: 2,
    });
    expect(measured[0]?.latencies.count).toBe(0);
  });

  test("takes turns between several, each of which gets as many calls as any", async () => {
    let order = "";
    const { measured } = await run(
      { calls: 45, warmup: 0 },
      () => (order += "a"),
      () => (order += "b"),
    );
    expect(measured.map(({ latencies }) => latencies.count)).toEqual([45, 45]);
    expect(order.match(/a+/gu)).toHaveLength(20);
    expect(order.match(/b+/gu)).toHaveLength(20);
  });

  test("an interrupt ends it with what was measured, even if a call never ends", async () => {
    const node = open();
    let made = 0;
    const stuck = Promise.withResolvers<void>();
    const measuring = node.run(async () => {
      const process = current();
      void stuck.promise.then(() => process.interrupt(new MoebiError("interrupted", "Evaluation interrupted")));
      return measure(
        process,
        [
          () => {
            if (++made < 4) return undefined;
            stuck.resolve();
            return new Promise(() => undefined);
          },
        ],
        { warmup: 0 },
      );
    });
    const { measured, interrupted } = await measuring;
    expect([measured[0]?.latencies.count, measured[0]?.errors.size, interrupted]).toEqual([3, 0, true]);
  });

  test("a call that fails because of the interrupt is no failure of the call", async () => {
    const node = open();
    const outcome = await node.run(async () => {
      const process = current();
      setImmediate(() => process.interrupt(new MoebiError("interrupted", "Evaluation interrupted")));
      return measure(process, [() => receive(() => false)], { warmup: 0 });
    });
    expect([outcome.interrupted, outcome.measured[0]?.errors.size]).toEqual([true, 0]);
  });

  test("tells how far it is", async () => {
    const node = open();
    const seen: [string, number, number | undefined][] = [];
    let progress: Progress | undefined;
    onTestFinished(
      watchProgress(node.runtime, (event, now) => {
        progress = now;
        seen.push([event, now.done, now.total]);
      }),
    );
    let most = 0;
    await node.run(() =>
      measure(current(), [() => (most = Math.max(most, progress?.done ?? 0))], { calls: 10, warmup: 0 }),
    );
    expect(seen).toEqual([
      ["begin", 0, 10],
      ["end", 10, 10],
    ]);
    expect(most).toBe(9);
  });

  test.each<[object, string]>([
    [{ calls: 0 }, "calls"],
    [{ calls: 1.5 }, "calls"],
    [{ calls: "10" }, "calls"],
    [{ duration: -1 }, "duration"],
    [{ duration: Infinity }, "duration"],
    [{ concurrency: 0 }, "concurrency"],
    [{ warmup: -1 }, "warmup"],
  ])("throws badarg for %j, and names the option", async (options, name) => {
    await expect(run(options, () => 1)).rejects.toMatchObject({
      code: "badarg",
      message: expect.stringContaining(name) as string,
    });
  });
});
