import { beforeEach, describe, expect, test } from "vitest";
import { processTable, Sample } from "../../../src/node/observed/process-table.ts";
import type { ProcessQuery } from "../../../src/node/observed/types.ts";
import type { Process } from "../../../src/process/process.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { ManualClock } from "../../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;

beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ name: "a@localhost", clock, log: () => undefined });
});

/** A process that takes nothing out of its mailbox. */
function idle(initialCall: string, messages = 0, name?: string): Process {
  const process = runtime.spawn(() => new Promise(() => undefined), { initialCall });
  if (name !== undefined) runtime.register(process, name);
  for (let i = 0; i < messages; i++) runtime.deliver(process, i);
  return process;
}

const names = (query: ProcessQuery, sample?: Sample): string[] =>
  processTable(runtime, query, sample).rows.map(({ name, initialCall }) => name ?? initialCall);

describe("processTable()", () => {
  test("sorts by mailbox, the fullest first, and the other way round", () => {
    idle("one", 1);
    idle("three", 3);
    idle("none");
    expect(names({ sort: "mailbox" })).toEqual(["three", "one", "none"]);
    expect(names({ sort: "mailbox", reverse: true })).toEqual(["none", "one", "three"]);
  });

  test("sorts by name, those without one last", () => {
    idle("b/0");
    idle("z", 0, "Zoe");
    idle("a/0");
    idle("a", 0, "Amy");
    expect(names({ sort: "name" })).toEqual(["Amy", "Zoe", "a/0", "b/0"]);
  });

  test("sorts by age, the oldest first", async () => {
    idle("old");
    await Promise.resolve();
    clock.advance(1000);
    idle("young");
    expect(names({ sort: "age" })).toEqual(["old", "young"]);
    expect(processTable(runtime, { sort: "age" }).rows.map(({ age }) => age)).toEqual([1000, 0]);
  });

  test("sorts by memory, the most first: a few large messages before many small ones", () => {
    idle("small", 100);
    runtime.deliver(idle("large"), "x".repeat(100_000));
    idle("nothing");
    expect(names({ sort: "memory" })).toEqual(["large", "small", "nothing"]);
    expect(processTable(runtime, { sort: "memory" }).rows.at(-1)?.memory).toBe(0);
  });

  test("counts messages handled apart from those that wait", () => {
    const busy = idle("busy", 5);
    busy.mailbox.shift();
    busy.mailbox.shift();
    expect(processTable(runtime, {}).rows[0]).toMatchObject({ mailbox: 3, handled: 2 });
  });

  test("reckons messages a second since the sample, also of processes younger than it", () => {
    const before = idle("before", 10);
    before.mailbox.clear();
    const sample = new Sample(runtime);
    expect(sample.isOld(runtime.uptime)).toBe(false);
    clock.advance(2000);
    runtime.deliver(before, "more");
    runtime.deliver(before, "and more");
    before.mailbox.clear();
    const after = idle("after", 6);
    after.mailbox.clear();
    const { rows } = processTable(runtime, { sort: "rate" }, sample);
    expect(rows.map(({ initialCall, rate }) => [initialCall, rate])).toEqual([
      ["after", 3],
      ["before", 1],
    ]);
    expect(sample.isOld(runtime.uptime)).toBe(true);
  });

  test("takes those whose name, call or pid has the text in it, and counts them", () => {
    idle("Till.init/1", 0, "Till");
    idle("tills/0");
    const other = idle("other/0");
    expect(names({ filter: "till" })).toEqual(["Till", "tills/0"]);
    expect(names({ filter: `<0.${String(other.pid.id)}.0>` })).toEqual(["other/0"]);
    expect(processTable(runtime, { filter: "TILL", limit: 1 })).toMatchObject({ matching: 2, total: 3, rows: [{}] });
  });

  test.each([{ sort: "colour" }, { limit: 0 }, { limit: 1.5 }, { filter: 7 }])("refuses %j", (query) => {
    expect(() => processTable(runtime, query as ProcessQuery)).toThrow(expect.objectContaining({ code: "badarg" }));
  });
});
