import { expect, test } from "vitest";
import type { Measurement } from "../../../src/shell/measurement.ts";
import { inspect } from "../../../src/term/inspect.ts";
import { openSession } from "./open-session.ts";

test("gives the numbers of one function, which the prompt prints as a list", async () => {
  const { run } = openSession();
  const measured = (await run("bench(() => self(), { calls: 20, warmup: 1 })")) as Measurement;
  expect(measured).toMatchObject({ calls: 20, errors: {} });
  expect(inspect(measured, { custom: true })).toMatch(
    /^calls {4}20\ncalls\/s {2}[\d,]+\nmin {6}[\d.]+ [µm]?s\nmedian /u,
  );
});

test("gives those of several by name", async () => {
  const { run } = openSession();
  const compared = (await run("bench({ a: () => 1, b: () => { throw 1 } }, { calls: 5 })")) as Record<
    string,
    Measurement
  >;
  expect([Object.keys(compared), compared["a"]?.calls, compared["b"]?.errors]).toEqual([["a", "b"], 5, { throw: 5 }]);
});

test.each([
  ["bench(1)", "not 1"],
  ["bench()", "not undefined"],
  ["bench({})", "not {}"],
  ["bench({ a: 1 })", "not 1 as a"],
  ["bench(() => 1, { call: 1 })", 'no option "call"'],
  ["bench(() => 1, 5)", "are an object"],
])("%s throws badarg", async (source, why) => {
  await expect(openSession().run(source)).rejects.toMatchObject({
    code: "badarg",
    message: expect.stringContaining(why) as string,
  });
});
