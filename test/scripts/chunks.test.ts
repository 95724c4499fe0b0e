import { describe, expect, test } from "vitest";
import { loadedBefore } from "../../scripts/chunks.ts";

/** Modules and what they import; a name with `?` is imported lazily. */
function metafile(modules: Readonly<Record<string, string>>): Parameters<typeof loadedBefore>[0] {
  const imports = (names: string) =>
    names
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => ({
        path: name.replace("?", ""),
        kind: name.endsWith("?") ? ("dynamic-import" as const) : ("import-statement" as const),
      }));
  const inputs = Object.entries(modules).map(([path, names]) => [path, { bytes: 1, imports: imports(names) }] as const);
  return { inputs: Object.fromEntries(inputs), outputs: {} };
}

describe("loadedBefore()", () => {
  test("gives a lazy module what loads whoever loads it", () => {
    const before = loadedBefore(metafile({ main: "part", part: "late?", late: "later?", later: "" }), ["main"]);
    expect(before.get("main")).toEqual(new Set());
    expect(before.get("late")).toEqual(new Set(["main"]));
    expect(before.get("later")).toEqual(new Set(["main", "late"]));
  });

  test("gives a module that several load what all of them have", () => {
    const modules = { main: "one? two?", one: "late?", two: "late?", late: "" };
    expect(loadedBefore(metafile(modules), ["main"]).get("late")).toEqual(new Set(["main"]));
    expect(loadedBefore(metafile({ ...modules, peer: "late?" }), ["main", "peer"]).get("late")).toEqual(new Set());
  });

  test("bears modules that load each other", () => {
    const before = loadedBefore(metafile({ main: "a?", a: "b?", b: "a?" }), ["main"]);
    expect(before.get("a")).toEqual(new Set(["main"]));
    expect(before.get("b")).toEqual(new Set(["main", "a"]));
  });

  test("leaves out what an entry loads at once", () => {
    const before = loadedBefore(metafile({ main: "part", part: "", other: "part?" }), ["main", "other"]);
    expect([...before.keys()]).toEqual(["main", "other"]);
  });
});
