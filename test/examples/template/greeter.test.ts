import { execFile } from "node:child_process";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Host, newHost } from "../../support/moebi.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The template, copied into an empty folder elsewhere. */
async function copied(host: Host): Promise<string> {
  const folder = join(host.home, "hello");
  await cp(join(root, "src/examples/template"), folder, { recursive: true });
  return folder;
}

test("a copy starts by the path of its folder, with its settings, and with a file loaded beside it", async () => {
  await using host = await newHost();
  await copied(host);
  await host.file(
    "loud.ts",
    `import { GenServer } from "moebi";
    export const Loud = { shout: async (name: string) => (await GenServer.call("Greeter", ["greet", name])).toUpperCase() };`,
  );
  const files = ["--app", "./hello", "--config", "./hello/config.ts", "-r", "./loud.ts"];
  const statements = ['Greeter.greet("Ada")', 'Loud.shout("Bob")', "Greeter.count()"];
  const { stdout, stderr, status } = await host.run([...files, ...statements.flatMap((one) => ["-e", one])]);
  expect({ stdout, stderr, status }).toEqual({ stdout: '"Hi, Ada!"\n"HI, BOB!"\n2\n', stderr: "", status: 0 });
});

test("a copy's own test passes where moebi is installed", async () => {
  await using host = await newHost();
  const folder = await copied(host);
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/moebi"));
  // Its runner is not to report to this one.
  const env = { ...process.env, ...host.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap"], {
    cwd: folder,
    env,
  });
  expect(stdout).toContain("# pass 1\n");
});
