import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, type Piped } from "../support/moebi.ts";

let host: Host;

beforeAll(async () => {
  host = await newHost();
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

type Answer = Readonly<Record<string, unknown>>;

function messagesIn(text: string): Answer[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Answer);
}

function send({ child }: Piped, ...messages: object[]): void {
  for (const message of messages) child.stdin?.write(`${JSON.stringify(message)}\n`);
}

function lines(...messages: (object | string)[]): string {
  return messages.map((message) => `${typeof message === "string" ? message : JSON.stringify(message)}\n`).join("");
}

describe("moebi --protocol", () => {
  test("answers each message on standard output, and nothing else stands there; ends with its input, status 0", async () => {
    const input = lines(
      {
        id: 1,
        op: "eval",
        code: "console.log('printed'); process.stdout.write('raw\\n'); process.stderr.write('aside'); 6 * 7",
      },
      "nonsense",
      { id: 2, op: "eval", code: "throw new RangeError('bad')" },
      { id: 3, op: "isComplete", code: "[1," },
    );
    const { stdout, stderr, status } = await host.run(["--protocol"], input);
    const answers = messagesIn(stdout);
    expect(answers.filter(({ id }) => id === 1)).toEqual([
      { id: 1, session: "main", out: "printed\nraw\n" },
      { id: 1, session: "main", value: "42", json: 42 },
      { id: 1, session: "main", status: ["done"] },
    ]);
    expect(answers.find(({ id }) => id === undefined)).toMatchObject({ error: { code: "not_json" } });
    expect(answers.find(({ id }) => id === 2)).toMatchObject({ error: { name: "RangeError" } });
    expect(answers.find(({ id }) => id === 3)).toMatchObject({ completeness: "incomplete" });
    expect({ stderr, status }).toEqual({ stderr: "aside", status: 0 });
  });

  test("evaluates on another node with --remsh, and ends with status 1 when that node goes", async () => {
    const app = await host.background("app@localhost", ["const Counter = { hits: 3 }"]);
    const driven = host.start(["--protocol", "--remsh", "app@localhost"]);
    send(driven, { id: 1, op: "eval", code: "console.log(node()); Counter.hits" });
    await driven.waitFor('"id":1,"session":"main","status":["done"]');
    send(driven, { id: 2, op: "complete", code: "Counter.hi" }, { id: 3, op: "eval", code: "await receive()" });
    await driven.waitFor('"id":2');
    send(driven, { id: 4, op: "interrupt", interruptId: 3 }, { id: 5, op: "lookup", name: "Counter.hits" });
    await driven.waitFor('"id":3,"session":"main","status":["interrupted","done"]');
    await driven.waitFor('"id":5');
    send(driven, { id: 6, op: "eval", code: "IO.puts('last'); await receive()" });
    await driven.waitFor("last");
    app.kill("SIGKILL");
    const { stdout, stderr, status } = await driven.finished;
    const answers = messagesIn(stdout);
    expect(answers.filter(({ id }) => id === 1)).toMatchObject([{ out: "app@localhost\n" }, { json: 3 }, {}]);
    expect(answers.find(({ id }) => id === 2)).toMatchObject({ candidates: [{ text: "hits", kind: "property" }] });
    expect(answers.find(({ id }) => id === 5)).toMatchObject({ info: expect.stringContaining("number") as string });
    expect(answers.filter(({ id }) => id === 6).at(-1)).toMatchObject({ error: { code: "noconnection" } });
    expect({ stderr, status }).toEqual({ stderr: expect.stringContaining("is gone") as string, status: 1 });
  });

  test("SIGINT stops what is evaluated, also a loop without an end, and the program goes on", async () => {
    const driven = host.start(["--protocol"]);
    const begins = `process.getBuiltinModule("node:fs").writeSync(2, "begins")`;
    send(driven, { id: 1, op: "eval", code: "const n = 5" }, { id: 2, op: "eval", code: `${begins}; while (true) {}` });
    await driven.waitFor("begins");
    driven.kill("SIGINT");
    await driven.waitFor('"id":2,"session":"main","status":["interrupted","done"]');
    send(driven, { id: 3, op: "eval", code: "n + 1" });
    await driven.waitFor('"json":6');
    driven.child.stdin?.end();
    expect((await driven.finished).status).toBe(0);
  });

  test("tells of nodes that come and go, of the log, and of what no request has asked for", async () => {
    const driven = host.start(["--protocol", "--sname", "alex"]);
    send(driven, { id: 1, op: "eval", code: "Logger.info('logged'); node()" });
    await driven.waitFor('"json":"alex@localhost"');
    const kate = await host.background("kate@localhost", ['await Node.connect("alex@localhost")']);
    await driven.waitFor('{"event":"nodeup","node":"kate@localhost"}');
    send(driven, {
      id: 2,
      op: "eval",
      code: "const user = Process.whereis('user'); await IO.puts(user, 'for nobody')",
    });
    await driven.waitFor('{"event":"out","out":"for nobody\\n"}');
    kate.kill("SIGKILL");
    await driven.waitFor('"event":"nodedown"');
    expect(messagesIn(driven.stdout)).toContainEqual(
      expect.objectContaining({ event: "log", level: "info", text: expect.stringContaining("logged") as string }),
    );
    driven.kill("SIGTERM");
    await driven.finished;
  });

  test("ends when nobody reads its answers any more", async () => {
    const driven = host.start(["--protocol"]);
    driven.child.stdout?.destroy();
    send(driven, { id: 1, op: "eval", code: "for (;;) await IO.puts('more')" });
    expect((await driven.finished).status).toBe(0);
  });

  test("takes no files, statements or command beside it, and its --help lists the operations", async () => {
    const refused = await host.run(["--protocol", "-e", "1"]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("comes from the program") as string });
    const { stdout } = await host.run(["--protocol", "--help"]);
    expect(stdout).toContain("eval { code, session?, file?, line? }");
  });
});
