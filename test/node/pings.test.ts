import { expect, test } from "vitest";
import { Pings } from "../../src/node/pings.ts";

const A = "a@localhost";
const B = "b@localhost";

test("each question has its answer, whatever the order", async () => {
  const pings = new Pings();
  const ids: number[] = [];
  const [first, second] = [pings.ask(A, (id) => ids.push(id)), pings.ask(A, (id) => ids.push(id))];
  const settled: string[] = [];
  void first.then(() => settled.push("first"));
  void second.then(() => settled.push("second"));
  pings.answered(A, ids[1]);
  await second;
  expect(settled).toEqual(["second"]);
  pings.answered(A, ids[0]);
  expect(await first).toBe(true);
});

test("an answer from another node, or to nothing, is none; a lost connection answers all of its node", async () => {
  const pings = new Pings();
  const ids: number[] = [];
  const asked = [pings.ask(A, (id) => ids.push(id)), pings.ask(A, (id) => ids.push(id))];
  const other = pings.ask(B, (id) => ids.push(id));
  pings.answered(B, ids[0]);
  pings.answered(A, "nothing");
  pings.lost(A);
  expect(await Promise.all(asked)).toEqual([false, false]);
  pings.answered(B, ids[2]);
  expect(await other).toBe(true);
});
