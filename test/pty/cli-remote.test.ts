import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, type Piped, prompts } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";

const SERVICE = `const Counter = {
  hits: 3,
  count(by: number = 1) { return (this.hits += by) },
  fails() { throw new TypeError("bad") },
  async wait() { await IO.puts("waits"); return receive(() => false) },
}`;
const PROMPT = (n: number): string => `moebi(app@localhost)${String(n)}>`;

/** Types what is missing of `line`, and Tab until the rest is there: a Tab is not waited for where the answer comes late. */
async function completed(pty: Pty, line: string, rest: string): Promise<void> {
  const shown = (): string => pty.screen.line(pty.screen.cursor.y);
  pty.type(line.slice(shown().length).trimStart());
  await pty.waitFor(prompts(line));
  while (shown() !== line + rest) {
    // Behind the Tab, so on the screen after what it did.
    pty.type("\t!");
    await pty.waitFor(() => shown().endsWith("!"));
    pty.type("\x7f");
    await pty.waitFor(() => !shown().endsWith("!"));
  }
}

let host: Host;
let app: Piped;

beforeAll(async () => {
  host = await newHost();
  app = await host.background("app@localhost", [SERVICE]);
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

describe("moebi --remsh", () => {
  test("opens a shell there at a terminal here: evaluates there, prints here, completes, and Ctrl+C stops a wait", async () => {
    const pty = host.open(["--remsh", "app@localhost"]);
    await pty.waitFor(prompts(PROMPT(1)));
    pty.type('IO.puts("printed " + node())\r');
    await pty.waitFor(prompts(PROMPT(2)));
    expect(pty.screen.text()).toContain("\nprinted app@localhost\n");
    pty.type("const mine = Counter.count()\r");
    await pty.waitFor(prompts(PROMPT(3)));
    pty.type("await Counter.wait()\r");
    await pty.waitFor("\nwaits");
    pty.type("\x03");
    await pty.waitFor("** (interrupted)");
    await pty.waitFor(prompts(PROMPT(3)));
    // Both names are to be found there alone.
    await completed(pty, `${PROMPT(3)} Counte`, "r");
    await completed(pty, `${PROMPT(3)} Counter.cou`, "nt");
    pty.type("(mine)\r");
    await pty.waitFor(prompts(PROMPT(4)));
    // The row below tells of that node, and of the mailbox there.
    await pty.waitFor("app@localhost · no peers");
    pty.type("send(self(), 'hi')\r");
    await pty.waitFor("app@localhost · 1 message, flush() shows it · no peers");
    pty.type("\x04");
    expect(await pty.exited).toMatchObject({ code: 0 });
    expect(app.stdout + app.stderr).not.toContain("printed");
  });

  test("leaves nothing that was linked to the shell", async () => {
    const linked =
      'const pid = spawnLink(() => receive(() => false)); Process.register(pid, "Visitors"); Process.alive(pid)\n';
    expect(await host.run(["--remsh", "app@localhost"], linked)).toMatchObject({ stdout: "true\n", stderr: "" });
    expect(await host.run(["call", "app@localhost", "Process", "whereis", "Visitors"])).toMatchObject({
      stdout: "null\n",
    });
  });

  test("takes a script: results here, failures on standard error, status 1", async () => {
    expect(await host.run(["--remsh", "app@localhost"], "node()\nmissing\n1 + 1\n")).toEqual({
      stdout: '"app@localhost"\n2\n',
      stderr: "** (ReferenceError) missing is not defined\n",
      status: 1,
    });
  });

  test("leaves nothing behind when the visitor is killed at work", async () => {
    const visitor = host.start(["--remsh", "app@localhost"]);
    visitor.child.stdin?.write('Process.register(self(), "Visiting")\nawait Counter.wait()\n');
    await visitor.waitFor("true");
    visitor.kill("SIGKILL");
    await visitor.finished;
    const gone = "for (;;) { if (Process.whereis('Visiting') === null) break; await Process.sleep(10) }";
    const { stdout, status } = await host.run(["--remsh", "app@localhost"], `${gone}\nNode.list("hidden").length\n`);
    expect({ stdout, status }).toEqual({ stdout: "1\n", status: 0 });
  });

  test("says that a node can't be reached, and what to look at", async () => {
    const { stderr, status } = await host.run(["--remsh", "nobody@localhost"], "1\n");
    expect(stderr).toContain('Can\'t connect to "nobody@localhost"');
    expect(status).toBe(1);
  });
});

describe("moebi call", () => {
  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "what it runs there ends with it, by %s, and the node goes on",
    async (signal) => {
      const node = await host.background(`svc${signal}@localhost`, [
        `const Slow = {
          async work() {
            const ended = Process.signal();
            ended.addEventListener("abort", () => process.stderr.write("work is over\\n"));
            process.stderr.write("work begins\\n");
            await receive(() => false);
          },
        }`,
      ]);
      const call = host.start(["call", `svc${signal}@localhost`, "Slow", "work"]);
      await node.waitFor("work begins");
      call.kill(signal);
      await call.finished;
      await node.waitFor("work is over");
      expect(await host.run(["call", `svc${signal}@localhost`, "Kernel", "node"])).toMatchObject({ status: 0 });
    },
  );

  test("prints what a function gives, as text or JSON, with status 0", async () => {
    const call = (...args: string[]) => host.run(["call", "app@localhost", ...args]);
    expect(await call("Kernel", "node")).toEqual({ stdout: "app@localhost\n", stderr: "", status: 0 });
    expect((await call("Kernel", "node", "--json")).stdout).toBe('"app@localhost"\n');
    expect((await call("Counter", "count", "10")).stdout).toMatch(/^1\d\n$/);
  });

  test("fails with 1 if the function does, and with 2 if the node can't be reached", async () => {
    const failed = await host.run(["call", "app@localhost", "Counter", "fails"]);
    expect([failed.status, failed.stdout]).toEqual([1, ""]);
    expect(failed.stderr.match(/bad/gu), failed.stderr).toHaveLength(1);
    expect(failed.stderr).toContain("** (TypeError) bad");
    expect((await host.run(["call", "nobody@localhost", "Counter", "fails"])).status).toBe(2);
    expect((await host.run(["call", "app@localhost"])).stderr).toContain("moebi call NODE MODULE FUNCTION");
  });
});

describe("moebi --config and --app", () => {
  test("start an application of one's own, with its settings", async () => {
    const source = `import { Application, defineApplication, IO, Supervisor } from "moebi";
      export const Greeter = { greet: () => IO.puts(Application.fetchEnv("greeter", "text") as string) };
      export default defineApplication({ name: "greeter", start: () => Supervisor.startLink([], { strategy: "oneForOne", name: "Greeters" }) });`;
    await host.file("greeter.ts", source);
    await host.file("config.ts", 'export default ({ env }) => ({ greeter: { text: "hello from " + env } });');
    const args = [
      "--config",
      "config.ts",
      "--app",
      "./greeter.ts",
      "-e",
      "Greeter.greet()",
      "-e",
      "Process.registered().includes('Greeters')",
    ];
    const { stdout, stderr, status } = await host.run(args, "", { MOEBI_ENV: "test" });
    expect({ stdout, stderr, status }).toEqual({ stdout: 'hello from test\n"ok"\ntrue\n', stderr: "", status: 0 });
  });

  test("say what is wrong with a configuration, and start nothing", async () => {
    await host.file("wrong.json", '{ "kv": 1 }');
    const { stderr, status } = await host.run(["--config", "wrong.json", "-e", "1"]);
    expect(stderr).toBe("moebi: wrong.json: kv is 1, not { key: value }\n");
    expect(status).toBe(1);
  });
});

describe("moebi stop", () => {
  test("ends the program that a node runs in, in good order, and waits for it", async () => {
    await host.background("other@localhost");
    const { stderr, status } = await host.run(["stop", "other@localhost"]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect((await host.run(["names"])).stdout).not.toContain("other");
    expect((await host.run(["stop", "other@localhost"])).status).toBe(2);
  });
});
