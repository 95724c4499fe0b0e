import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { interruptPried } from "../../src/cli/pried.ts";
import { pry } from "../../src/shell/pry.ts";
import { Shell } from "../../src/shell/server.ts";
import { startNode } from "../../src/start-node.ts";
import { captureShell } from "../support/capture-shell.ts";
import { TypedDevice } from "../support/typed-device.ts";

const FIRST = "moebi(1)> ";

/** A shell at a terminal that the test types at. */
async function open() {
  const device = new TypedDevice();
  const log: string[] = [];
  const node = await startNode({ device, log: (entry) => log.push(entry.message) });
  const { runtime, scope } = node;
  const leader = runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  const shell = new Shell({ runtime, scope, leader });
  const ended = shell.start();
  onTestFinished(async () => {
    shell.stop();
    await node.stop();
  });
  const type = (prompt: string, text: string | null): Promise<void> => device.type(prompt, text);
  return { device, node, leader, shell, log, type, ended };
}

describe("pry()", () => {
  test("IEX-038: the process of the prompt stops in the function, whose variables can be read and assigned, and goes on", async () => {
    const { device, type } = await open();
    await type(
      FIRST,
      "const Kate = {\n  async hi(name: string, { times = 1 } = {}) {\n    let text: string = name;\n    await pry();\n    return text + times;\n  },\n}",
    );
    await type("moebi(2)> ", 'Kate.hi("bob")');
    await type("pry(1)> ", "[name, times, text, this === Kate]");
    await type("pry(2)> ", "times = 7; text += '!'");
    await type("pry(3)> ", "const y = times + 1");
    await type("pry(4)> ", "y");
    await type("pry(5)> ", "continue()");
    await device.prompted("moebi(3)> ");
    expect(device.shown).toContain(
      [
        "Break reached: Kate.hi/1 (moebi(1):4)",
        "",
        "     1: const Kate = {",
        "     2:   async hi(name: string, { times = 1 } = {}) {",
        "     3:     let text: string = name;",
        "=>   4:     await pry();",
        "     5:     return text + times;",
        "     6:   },",
        "     7: }",
        "",
        "pry(1)> [name, times, text, this === Kate]",
        '["bob", 1, "bob", true]',
        "pry(2)> times = 7; text += '!'",
        '"bob!"',
        "pry(3)> const y = times + 1",
        "8",
        "pry(4)> y",
        "8",
        "pry(5)> continue()",
        '"bob!7"',
        "",
      ].join("\n"),
    );
  });

  test("IEX-038: another process asks first, and goes on if it is refused", async () => {
    const { device, type } = await open();
    await type(FIRST, "const go = async (n: number) => { await pry(); await IO.puts(`went on ${n}`) }");
    await type("moebi(2)> ", "const p = spawn(() => go(1))");
    await type("Allow? [Yn] ", "n");
    await device.waitFor("went on 1\n");
    await type("moebi(3)> ", "const q = spawn(() => go(2))");
    await type("Allow? [Yn] ", "");
    await type("pry(1)> ", "[n, self() === q]");
    await type("pry(2)> ", null);
    await device.waitFor("went on 2\n");
    expect(device.shown).toMatch(/Request to pry #PID<0\.\d+\.0> at go\/1 \(moebi\(1\):1\)\n\n=> +1: const go = /u);
    expect(device.shown).toContain("[2, true]\n");
    await device.prompted("moebi(4)> ");
  });

  test("what is declared stands in front of the function's variables; constants and what has no value yet say so", async () => {
    const { device, type } = await open();
    await type(FIRST, "const h = 1");
    await type(
      "moebi(2)> ",
      "const f = async (i) => { const c = 2; await pry(); let later = 3; return [i, c, later] }",
    );
    await type("moebi(3)> ", "f(1)");
    await type("pry(1)> ", "[h, i, c]");
    await type("pry(2)> ", "c = 9");
    await type("pry(2)> ", "later");
    await type("pry(2)> ", "h = 5");
    await type("pry(2)> ", "let i = 8");
    await type("pry(3)> ", "i");
    await type("pry(4)> ", "nosuch = 1; nosuch");
    await type("pry(5)> ", "continue");
    await device.prompted("moebi(4)> ");
    expect(device.shown).toContain("[1, 1, 2]\n");
    expect(device.shown).toContain("c = 9\n** (TypeError) Assignment to constant variable.\n");
    expect(device.shown).toContain("later\n** (ReferenceError) Cannot access 'later' before initialization\n");
    expect(device.shown).toContain("h = 5\n** (TypeError) Assignment to constant variable.\n");
    expect(device.shown).toContain("pry(3)> i\n8\n");
    expect(device.shown).toContain("[1, 2, 3]\n");
  });

  test("names that are declared more than once are the nearest ones", async () => {
    const { device, type } = await open();
    await type(
      FIRST,
      "const f = async (a) => { { let a = 'inner'; await (async () => { await pry() })() } }; f('outer')",
    );
    await type("pry(1)> ", "a");
    await type("pry(2)> ", "continue()");
    await device.prompted("moebi(2)> ");
    expect(device.shown).toContain("anonymous fn/0 in f/1");
    expect(device.shown).toContain('pry(1)> a\n"inner"\n');
  });

  test("a file that was loaded hands over its own variables too, whatever it calls pry", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moebi-pry-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "total.ts");
    writeFileSync(
      file,
      'import { pry as look } from "moebi";\nlet rate: number = 2;\n/* a\n comment */\nexport const Total = {\n  async of(n: number) {\n    await look();\n    return n * rate;\n  },\n};\n',
    );
    const { device, type } = await open();
    await type(FIRST, `c(${JSON.stringify(file)})`);
    await type("moebi(2)> ", "Total.of(4)");
    await type("pry(1)> ", "rate = n");
    await type("pry(2)> ", "continue()");
    await device.prompted("moebi(3)> ");
    expect(device.shown).toContain(`Break reached: Total.of/1 (${file}:7)`);
    expect(device.shown).toContain("=>   7:     await look();\n     8:     return n * rate;\n");
    expect(device.shown).toContain("continue()\n16\n");
  });

  test("compiled code shows the variables it names, and where it stands", async () => {
    const { device, node, leader, type } = await open();
    await device.prompted(FIRST);
    const variables = { a: 1 };
    const result = node.run(() => pry(variables), { leader });
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", "a = a + 1");
    await type("pry(2)> ", "whereami()");
    await type("pry(3)> ", "continue()");
    expect(await result).toBe("ok");
    expect(variables.a).toBe(2);
    expect(device.shown).toMatch(/Location: .*pry\.test\.ts:\d+\)?\n/u);
  });

  test("what is typed can be interrupted, and the process waits on", async () => {
    const { device, node, leader, type } = await open();
    await type(FIRST, "const f = async () => { await pry(); return 5 }; f()");
    await type("pry(1)> ", "IO.puts('waits'); await Process.sleep(Infinity)");
    await device.waitFor("waits\n");
    expect(interruptPried(node, leader)).toBe(true);
    await type("pry(1)> ", "IO.puts('loops'); while (true) await null");
    await device.waitFor("loops\n");
    interruptPried(node, leader);
    await type("pry(1)> ", "continue()");
    await device.waitFor("continue()\n5\n");
    await device.prompted("moebi(2)> ");
    expect(device.shown.split("** (interrupted)\n")).toHaveLength(3);
    expect(interruptPried(node, leader)).toBe(false);
  });

  test("a second process waits its turn, and the shell's own prompt as well", async () => {
    const { device, type } = await open();
    await type(FIRST, "const go = async (n) => { await pry(); await IO.puts(`went on ${n}`) }");
    await type("moebi(2)> ", "const p = [spawn(() => go(1)), spawn(() => go(2))]; await Process.sleep(20); 'awake'");
    await type("Allow? [Yn] ", "y");
    await device.waitFor('"awake"\n');
    await type("pry(1)> ", "n");
    await type("pry(2)> ", "continue()");
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", "n");
    await type("pry(2)> ", "continue()");
    await type("moebi(3)> ", "1");
    await device.waitFor("went on 2\n");
    expect(device.shown).toMatch(/pry\(1\)> n\n1\n[^]*went on 1\n[^]*pry\(1\)> n\n2\n/u);
  });

  test("one that is called from the prompt of the same process comes on top of it", async () => {
    const { device, type } = await open();
    await type(FIRST, "const f = async (n) => { await pry(); return n }; f(1)");
    await type("pry(1)> ", "const g = async (m) => { await pry(); return m }; g(n + 1)");
    await type("pry(1)> ", "m");
    await type("pry(2)> ", "continue()");
    await type("pry(2)> ", "continue()");
    await device.prompted("moebi(2)> ");
    expect(device.shown).toContain("pry(1)> m\n2\npry(2)> continue()\n2\npry(2)> continue()\n1\n");
  });

  test("the death of the process ends the prompt, and says so", async () => {
    const { device, type } = await open();
    await type(FIRST, "const p = spawn(async () => { await pry() })");
    await type("Allow? [Yn] ", "y");
    await device.prompted("pry(1)> ");
    await type("pry(1)> ", 'Process.exit(self(), "kill"); await Process.sleep(Infinity)');
    await device.prompted("moebi(2)> ");
    expect(device.shown).toMatch(/\*\* \(EXIT from #PID<0\.\d+\.0>\) process exited with reason: killed\n/u);
  });

  test("the death of the shell's own process is told once, and the shell goes on", async () => {
    const { device, type } = await open();
    await type(FIRST, "const f = async () => { await pry() }; f()");
    await type("pry(1)> ", 'Process.exit(self(), "boom"); await Process.sleep(Infinity)');
    await type(FIRST, "2");
    await device.prompted("moebi(2)> ");
    expect(device.shown.match(/\*\* \(EXIT from .*/gu)).toEqual([
      expect.stringMatching(/shell process exited with reason: "boom"$/u),
    ]);
  });

  test("the death of the shell's process gives the shell other prompts, and not the prompt of another process", async () => {
    const { device, type } = await open();
    await type(FIRST, "const me = self(); const p = spawn(async () => { await pry() })");
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", 'Process.exit(me, "boom")');
    await device.waitFor('shell process exited with reason: "boom"\n');
    await device.prompted("pry(2)> ");
    expect(device.shown).not.toContain("(other prompts)");
    await type("pry(2)> ", "continue()");
    await device.waitFor("(other prompts)");
  });

  test("respawn() leaves another process to itself, and begins the shell's own anew", async () => {
    const { device, type } = await open();
    await type(FIRST, "const go = async () => { await pry(); await IO.puts('went on') }");
    await type("moebi(2)> ", "const p = spawn(go)");
    await type("Allow? [Yn] ", "y");
    await type("pry(1)> ", "respawn()");
    await device.waitFor("went on\n");
    await type("moebi(3)> ", "go()");
    await type("pry(1)> ", "respawn()");
    await type(FIRST, "3");
    await device.prompted("moebi(2)> ");
    expect(device.shown.match(/went on\n/gu)).toHaveLength(1);
  });

  test("with the shell its own process ends; another goes on", async () => {
    const { device, shell, node, type } = await open();
    await type(FIRST, "const f = async () => { await pry() }; f()");
    await device.prompted("pry(1)> ");
    shell.stop();
    await device.prompted(undefined);
    expect([...node.runtime.processes.values()].some(({ initialCall }) => initialCall === "Shell.pry/1")).toBe(false);
  });

  test("a terminal that is gone lets the process go on, with a warning", async () => {
    const { device, node, log } = await open();
    await device.prompted(FIRST);
    const group = node.runtime.spawn(() => Promise.reject(new Error("no leader")), {});
    const result = node.run(() => pry(), { leader: group.pid });
    expect(await result).toEqual(["error", "no_shell"]);
    expect(log.join("\n")).toMatch(/Cannot pry #PID<0\.\d+\.0> at .*: there is no shell to ask/u);
  });

  test("goes straight on in a script, with a warning", async () => {
    const { out, log } = await captureShell("const f = async (a) => { const r = await pry(); return [a, r] }; f(1)");
    expect(out).toBe('[1, ["error", "no_shell"]]\n');
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot pry #PID<0\.\d+\.0> at f\/1 \(moebi\(1\):1\): there is no shell to ask$/u),
    ]);
  });

  test("refuses what is no object of variables", async () => {
    const { err } = await captureShell("await pry(null as never)");
    expect(err).toMatch(/^\*\* \(ArgumentError\) pry takes an object of variables, as in pry\(\{ name \}\), not null/u);
  });

  test("whoever has a function of that name of their own calls that", async () => {
    const { out } = await captureShell("const pry = (a) => a + 1\npry(1)");
    expect(out).toBe("[Function: pry]\n2\n");
  });
});
