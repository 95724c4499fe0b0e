import { describe, expect, test } from "vitest";
import { intern, type Intern } from "../../src/term/intern.ts";
import { collectGarbage, collectUntil, nextTurn } from "../support/collect-garbage.ts";

interface Thing {
  readonly text: string;
  page?: object;
}

const NODE = "alex@localhost";
const fresh = (): Thing => ({ text: "made" });
const hold = (thing: Thing, page: object): void => void (thing.page = page);
const never = (): Thing => {
  throw new Error("There is one already");
};

/** In a frame of its own, so that no variable of the test holds what is made. */
function fill(table: Intern<Thing>, count: number): void {
  for (let i = 0; i < count; i++) table.get(i % 2 === 0 ? NODE : `n${i}@localhost`, i % 7, i, fresh);
}

describe("get()", () => {
  test("makes a value once, and gives the same one as long as somebody has it", () => {
    const table = intern<Thing>(hold);
    const made = table.get(NODE, 1, 5, fresh);
    expect(table.get(NODE, 1, 5, never)).toBe(made);
    expect(table.size).toBe(1);
  });

  test("keeps nodes, their lives and keys apart", () => {
    const table = intern<Thing>(hold);
    const made = [
      table.get(NODE, 1, 5, fresh),
      table.get("kate@localhost", 1, 5, fresh),
      table.get(NODE, 2, 5, fresh),
      table.get(NODE, 1, 6, fresh),
      table.get(NODE, 1, "5.1", fresh),
    ];
    expect(new Set(made).size).toBe(5);
    expect(table.get(NODE, 1, 5, never)).toBe(made[0]);
    expect(table.get(NODE, 2, 5, never)).toBe(made[2]);
  });
});

describe("lives with the same hash", () => {
  test("are kept apart", () => {
    const table = intern<Thing>(hold);
    const made = (["Aa@localhost", "BB@localhost"] as const).map((node) => table.get(node, 1, 5, fresh));
    expect(new Set(made).size).toBe(2);
    expect(table.get("Aa@localhost", 1, 5, never)).toBe(made[0]);
    expect(table.get("BB@localhost", 1, 5, never)).toBe(made[1]);
  });

  test("V4: are found however many there are, and again one at a time when the others are gone", async () => {
    const table = intern<Thing>(hold);
    const creations = Array.from({ length: 100 }, (_, i) => i << 20);
    const made = creations.map((creation) => table.get(NODE, creation, 5, fresh));
    expect(new Set(made).size).toBe(100);
    for (const [i, creation] of creations.entries()) expect(table.get(NODE, creation, 5, never)).toBe(made[i]);
    const kept = made[57];
    made.length = 0;
    expect(await collectUntil(() => table.size === 1)).toBe(true);
    expect(table.get(NODE, creations[57]!, 5, never)).toBe(kept);
    expect(creations.map((creation) => table.get(NODE, creation, 5, fresh).text)).toEqual(creations.map(() => "made"));
  });
});

describe("put()", () => {
  test("enters a value made elsewhere, and leaves one that is there", () => {
    const table = intern<Thing>(hold);
    const [first, second] = [fresh(), fresh()];
    table.put(NODE, 1, 5, first);
    table.put(NODE, 1, 5, second);
    expect(table.get(NODE, 1, 5, never)).toBe(first);
  });
});

describe("the table", () => {
  test("V4: is empty again once nobody has what was in it", async () => {
    const table = intern<Thing>(hold);
    const kept = table.get("kate@localhost", 9, 1, fresh);
    fill(table, 20_000);
    expect(table.size).toBe(20_001);
    expect(await collectUntil(() => table.size === 1)).toBe(true);
    expect(table.get("kate@localhost", 9, 1, never)).toBe(kept);
  });

  test("V4: keeps one that is in use findable when its neighbours are gone, and they can come again", async () => {
    const table = intern<Thing>(hold);
    fill(table, 1);
    const kept = table.get(NODE, 0, 3, fresh);
    for (let i = 0; i < 3; i++) {
      await nextTurn();
      collectGarbage();
    }
    expect(table.get(NODE, 0, 3, never)).toBe(kept);
    expect(table.get(NODE, 0, 0, fresh).text).toBe("made");
  });

  test("V4: does not lose a value made under the key of one that was collected a moment ago", async () => {
    const table = intern<Thing>(hold);
    fill(table, 1);
    await nextTurn();
    collectGarbage();
    // The first is gone; what clears its entry has not run yet.
    const again = table.get(NODE, 0, 0, () => ({ text: "again" }));
    expect(again.text).toBe("again");
    for (let i = 0; i < 3; i++) {
      await nextTurn();
      collectGarbage();
    }
    expect(table.get(NODE, 0, 0, never)).toBe(again);
  });
});
