import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../src/cli/bin.js", import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-bin-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the entry beside a command line that holds `main`, as in `dist`. */
async function run(main: string, { version = "24.1.0", args = [] as string[], env = {} } = {}) {
  await mkdir(join(folder, "bin"));
  await mkdir(join(folder, "cli"));
  await cp(bin, join(folder, "bin/moebi.js"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "cli/main.js"), main);
  const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: ${JSON.stringify(version)} } })`;
  const preload = `data:text/javascript,${encodeURIComponent(versions)}`;
  const { NODE_COMPILE_CACHE: _, ...inherited } = process.env;
  return spawnSync(process.execPath, ["--import", preload, join(folder, "bin/moebi.js"), ...args], {
    encoding: "utf8",
    env: { ...inherited, ...env },
  });
}

describe("the entry", () => {
  test("hands the arguments to the command line", async () => {
    const main = "export function main(args) { console.log(JSON.stringify(args)); }";
    const { stdout, stderr, status } = await run(main, { args: ["--sname", "alex"] });
    expect({ stdout, stderr, status }).toEqual({ stdout: '["--sname","alex"]\n', stderr: "", status: 0 });
  });

  test("refuses a Node that is too old, saying which is needed, and loads nothing", async () => {
    const { stdout, stderr, status } = await run('console.log("loaded");', { version: "21.7.3" });
    expect(stderr).toBe(
      "moebi needs Node 22 or newer, and this is Node 21.7.3. Install a newer one from https://nodejs.org\n",
    );
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  });

  test("shows why the command line failed, and exits with 1", async () => {
    const { stderr, status } = await run('export async function main() { throw new Error("no such file"); }');
    expect(stderr).toContain("Error: no such file");
    expect(status).toBe(1);
  });

  test("keeps compiled code in the user's cache, not in a folder that others can write to", async () => {
    const cache = join(folder, "cache");
    await run("export function main() {}", { env: { XDG_CACHE_HOME: cache } });
    expect(await readdir(join(cache, "moebi"))).toEqual(["compile"]);
  });

  test("parses as a script too, as a Node without modules would read it", async () => {
    await cp(bin, join(folder, "moebi.cjs"));
    const { status, stderr } = spawnSync(process.execPath, ["--check", join(folder, "moebi.cjs")], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
