/** What a user gets: the tarball, installed into an empty folder, run by whatever Node runs these tests. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

let folder: string;
let project: string;
let contents: string[];

/** npm runs in the user's home, where its cache and its registry are; only moebi is kept out of it. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, HOME: userInfo().homedir };
  const { stdout } = await run("npm", args, { cwd, env, maxBuffer: 2 ** 24 });
  return stdout;
}

/** Runs the installed command with no input, as from a script of the project's package.json. */
async function moebi(...args: readonly string[]): Promise<string> {
  return output("node_modules/.bin/moebi", args);
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const running = run(command, args, { cwd: project });
  running.child.stdin?.end();
  return (await running).stdout;
}

/** The files of the repository, as they are, with what is installed here. Gives the folder. */
async function copyOfTree(folder: string): Promise<string> {
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const path of listed.stdout.split("\0").filter((path) => path !== "" && existsSync(join(root, path))))
    await cp(join(root, path), join(folder, path));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-package-"));
  project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  // Builds first, by the package's own "prepack": in a copy, as other tests run programs from this tree's `dist`.
  const tree = await copyOfTree(join(folder, "tree"));
  await npm(["pack", "--silent", "--pack-destination", folder], tree);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const tarball = join(folder, `moebi-${version}.tgz`);
  contents = (await run("tar", ["-tzf", tarball])).stdout.trim().split("\n");
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], project);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the package", () => {
  test("holds the program, the declarations and the licences, and nothing else", () => {
    expect(contents).toEqual(
      expect.arrayContaining([
        "package/LICENSE",
        "package/README.md",
        "package/dist/THIRD-PARTY-LICENSES.txt",
        "package/dist/bin/moebi.js",
        "package/dist/types/index.d.ts",
        "package/dist/types/testing.d.ts",
        "package/src/examples/template/application.ts",
      ]),
    );
    const known =
      /^package\/(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|dist\/(?:docs|builtins)\.json|dist\/.+\.(?:js|d\.ts|txt)|src\/examples\/template\/[\w.]+)$/;
    expect(contents.filter((path) => !known.test(path))).toEqual([]);
  });

  test("brings one dependency, which is a native program", async () => {
    const lock = JSON.parse(await readFile(join(project, "node_modules/.package-lock.json"), "utf8")) as {
      packages: Record<string, unknown>;
    };
    const installed = Object.keys(lock.packages).map((path) => path.replace("node_modules/", ""));
    expect(installed.filter((name) => !name.startsWith("@esbuild/"))).toEqual(["esbuild", "moebi"]);
  });

  test("installs the command", async () => {
    expect(await output("npx", ["--no-install", "moebi", "-e", "IO.puts(1 + 1)"])).toMatch(/^2$/m);
  });

  test("gives a file that the command loads the command's own runtime", async () => {
    const source = 'import { self, inspect } from "moebi";\nexport const Kate = { whoami: () => inspect(self()) };\n';
    await writeFile(join(project, "kate.ts"), source);
    expect(await moebi("-r", "kate.ts", "-e", "IO.puts(Kate.whoami() === inspect(self()))")).toMatch(/^true$/m);
  });

  test("can be imported by a program", async () => {
    const source = [
      'import { IO, receive, self, send, spawn, startNode } from "moebi";',
      'import * as testing from "moebi/testing";',
      "const node = await startNode();",
      "await node.run(async () => {",
      "  const me = self();",
      "  spawn(() => send(me, `hello ${typeof testing}`));",
      "  await IO.puts(await receive());",
      "});",
      "await node.stop();",
    ];
    await writeFile(join(project, "program.js"), source.join("\n"));
    const { stdout } = await run(process.execPath, ["program.js"], { cwd: project });
    expect(stdout).toBe("hello object\n");
  });

  test("has types that a strict program compiles with", async () => {
    const source = [
      'import { spawn } from "moebi";',
      'import * as testing from "moebi/testing";',
      "spawn(() => undefined);",
      "void testing;",
    ];
    await writeFile(join(project, "typed.ts"), source.join("\n"));
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      module: "nodenext",
      target: "es2024",
      lib: ["es2024", "esnext.disposable"],
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed.ts"] }));
    const tsc = join(root, "node_modules/typescript7/bin/tsc");
    // What tsc finds is on its standard output, which a failure would not show.
    const output = await run(process.execPath, [tsc, "-p", "."], { cwd: project }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
    expect(output).toBe("");
  });
});
