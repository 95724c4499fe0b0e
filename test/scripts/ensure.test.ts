import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = fileURLToPath(new URL("../../scripts", import.meta.url));

/**
 * A clone with stand-ins: an npm that notes how it was called and "installs" a Node. That one notes a build; as the
 * program it shows its parent and its arguments.
 */
let clone: string;

async function program(path: string, content: string): Promise<void> {
  await writeFile(join(clone, path), content);
  await chmod(join(clone, path), 0o755);
}

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), "moebi-clone-"));
  for (const folder of ["scripts", "src", "bin"]) await mkdir(join(clone, folder));
  for (const file of ["moebi", "ensure.sh"]) await cp(join(scripts, file), join(clone, "scripts", file));
  await writeFile(join(clone, "package.json"), '{ "type": "module" }');
  await writeFile(join(clone, "package-lock.json"), "{}");
  await writeFile(join(clone, "src/main.ts"), "");
  await program(
    "bin/npm",
    `#!/bin/sh
echo "npm $*" >> "${clone}/log"
mkdir -p node_modules/.bin
: > node_modules/.package-lock.json
ln -sf ../../bin/node-24 node_modules/.bin/node
`,
  );
  await program(
    "bin/node-24",
    `#!/bin/sh
case $* in
  */build.ts*)
    echo "build \${*#*build.ts }" >> "${clone}/log"
    mkdir -p "${clone}/dist"
    : > "${clone}/dist/.built"
    ;;
  *)
    echo "parent $PPID"
    printf "<%s>\\n" "$@"
    ;;
esac
`,
  );
});

afterEach(async () => {
  await rm(clone, { recursive: true, force: true });
});

async function start(args: readonly string[] = [], command = join(clone, "scripts/moebi")) {
  const env = { ...process.env, PATH: `${join(clone, "bin")}:${process.env["PATH"] ?? ""}` };
  const child = spawn(command, args, { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { stdout, stderr, status: status as number };
}

async function log(): Promise<string[]> {
  return (await readFile(join(clone, "log"), "utf8")).trim().split("\n");
}

const everything = ["npm ci --ignore-scripts", "npm rebuild node esbuild", "build --js"];

/** Gives a file a time after the build's, whatever the resolution of the file system's clock. */
async function touch(path: string): Promise<void> {
  const later = Date.now() / 1000 + 60;
  await utimes(join(clone, path), later, later);
}

describe("scripts/moebi", () => {
  test("installs and builds at the first start, and nothing at the second", async () => {
    expect((await start()).status).toBe(0);
    expect(await log()).toEqual(everything);
    const { stderr } = await start();
    expect(stderr).toBe("");
    expect(await log()).toEqual(everything);
  });

  test("becomes the program, with the arguments as they were given", async () => {
    const child = spawn(join(clone, "scripts/moebi"), ["-e", "a b", ""], {
      env: { ...process.env, PATH: `${join(clone, "bin")}:${process.env["PATH"] ?? ""}` },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [stdout] = await Promise.all([text(child.stdout), once(child, "close")]);
    const lines = stdout.trimEnd().split("\n");
    // No shell waits in between.
    expect(lines[0]).toBe(`parent ${process.pid}`);
    expect(lines.slice(1)).toEqual([
      "<--disable-sigusr1>",
      "<--max-semi-space-size=2>",
      `<${clone}/dist/bin/moebi.js>`,
      "<-e>",
      "<a b>",
      "<>",
    ]);
  });

  test("says on standard error that it installs, and leaves standard output to the program", async () => {
    const { stdout, stderr } = await start(["x"]);
    expect(stderr).toBe("moebi: installing dependencies (this once)\n");
    expect(stdout).toMatch(/^parent \d+\n/);
  });

  test("can be started by a link from another folder", async () => {
    await symlink("../scripts/moebi", join(clone, "bin/first"));
    await symlink("first", join(clone, "bin/second"));
    expect((await start(["x"], join(clone, "bin/second"))).stdout).toContain("<x>");
  });

  test("builds again once a source has changed", async () => {
    await start();
    await touch("src/main.ts");
    await start();
    expect(await log()).toEqual([...everything, "build --js"]);
  });

  test("installs again once the lockfile has changed", async () => {
    await start();
    await writeFile(join(clone, "package-lock.json"), '{ "changed": true }');
    await start();
    expect((await log()).slice(3, 5)).toEqual(everything.slice(0, 2));
  });

  test("installs once when two are started together", async () => {
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(await log()).toEqual(everything);
  });

  test("takes over from one that was killed while it installed", async () => {
    const gone = spawn("true");
    await once(gone, "close");
    await mkdir(join(clone, ".ensure.lock"));
    await writeFile(join(clone, ".ensure.lock/pid"), `${gone.pid}\n`);
    expect((await start()).status).toBe(0);
    expect(await log()).toEqual(everything);
  });

  test("takes over from one that was killed before it had said who it was", async () => {
    const lock = join(clone, ".ensure.lock");
    await mkdir(lock);
    const before = Date.now() / 1000 - 150;
    await utimes(lock, before, before);
    expect((await start()).status).toBe(0);
    expect(await log()).toEqual(everything);
  });

  test("shows what npm said if it fails, starts nothing, and tries again the next time", async () => {
    await program("bin/npm", "#!/bin/sh\necho no network >&2\nexit 7\n");
    const { stdout, stderr, status } = await start();
    expect(stderr).toContain("no network");
    expect({ stdout, status }).toEqual({ stdout: "", status: 7 });
    expect((await start()).status).toBe(7);
  });
});
