import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, prompts } from "../support/moebi.ts";

let host: Host;

beforeAll(async () => {
  host = await newHost();
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

const FILE = `import { pry } from "moebi";
// Waits for a person.
export const Kate = {
  async add(a: number): Promise<number> {
    let sum = a + 1;
    await pry();
    return sum;
  },
};
`;

describe("pry()", () => {
  test("a half-typed statement, keys, Ctrl+C and Ctrl+D: what is looked into has the prompt, and then the shell again", async () => {
    await host.file("kate.ts", FILE);
    await using pty = host.open(["--sname", "alex", "-r", "kate.ts"]);
    await pty.waitFor(prompts("moebi(alex@localhost)1>"));
    pty.type("import { existsSync } from 'node:fs'\r");
    await pty.waitFor(prompts("moebi(alex@localhost)2>"));
    pty.type(
      "const p = spawn(async () => { while (!existsSync('go')) await Process.sleep(20); await IO.puts(`sum ${await Kate.add(4)}`) })\r",
    );
    await pty.waitFor(prompts("moebi(alex@localhost)3>"));
    pty.type("'half");
    await pty.waitFor(prompts("moebi(alex@localhost)3> 'half"));
    await host.file("go", "");
    await pty.waitFor("Allow? [Yn]");
    expect(pty.screen.text()).toMatch(/Request to pry #PID<0\.\d+\.0> at Kate\.add\/1 \(.*kate\.ts:6\)/u);
    expect(pty.screen.text()).toContain("=>   6:     await pry();");
    pty.type("\r");
    await pty.waitFor(prompts("pry(alex@localhost)1>"));
    pty.type("su\t");
    await pty.waitFor("sum    super");
    pty.type("m = 40 + 2\r");
    await pty.waitFor(prompts("pry(alex@localhost)2>"));
    // Synchronous, then one that awaits: neither ends the process, which waits on.
    for (const loop of ["while (true);", "while (true) await null;"]) {
      pty.type(`process.getBuiltinModule("fs").writeSync(1, "loops"); ${loop}\r`);
      await pty.waitFor((screen) => screen.line(screen.cursor.y).startsWith("loops"));
      pty.type("\x03");
      await pty.waitFor(prompts("pry(alex@localhost)2>"));
    }
    expect(pty.screen.text().split("** (interrupted)")).toHaveLength(3);
    pty.type("\x04");
    await pty.waitFor(prompts("moebi(alex@localhost)3> 'half"));
    await pty.waitFor("sum 42");
    pty.type("'\r");
    await pty.waitFor(prompts("moebi(alex@localhost)4>"));
  });

  test("whereami() tells how a process came there, in lines and columns that were typed", async () => {
    await using pty = host.open(["--sname", "alex"]);
    await pty.waitFor(prompts("moebi(alex@localhost)1>"));
    pty.type("const f = async (n) => { const m = n * 2; await pry(); return m }\r");
    await pty.waitFor(prompts("moebi(alex@localhost)2>"));
    pty.type("f(4)\r");
    await pty.waitFor(prompts("pry(alex@localhost)1>"));
    pty.type("whereami()\r");
    await pty.waitFor(prompts("pry(alex@localhost)2>"));
    expect(pty.screen.text()).toContain("    at f (moebi(1):1:52)\n    at moebi(2):1:2\n");
    pty.type("continue()\r");
    await pty.waitFor(prompts("moebi(alex@localhost)3>"));
  });

  test("source() shows it in the colours of input, open() in the editor at its line, and setBreak() stops it", async () => {
    const file = await host.file("alex.ts", FILE.replaceAll("Kate", "Alex"));
    await using pty = host.open(["--sname", "alex", "-r", "alex.ts"], {
      env: { EDITOR: `printf 'edits %s at %s\\n' __FILE__ __LINE__; read line; echo left with`, NO_COLOR: undefined },
    });
    await pty.waitFor(prompts("moebi(alex@localhost)1>"));
    pty.type("source(Alex.add)\r");
    await pty.waitFor(prompts("moebi(alex@localhost)2>"));
    expect(pty.screen.text()).toContain(`// ${file}:4\nasync add(a: number): Promise<number> {\n  let sum = a + 1;`);
    const row = pty.screen.text().split("\n").indexOf("async add(a: number): Promise<number> {");
    expect(pty.screen.cell(0, row)).toMatchObject({ text: "a", bold: true });
    pty.type("open(Alex.add)\r");
    await pty.waitFor(`edits ${file} at 4`);
    pty.type("and back\r");
    await pty.waitFor("r(Alex) loads it");
    await pty.waitFor(prompts("moebi(alex@localhost)3>"));
    pty.type("setBreak(Alex.add); Alex.add(1)\r");
    await pty.waitFor(prompts("pry(alex@localhost)1>"));
    pty.type("a = 10\r");
    await pty.waitFor(prompts("pry(alex@localhost)2>"));
    pty.type("continue()\r");
    await pty.waitFor(prompts("pry(alex@localhost)1>"));
    pty.type("continue()\r");
    await pty.waitFor(prompts("moebi(alex@localhost)4>"));
    expect(pty.screen.text()).toContain("continue()\n11\n");
  });

  test("in a shell of another node the person is at this terminal, and open() says why not", async () => {
    await host.file("far.ts", FILE.replaceAll("Kate", "Far"));
    await host.background("service@localhost", [], ["-r", "far.ts"]);
    await using pty = host.open(["--remsh", "service@localhost"]);
    await pty.waitFor(prompts("moebi(service@localhost)1>"));
    pty.type("Far.add(1)\r");
    await pty.waitFor(prompts("pry(service@localhost)1>"));
    pty.type("sum\r");
    await pty.waitFor(prompts("pry(service@localhost)2>"));
    pty.type("\x04");
    await pty.waitFor(prompts("moebi(service@localhost)2>"));
    pty.type("source(Far.add)\r");
    await pty.waitFor(prompts("moebi(service@localhost)3>"));
    expect(pty.screen.text()).toContain("async add(a: number): Promise<number> {");
    pty.type("open(Far.add)\r");
    await pty.waitFor("is a file of service@localhost, which only");
  });
});
