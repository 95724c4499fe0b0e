import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Completer } from "../../src/shell/completer.ts";
import { openSession } from "./helpers/open-session.ts";

async function open(statements: readonly string[] = []) {
  const { node, session, run } = openSession();
  for (const statement of statements) await run(statement);
  const completer = new Completer({
    runtime: node.runtime,
    session,
    localNames: () => Promise.resolve(["kate"]),
  });
  const listed = async (before: string) => (await completer.complete(before)).candidates.map(({ name }) => name);
  return { completer, listed, node };
}

describe("Completer", () => {
  test("where a node is expected, those of the host", async () => {
    const { listed, completer } = await open();
    expect(await listed('Node.connect("')).toEqual(["alex@localhost", "kate@localhost"]);
    expect((await completer.complete('{ node: "ka')).insert).toBe("te@localhost");
  });

  test("a host that does not answer is not waited for", async () => {
    const { node, session } = openSession();
    const completer = new Completer({ runtime: node.runtime, session, localNames: () => new Promise(() => undefined) });
    expect((await completer.complete('Node.connect("')).insert).toBe("alex@localhost");
  });

  test("where a name is expected, those registered here", async () => {
    const { completer } = await open(['Process.register(spawn(() => receive()), "Kitchen")']);
    expect((await completer.complete('GenServer.call("Kit')).insert).toBe("chen");
    expect((await completer.complete('Process.whereis("Kit')).insert).toBe("chen");
  });

  test("modules and their functions by name", async () => {
    const { completer } = await open(["const Kate = { sayName() {} }"]);
    expect((await completer.complete('rpc.call("a@b", "Kat')).insert).toBe("e");
    expect((await completer.complete('rpc.call("a@b", Kate, "say')).insert).toBe("Name");
  });

  test("files that can be loaded, and folders", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moebi-complete-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "below"));
    for (const name of ["kate.ts", "kate.txt", ".hidden.ts"]) writeFileSync(join(folder, name), "");
    const { listed, completer } = await open();
    expect(await listed(`c("${folder}/`)).toEqual([`${folder}/below/`, `${folder}/kate.ts`]);
    expect((await completer.complete(`cd("${folder}/b`)).insert).toBe("elow/");
    expect(await listed(`c("${folder}/nowhere/`)).toEqual([]);
  });

  test("a second Tab says how functions are called and what they do", async () => {
    const { completer } = await open();
    expect(await completer.complete("flu")).toEqual({ insert: "sh", candidates: [] });
    expect(await completer.complete("flush")).toEqual({
      insert: "",
      candidates: [{ name: "flush()", detail: "Prints the messages in the shell's mailbox, in order, and drops them" }],
    });
  });

  test("a second Tab tells the types of members", async () => {
    const { completer } = await open(["const kate = { age: 4, name: 'K', greet(to) {} }"]);
    const first = await completer.complete("kate.");
    expect(first.candidates).toEqual([{ name: "age" }, { name: "greet/1" }, { name: "name" }]);
    expect((await completer.complete("kate.")).candidates).toEqual([
      { name: "age", detail: "number" },
      { name: "greet/1", detail: "(to)" },
      { name: "name", detail: "string" },
    ]);
  });

  test("types declared at the prompt count, also where nothing lives yet", async () => {
    const { listed } = await open(["interface Person { name: string; friends: Person[] }"]);
    expect(await listed("const f = (p: Person) => p.")).toEqual(["friends", "name"]);
  });

  test("inside brackets and quotes, the keys of what stands before them, running nothing", async () => {
    const { listed } = await open([
      "const odd = { 'a-b': 1, get boom() { throw new Error('ran') }, ok: 2 }",
      "const trap = { of: new Proxy({}, { ownKeys() { throw new Error('ran') }, get() { throw new Error('ran') } }) }",
    ]);
    expect(await listed('odd["')).toEqual(["a-b", "boom", "ok"]);
    expect(await listed("odd?.['")).toEqual(["a-b", "boom", "ok"]);
    expect(await listed("odd.boom.")).toEqual([]);
    expect(await listed('trap.of["')).toEqual([]);
    expect(await listed("trap.of.a.")).toEqual([]);
    expect(await listed('const list = ["')).toEqual([]);
  });

  test("what types say may stand there: of the library's functions, and of one's own", async () => {
    const { listed } = await open([
      'type Mode = "fast" | "slow"',
      'function go(mode: Mode, how: { way: "up" | "down" }) {}',
    ]);
    expect(await listed('Supervisor.startLink([], { strategy: "')).toEqual(["oneForAll", "oneForOne", "restForOne"]);
    expect(await listed('Node.list("')).toContain("hidden");
    expect(await listed('go("')).toEqual(["fast", "slow"]);
    expect(await listed('go("fast", { way: "')).toEqual(["down", "up"]);
    expect(await listed('const m: Mode = "')).toEqual(["fast", "slow"]);
    expect(await listed('const n: NodeName = "')).toEqual(["alex@localhost", "kate@localhost"]);
    expect(await listed("configure({ ")).toContain("depth");
    expect(await listed('process.on("SIG')).toContain("SIGINT");
  });

  test("what can be imported, and applications", async () => {
    const { listed, completer } = await open([
      'defineApplication({ name: "shop", start: () => spawn(() => receive()) })',
    ]);
    expect(await listed('import x from "')).toEqual(["./", "moebi", "moebi/testing", "node:"]);
    expect((await completer.complete('import os from "node:o')).insert).toBe("s");
    expect((await completer.complete('Application.start("sh')).insert).toBe("op");
  });
});
