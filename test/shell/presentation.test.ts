import { describe, expect, test } from "vitest";
import type { IoRequest } from "../../src/io/io-protocol.ts";
import { Statements } from "../../src/shell/excerpt.ts";
import { Presentation } from "../../src/shell/presentation.ts";
import { SettingsStore } from "../../src/shell/settings.ts";

/** At a terminal of this size, or none; with what it was asked. */
function presentation(size: { rows: number; columns: number } | undefined): {
  readonly it: Presentation;
  readonly settings: SettingsStore;
  readonly asked: IoRequest[];
} {
  const asked: IoRequest[] = [];
  const settings = new SettingsStore();
  const ask = (request: IoRequest): Promise<unknown> => {
    asked.push(request);
    if (size === undefined) return Promise.reject(new Error("no terminal"));
    return Promise.resolve(size[request[1] as "rows" | "columns"]);
  };
  return { it: new Presentation({ settings, colors: false, statements: new Statements(), ask }), settings, asked };
}

const long = Array.from({ length: 200 }, (_, n) => `entry ${String(n)}`);

describe("Presentation", () => {
  test("a result is folded to the rows of the terminal, and whole where there is none", async () => {
    const folded = await presentation({ rows: 10, columns: 80 }).it.value(long);
    expect(folded.split("\n").length).toBeLessThan(10);
    expect(folded).toMatch(/… \d+ more lines: more\(\) shows all of it$/u);
    const whole = await presentation(undefined).it.value(long);
    expect(whole.split("\n").length).toBeGreaterThan(10);
    expect(whole).not.toContain("more()");
  });

  test("settings hold from the next result on", async () => {
    const { it, settings } = presentation({ rows: 10, columns: 80 });
    expect(await it.value({ a: { b: 1 } })).toBe("{ a: { b: 1 } }");
    settings.configure({ depth: 0 });
    expect(await it.value({ a: { b: 1 } })).toBe("{ a: {...} }");
  });

  test("nobody is asked how large the terminal is for what fits any", async () => {
    const { it, asked } = presentation({ rows: 10, columns: 80 });
    expect(await it.value(42)).toBe("42");
    expect(asked).toEqual([]);
  });

  test("an error shows the line it points at on a terminal alone", async () => {
    expect((await presentation({ rows: 10, columns: 80 }).it.thrown()).excerpt).toBeTypeOf("function");
    expect((await presentation(undefined).it.thrown()).excerpt).toBeUndefined();
  });
});
