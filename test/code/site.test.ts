import { describe, expect, test } from "vitest";
import { atSite, awareOfSite, lineAt, placeOf, type Site } from "../../src/code/site.ts";
import { compileClosure } from "../../src/code/compile.ts";
import { open } from "../support/sessions.ts";

/** Collects the sites `pry` is called at. */
function collecting() {
  const sites: Site[] = [];
  const pry = (): void => undefined;
  awareOfSite(pry, (site) => () => void sites.push(site));
  return { sites, ...open({ pry }) };
}

describe("a rewritten call", () => {
  test("tells where it stands, as it was typed", async () => {
    const { sites, run } = collecting();
    await run("type T = number;\nconst f = (a: T) => {\n  pry(a + 1, 2);\n}; f(1)");
    expect(sites[0]).toMatchObject({ file: "moebi(1)", line: 3, firstLine: 1, fun: "f/1", argument: "a + 1" });
    expect(sites[0]?.source).toContain("(a: T)");
  });

  test("counts lines as the file does that a statement is of", async () => {
    const { sites, session } = collecting();
    await (await session.prepare("\npry()", "job.ts", 10)).run();
    expect(sites[0]).toMatchObject({ file: "job.ts", line: 11, firstLine: 10, fun: undefined, argument: "" });
  });

  test("reads and assigns the variables of all functions around, and no other", async () => {
    const { sites, run } = collecting();
    await run("const top = 0; function f({ a }, ...rest) { let b = 2; { const c = 3; (() => { pry() })() } return b }");
    const result = run("f({ a: 1 }, 9)");
    await result;
    const { locals } = sites[0] as Site;
    expect(Object.keys(locals).sort()).toEqual(["a", "b", "c", "rest"]);
    const [read, assign] = locals["b"] as unknown as [() => unknown, (value: unknown) => void];
    assign(7);
    expect(read()).toBe(7);
    expect((locals["rest"] as unknown as [() => unknown])[0]()).toEqual([9]);
  });

  test("has the this of its function", async () => {
    const { sites, run } = collecting();
    await run("const Kate = { f() { [1].forEach(() => pry()) } }; Kate.f(); globalThis.undefined");
    expect(Object.keys(sites[0]?.self() as object)).toEqual(["f"]);
  });

  test("keeps its own function's result and arguments where that looks at no site", async () => {
    const { value } = open({ dbg: (a: number, b: number) => a + b });
    expect(await value("dbg(1, 2)")).toBe(3);
    expect(await value("const pry = (...all) => all.length; pry(...[1, 2, 3], await 4)")).toBe(4);
  });

  test("tells it of a function that arrived, with what that captured", () => {
    const { sites, scope } = collecting();
    const fn = compileClosure("(a) => {\n  pry(); }", { far: 5 }, scope) as (a: number) => void;
    fn(1);
    expect(sites[0]).toMatchObject({ file: "moebi(fn)", line: 2, source: "(a) => {\n  pry(); }" });
    expect((sites[0]?.scope as { far: number }).far).toBe(5);
  });
});

test("atSite() gives a function itself that looks at no site, and what is none as it is", () => {
  const fn = (): void => undefined;
  const never = (): Site => {
    throw new Error("nobody asked");
  };
  expect(atSite(fn, never)).toBe(fn);
  expect(atSite(undefined, never)).toBeUndefined();
});

test("lineAt() counts from 0, the end of a line as that line", () => {
  expect([0, 1, 2, 3, 4].map((at) => lineAt("a\nb\n", at))).toEqual([0, 0, 1, 1, 2]);
});

test("placeOf() names the function if there is one", () => {
  expect(placeOf({ fun: "Kate.f/0", file: "kate.ts", line: 3 })).toBe("Kate.f/0 (kate.ts:3)");
  expect(placeOf({ fun: undefined, file: "kate.ts", line: 3 })).toBe("kate.ts:3");
});
