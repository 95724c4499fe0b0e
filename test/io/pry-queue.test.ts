import { describe, expect, test } from "vitest";
import { PryQueue } from "../../src/io/pry-queue.ts";
import { Runtime } from "../../src/process/runtime.ts";

const runtime = new Runtime();
const [one, two, session] = [runtime.makePid(), runtime.makePid(), runtime.makePid()];
const never = new AbortController().signal;

/** Whether it has come to that, once all has settled that can. */
async function done(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await new Promise(setImmediate);
  return settled;
}

describe("PryQueue", () => {
  test("gives the turn to one process at a time, and to the prompt when all are done", async () => {
    const queue = new PryQueue();
    await queue.turn(one, never);
    const second = queue.turn(two, never);
    const prompt = queue.idle(never);
    const first = { pried: one, session };
    queue.enter(first);
    expect([queue.current, await done(second), await done(prompt)]).toEqual([first, false, false]);
    queue.leave(first);
    expect([await done(second), await done(prompt)]).toEqual([true, false]);
    queue.giveUp();
    expect(await done(prompt)).toBe(true);
  });

  test("puts what the same process asks for on top", async () => {
    const queue = new PryQueue();
    await queue.turn(one, never);
    const outer = { pried: one, session };
    queue.enter(outer);
    await queue.turn(one, never);
    const inner = { pried: one, session: two };
    queue.enter(inner);
    expect(queue.current).toBe(inner);
    queue.leave(inner);
    expect(queue.current).toBe(outer);
  });

  test("waits no longer for whoever has gone", async () => {
    const queue = new PryQueue();
    await queue.turn(one, never);
    const gone = new AbortController();
    const second = queue.turn(two, gone.signal);
    const third = queue.turn(two, never);
    gone.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    queue.giveUp();
    await third;
    await expect(queue.idle(gone.signal)).rejects.toThrow("gone");
  });
});
