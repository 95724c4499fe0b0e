import { describe, expect, test } from "vitest";
import { LinkedHashMap } from "../../src/process/linked-hash-map.ts";

/** A small generator of numbers, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

describe("a LinkedHashMap", () => {
  test("does what a Map does, whatever comes and goes", () => {
    const next = numbers(7);
    const map = new LinkedHashMap<number, string>();
    const model = new Map<number, string>();
    for (let i = 0; i < 20_000; i++) {
      // Grows to thousands, and shrinks to nothing again.
      const key = next(i % 8000 < 4000 ? 5000 : 50);
      if (next(3) > (i % 8000 < 4000 ? 0 : 1)) {
        map.set(key, `${key}:${i}`);
        model.set(key, `${key}:${i}`);
      } else expect(map.delete(key)).toBe(model.delete(key));
      const probe = next(5000);
      expect([map.get(probe), map.has(probe), map.size]).toEqual([model.get(probe), model.has(probe), model.size]);
    }
    expect([...map]).toEqual([...model]);
    for (const key of [...model.keys()]) expect(map.delete(key)).toBe(true);
    expect([map.size, [...map.keys()], [...map.values()]]).toEqual([0, [], []]);
  });

  test("tells keys apart that have the same number", () => {
    const [one, other] = [{ id: 3 }, { id: 3 }];
    const map = new LinkedHashMap<{ readonly id: number }, string>().set(one, "one");
    expect([map.get(one), map.get(other)]).toEqual(["one", undefined]);
    map.set(other, "other").delete(one);
    expect([map.get(one), map.get(other)]).toEqual([undefined, "other"]);
  });

  test("finds keys beyond 32 bits and below zero", () => {
    const keys = [2 ** 53 - 1, 2 ** 40, 2 ** 32, 0, -1];
    const map = new LinkedHashMap<number, number>();
    for (const key of keys) map.set(key, key);
    expect(keys.map((key) => map.get(key))).toEqual(keys);
  });

  test("is walked in the order in which entries were set, without those deleted meanwhile", () => {
    const map = new LinkedHashMap<number, string>().set(9, "a").set(1, "b").set(5, "c").set(7, "d").set(9, "e");
    const walked: unknown[] = [];
    for (const [key, value] of map) {
      walked.push([key, value]);
      if (key === 1) {
        map.delete(1);
        map.delete(5);
        map.set(8, "not walked");
      }
    }
    expect(walked).toEqual([
      [9, "e"],
      [1, "b"],
      [7, "d"],
    ]);
    expect([...map.keys()]).toEqual([9, 7, 8]);
  });

  test("is visited likewise", () => {
    const map = new LinkedHashMap<number, string>();
    const visited: unknown[] = [];
    const visit = (value: string, key: number): void => {
      visited.push([key, value]);
      map.delete(key);
      map.delete(5);
      map.set(8, "not visited");
    };
    map.forEach(visit);
    map.set(9, "a").forEach(visit);
    expect(visited).toEqual([[9, "a"]]);
    visited.length = 0;
    map.set(1, "b").set(5, "c").set(7, "d").forEach(visit);
    expect(visited).toEqual([
      [8, "not visited"],
      [1, "b"],
      [7, "d"],
    ]);
    expect([...map]).toEqual([[8, "not visited"]]);
  });
});
