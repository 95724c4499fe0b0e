import { describe, expect, onTestFinished, test } from "vitest";
import { Runtime } from "../../src/process/runtime.ts";
import { factsOf, readFacts, RemoteStatus } from "../../src/shell/remote-status.ts";
import { type Facts, textOf } from "../../src/shell/status.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

const facts: Facts = { node: "app@localhost", peers: [], messages: 0, news: undefined };

/** A row, with the answers of the node as they come. */
function opened() {
  const clock = new ManualClock();
  const asked: PromiseWithResolvers<Facts | undefined>[] = [];
  let changes = 0;
  const row = new RemoteStatus({
    node: "app@localhost",
    clock,
    ask: () => {
      const answer = Promise.withResolvers<Facts | undefined>();
      asked.push(answer);
      return answer.promise;
    },
    onChange: () => changes++,
  });
  return { clock, asked, row, changes: () => changes };
}

describe("RemoteStatus", () => {
  test("shows what the node told last, and asks again a second after the answer, not before", async () => {
    const { clock, asked, row, changes } = opened();
    expect([textOf(row.parts(80)), asked.length]).toEqual(["", 1]);
    clock.advance(10_000);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve(facts);
    await settled();
    expect([textOf(row.parts(80)), changes()]).toEqual(["app@localhost · no peers", 1]);
    clock.advance(999);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    asked[1]?.resolve({ ...facts, messages: 2 });
    await settled();
    expect([textOf(row.parts(80)), changes()]).toEqual([
      "app@localhost · 2 messages, flush() shows them · no peers",
      2,
    ]);
    clock.advance(1000);
    asked[2]?.resolve({ ...facts, messages: 2 });
    await settled();
    expect(changes()).toBe(2);
  });

  test("says that the node does not answer once that has lasted, and goes on asking", async () => {
    const { clock, asked, row } = opened();
    asked[0]?.resolve(facts);
    await settled();
    expect(row.late).toEqual([]);
    clock.advance(1000);
    asked[1]?.reject(new Error("timeout"));
    await settled();
    expect(textOf(row.parts(80))).toBe("");
    clock.advance(1000);
    asked[2]?.reject(new Error("timeout"));
    await settled();
    expect(textOf(row.parts(80))).toBe("app@localhost does not answer, for 2 s · Ctrl+G for another shell");
    expect(row.late).toEqual(row.parts(80));
    clock.advance(1000);
    asked[3]?.resolve(facts);
    await settled();
    expect([textOf(row.parts(80)), row.late]).toEqual(["app@localhost · no peers", []]);
  });

  test("asks no more once it is stopped", async () => {
    const { clock, asked, row, changes } = opened();
    row.stop();
    asked[0]?.resolve(facts);
    await settled();
    expect([changes(), clock.waiting]).toEqual([0, 0]);
  });
});

test("factsOf() counts the mailbox of the process that evaluates", () => {
  const runtime = new Runtime({ name: "alex@localhost", log: () => undefined });
  onTestFinished(() => runtime.stop());
  const process = runtime.spawn(() => new Promise(() => undefined));
  runtime.deliver(process, "one");
  expect(factsOf(runtime, process.pid)).toEqual({ ...facts, node: "alex@localhost", messages: 1 });
  expect(factsOf(runtime, undefined).messages).toBe(0);
});

test("readFacts() takes no answer that could put something else on the screen", () => {
  expect(readFacts({ node: "app@localhost", peers: ["a@b", "\u001b[2J@x", 1], messages: 1 })).toEqual({
    ...facts,
    peers: ["a@b"],
    messages: 1,
  });
  for (const answer of [null, "x", {}, { ...facts, node: "\u001b@x" }, { ...facts, messages: "1" }])
    expect(readFacts(answer)).toBeUndefined();
});
