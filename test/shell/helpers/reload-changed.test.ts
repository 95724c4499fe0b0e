import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { reloadChanged } from "../../../src/shell/helpers/reload-changed.ts";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-reload-"));
afterAll(() => rmSync(folder, { recursive: true }));

let age = 1000;
/** Each time older than now, and another time. */
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  utimesSync(path, Date.now() / 1000 - --age, Date.now() / 1000 - age);
  return path;
}

describe("reloadChanged()", () => {
  test("loads again what has changed, and keeps the old code of what can't be loaded until it changes again", async () => {
    const { run, node } = openSession();
    const reload = () => node.run(() => reloadChanged(node.runtime));
    write("part.ts", "export const n = 1;");
    const path = write("Whole.ts", 'import { n } from "./part.ts";\nexport const Whole = { n: () => n };');
    const still = write("Still.ts", "export const Still = { made: {} };");
    await run(`c(${JSON.stringify([path, still])})`);
    const made = await run("Still.made");
    expect(await reload()).toEqual([]);
    write("part.ts", "export const n = 2;");
    expect(await reload()).toEqual([{ path, names: ["Whole"] }]);
    expect(await run("Whole.n()")).toBe(2);
    expect(await run("Still.made")).toBe(made);

    write("part.ts", "export const n = ;");
    expect(await reload()).toEqual([
      { path, names: [], failure: { thrown: expect.objectContaining({ code: "syntax" }) as unknown } },
    ]);
    expect(await run("Whole.n()")).toBe(2);
    expect(await reload()).toEqual([]);
    write("part.ts", "export const n = 3;");
    expect(await reload()).toEqual([{ path, names: ["Whole"] }]);
    expect(await run("Whole.n()")).toBe(3);
  });

  test("loads a file once for several shells that ask at a time", async () => {
    const { run, node } = openSession();
    const path = write("Once.ts", "export const Once = { n: () => 1 };");
    await run(`c(${JSON.stringify(path)})`);
    write("Once.ts", "export const Once = { n: () => 2 };");
    const [one, other] = await node.run(() => Promise.all([reloadChanged(node.runtime), reloadChanged(node.runtime)]));
    expect([one, other]).toEqual([[{ path, names: ["Once"] }], []]);
  });
});
