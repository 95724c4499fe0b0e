import { readFile, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, type Piped } from "../support/moebi.ts";

let host: Host;

beforeAll(async () => {
  host = await newHost();
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

/** Hands a statement to a program whose standard input is open, and waits for what it prints. */
async function answer(node: Piped, statement: string, expected: string): Promise<void> {
  node.child.stdin?.write(`${statement}\n`);
  await node.waitFor(expected);
}

describe("scripts", () => {
  test("evaluates statements of -e, with results on standard output, failures on standard error and status 1", async () => {
    expect(await host.run(["-e", "1 + 1", "-e", "missing", "-e", "const x = 3", "-e", "x + v(1)"])).toEqual({
      stdout: "2\n3\n5\n",
      stderr: "** (ReferenceError) missing is not defined\n",
      status: 1,
    });
  });

  test("ends with --bail at the first failure", async () => {
    const { stdout, stderr, status } = await host.run([
      "--bail",
      "-e",
      "1",
      "-e",
      'throw new TypeError("wrong")',
      "-e",
      "2",
    ]);
    expect({ stdout, stderr, status }).toEqual({ stdout: "1\n", stderr: "** (TypeError) wrong\n", status: 1 });
  });

  test("evaluates a pipe as it comes, where IO.gets takes the next line", async () => {
    const input = '1 +\n  1\nIO.gets("Name? ")\nKate\neof\nprocess.title\n';
    expect(await host.run([], input)).toEqual({
      stdout: '2\n"Kate\\n"\n"moebi"\n',
      stderr: "** (ReferenceError) eof is not defined\n",
      status: 1,
    });
  });

  test("names the file and the line of what fails in one", async () => {
    const script = await host.file(
      "wrong.ts",
      "function boom(n: number) {\n  throw new Error(`no ${n}`)\n}\n\nboom(1)\nfoo bar\n1 +\n  missing\n",
    );
    const { stderr, status } = await host.run([script]);
    expect(status).toBe(1);
    expect(stderr.replaceAll(script, "wrong.ts")).toBe(
      [
        "** (Error) no 1",
        "    at boom (wrong.ts:2:9)",
        "    at wrong.ts:5:5",
        '** (SyntaxError) wrong.ts:6:5: Expected ";" but found "bar"',
        "    |",
        "  6 | foo bar",
        "    |     ^",
        "** (ReferenceError) missing is not defined",
        "    at wrong.ts:8:3",
        "",
      ].join("\n"),
    );
  });

  test("evaluates a file, with modules of -r, and leaves standard input to IO.gets", async () => {
    const module = await host.file(
      "kate.ts",
      "export const Kate = { hello: (name: string): string => `Hello ${name}` };\n",
    );
    const script = await host.file(
      "script.ts",
      "#!/usr/bin/env moebi\nconst name: string = await IO.gets()\nKate.hello(name.trim())\n",
    );
    expect(await host.run(["-r", module, script], "Alex\n")).toEqual({
      stdout: '"Alex\\n"\n"Hello Alex"\n',
      stderr: "",
      status: 0,
    });
  });

  test("says which file can't be read", async () => {
    const { stderr, stdout, status } = await host.run(["nowhere.ts"]);
    expect(stderr).toMatch(/^moebi: Can't read nowhere\.ts: ENOENT/);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  });

  test("ends when Ctrl+C comes, in a wait and in an endless loop, with status 130", async () => {
    // Each says where it is when it is there: a signal that comes before is another case.
    const waiting = host.start([
      "-e",
      '(spawn(async () => { await Process.sleep(1); IO.puts("waits") }), receive())',
      "-e",
      '"not this"',
    ]);
    const looping = host.start([
      "-e",
      'process.getBuiltinModule("fs").writeSync(1, "loops\\n"); while (true) {}',
      "-e",
      '"not this"',
    ]);
    await waiting.waitFor("waits");
    waiting.kill("SIGINT");
    expect(await waiting.finished).toMatchObject({ stdout: "waits\n", status: 130 });
    await looping.waitFor("loops");
    looping.kill("SIGINT");
    expect(await looping.finished).toEqual({ stdout: "loops\n", stderr: "** (interrupted)\n", status: 130 });
  });

  test("ends quietly when nobody reads its output", async () => {
    const { child, finished } = host.start(["-e", 'for (;;) await IO.puts("more")']);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { stderr, status } = await finished;
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});

describe("options", () => {
  test("shows help and version, and what to do about an option that is none", async () => {
    const [help, version, wrong] = await Promise.all([
      host.run(["--help"]),
      host.run(["--version"]),
      host.run(["--snam", "alex"]),
    ]);
    expect(help).toMatchObject({ stdout: expect.stringContaining("--sname") as string, stderr: "", status: 0 });
    expect(version).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, status: 0 });
    expect(wrong).toEqual({ stdout: "", stderr: "moebi: Unknown argument: snam. See moebi --help\n", status: 1 });
  });

  test("refuses a bad name and an unknown application, saying what would be right", async () => {
    const [name, app] = await Promise.all([
      host.run(["--sname", "al ex", "-e", "1"]),
      host.run(["--app", "nothing", "-e", "1"]),
    ]);
    expect(name).toMatchObject({
      stdout: "",
      stderr: expect.stringMatching(/^moebi: "al ex@localhost" is not a node name: .*letters/) as string,
      status: 1,
    });
    expect(app).toMatchObject({
      stdout: "",
      stderr: expect.stringMatching(/^moebi: .*nothing.*chat/) as string,
      status: 1,
    });
  });

  test("B15: refuses a cookie file that others can read, with the command that mends it", async () => {
    const path = await host.file(".moebi.cookie", "a secret of ours", 0o644);
    try {
      const { stdout, stderr, status } = await host.run(["--sname", "alex", "-e", "1"]);
      expect({ stdout, stderr, status }).toEqual({
        stdout: "",
        stderr: `moebi: The cookie file ${path} can be used by other users, its mode is 0644: chmod 600 ${path}\n`,
        status: 1,
      });
    } finally {
      await rm(path);
    }
  });
});

describe("nodes", () => {
  test("B13: a name that is taken is refused with status 1, and names lists those there are", async () => {
    const alex = await host.background("alex@localhost");
    const [second, names] = await Promise.all([host.run(["--sname", "alex", "-e", "1"]), host.run(["names"])]);
    expect(second).toEqual({
      stdout: "",
      stderr: expect.stringMatching(
        /^moebi: The name "alex" is taken on this host, .*: choose another name\n$/,
      ) as string,
      status: 1,
    });
    expect(names).toEqual({
      stdout: expect.stringMatching(/^name alex at port \d+\n$/) as string,
      stderr: "",
      status: 0,
    });
    alex.kill("SIGTERM");
    expect(await alex.finished).toMatchObject({ stderr: "", status: 0 });
    expect(await host.run(["names"])).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  test("--no-halt keeps what the statements started, and SIGHUP and Ctrl+C end it", async () => {
    const kate = await host.background("kate@localhost", [
      'const group = await Task.Supervisor.startLink({ name: "Group" })',
    ]);
    const asked = await host.run([
      "--sname",
      "alex",
      "-e",
      'rpc.call("kate@localhost", Process, "whereis", ["Group"])',
    ]);
    expect(asked).toMatchObject({ stdout: expect.stringMatching(/^#PID<[1-9]/) as string, stderr: "", status: 0 });
    kate.kill("SIGHUP");
    expect(await kate.finished).toMatchObject({ status: 0 });
    const other = await host.background("other@localhost");
    other.kill("SIGINT");
    expect(await other.finished).toMatchObject({ status: 130 });
  });

  test("F1: the others hear of a node that is killed", async () => {
    const kate = await host.background("kate@localhost");
    const alex = host.start(["--sname", "watcher"]);
    await answer(alex, 'Node.connect("kate@localhost")', "true\n");
    await answer(alex, 'Node.monitor("kate@localhost", true) && "watched"', '"watched"\n');
    kate.kill("SIGKILL");
    await answer(alex, "receive()", '["nodedown", "kate@localhost"]\n');
    await answer(alex, "Node.list()", "[]\n");
    alex.child.stdin?.end();
    expect(await alex.finished).toMatchObject({ stderr: "", status: 0 });
  });

  test("B16, C3, B18: the cookie is in no list of processes and not in the environment, and SIGUSR1 opens no inspector", async () => {
    const cookie = "Y29va2llLW9mLWEtdGVzdA";
    const alex = host.start(["--sname", "holder", "--cookie", cookie], { MOEBI_COOKIE: cookie });
    await answer(alex, "process.title", '"moebi"\n');
    if (process.platform === "linux")
      expect(await readFile(`/proc/${String(alex.child.pid)}/cmdline`, "utf8")).not.toContain(cookie);
    await answer(alex, "process.env.MOEBI_COOKIE === undefined", "true\n");
    alex.kill("SIGUSR1");
    await answer(alex, '(await import("node:inspector")).url() ?? "none"', '"none"\n');
    alex.child.stdin?.end();
    const { stdout, stderr, status } = await alex.finished;
    expect(stdout + stderr).not.toContain(cookie);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});
