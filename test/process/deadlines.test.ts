import { beforeEach, describe, expect, test } from "vitest";
import { Deadlines } from "../../src/process/deadlines.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let deadlines: Deadlines;
let over: string[];
const note = (what: string) => (): void => void over.push(what);

beforeEach(() => {
  clock = new ManualClock();
  deadlines = new Deadlines(clock);
  over = [];
});

describe("set()", () => {
  test("calls when the time has passed, each limit at its own, in their order", () => {
    deadlines.set(100, note("first"));
    deadlines.set(30, note("short"));
    clock.advance(10);
    deadlines.set(100, note("second"));
    clock.advance(89);
    expect(over).toEqual(["short"]);
    clock.advance(1);
    expect(over).toEqual(["short", "first"]);
    clock.advance(9);
    expect(over).toEqual(["short", "first"]);
    clock.advance(1);
    expect(over).toEqual(["short", "first", "second"]);
  });

  test("needs one timer for all of one length, and none when they are over", async () => {
    for (let i = 0; i < 10; i++) deadlines.set(100, note("over"));
    expect(clock.waiting).toBe(1);
    clock.advance(100);
    await settled();
    expect([over.length, clock.waiting]).toEqual([10, 0]);
  });

  test("works again at once when all are over", () => {
    deadlines.set(100, note("one"));
    clock.advance(100);
    deadlines.set(100, note("two"));
    clock.advance(100);
    expect(over).toEqual(["one", "two"]);
  });

  test("what is called may set and clear others", async () => {
    const third = deadlines.set(120, note("third"));
    deadlines.set(100, () => {
      deadlines.set(100, note("again"));
      deadlines.clear(second);
      deadlines.clear(third);
    });
    const second = deadlines.set(100, note("second"));
    clock.advance(199);
    expect(over).toEqual([]);
    clock.advance(1);
    await settled();
    expect([over, clock.waiting]).toEqual([["again"], 0]);
  });

  test("never calls after Infinity", () => {
    expect(deadlines.set(Infinity, note("never"))).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });
});

describe("clear()", () => {
  test("takes one back and leaves the others, also if it was the next", () => {
    const [first, second] = [deadlines.set(100, note("first")), deadlines.set(100, note("second"))];
    clock.advance(50);
    deadlines.set(100, note("third"));
    deadlines.clear(first);
    deadlines.clear(second);
    deadlines.clear(second);
    clock.advance(99);
    expect(over).toEqual([]);
    clock.advance(1);
    expect(over).toEqual(["third"]);
  });

  test("keeps the timer while limits follow each other, and lets it go when none has for a turn", async () => {
    for (let i = 0; i < 3; i++) {
      deadlines.clear(deadlines.set(100, note("call")));
      expect(clock.waiting).toBe(1);
    }
    await settled();
    expect(clock.waiting).toBe(0);
    deadlines.set(100, note("later"));
    clock.advance(100);
    expect(over).toEqual(["later"]);
  });
});
