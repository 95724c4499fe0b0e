import { describe, expect, test } from "vitest";
import { added, choose, type Jobs, NO_JOBS, removed } from "../../src/cli/jobs.ts";
import type { NodeName } from "../../src/term/pid.ts";

const first = added(NO_JOBS).jobs;

/** What the lines typed one after the other print, and the jobs then. */
function typed(jobs: Jobs, ...lines: string[]) {
  const effects: unknown[] = [];
  for (const line of lines) {
    const chosen = choose(jobs, line);
    jobs = chosen.jobs;
    if (chosen.effect?.type === "print") effects.push(chosen.effect.text);
    else if (chosen.effect !== undefined)
      effects.push("job" in chosen.effect ? [chosen.effect.type, chosen.effect.job.number] : chosen.effect.type);
  }
  return { jobs, effects };
}

describe("choose()", () => {
  test("j lists the shells with a star at the current one", () => {
    const { effects } = typed(first, "s", "r b@host", "j");
    expect(effects).toEqual([["start", 2], ["start", 3], "   1  shell\n   2  shell\n   3* shell on b@host"]);
  });

  test("r takes a name in quotes, as Erlang's menu does", () => {
    expect(typed(first, "r 'b@host'", 'r "c@host"').jobs.list.map(({ node }) => node)).toEqual([
      undefined,
      "b@host",
      "c@host",
    ]);
  });

  test("c, i and k are about the current shell, or the one that is named", () => {
    expect(typed(first, "s", "i", "i 1", "c").effects).toEqual([
      ["start", 2],
      ["interrupt", 2],
      ["interrupt", 1],
      ["connect", 2],
    ]);
  });

  test("c makes the one it names the current one", () => {
    expect(typed(first, "s", "c 1").jobs.current).toBe(1);
  });

  test("k leaves no current shell if it was that one", () => {
    const { jobs, effects } = typed(first, "s", "k", "j", "c");
    expect(jobs.current).toBeUndefined();
    expect(effects.slice(1)).toEqual([["kill", 2], "   1  shell", "Unknown job"]);
  });

  test("numbers are never given twice", () => {
    expect(typed(first, "s", "k 2", "s").effects.at(-1)).toEqual(["start", 3]);
  });

  test.each([
    ["c 7", "Unknown job"],
    ["i one", "Unknown job"],
    ["k -1", "Unknown job"],
    ["x", "Unknown command"],
    ["j 1", "Unknown command"],
    ["c 1 2", "Unknown command"],
    ["r", "Say which node: r name@host"],
  ])("answers %j with %j", (line, text) => {
    expect(typed(first, line).effects).toEqual([text]);
  });

  test("says what is wrong with the name of a node, and starts nothing", () => {
    const { jobs, effects } = typed(first, "r not/a@name@x");
    expect(effects[0]).toEqual(expect.any(String));
    expect(jobs).toBe(first);
  });

  test.each(["", "   "])("does nothing for %j", (line) => {
    expect(choose(first, line)).toEqual({ jobs: first, effect: undefined });
  });

  test("j has nothing to list where there is no shell", () => {
    expect(choose(NO_JOBS, "j").effect).toBeUndefined();
  });

  test("h and ? tell the commands, and q leaves", () => {
    expect(typed(first, "h").effects[0]).toContain("  k [nn]            - kill job\n");
    expect(typed(first, "?").effects).toEqual(typed(first, "h").effects);
    expect(typed(first, "q").effects).toEqual(["quit"]);
  });
});

describe("removed()", () => {
  test("keeps the current shell if it was another", () => {
    const two = added(first, "b@host" as NodeName).jobs;
    expect(removed(two, 1)).toMatchObject({ list: [{ number: 2 }], current: 2 });
    expect(removed(two, 2)).toMatchObject({ list: [{ number: 1 }], current: undefined });
  });
});
