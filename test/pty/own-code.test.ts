import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";

/** As editors that write beside the file, and then put it in its place. */
async function replaced(host: Awaited<ReturnType<typeof newHost>>, name: string, text: string): Promise<void> {
  await rename(await host.file(`${name}~`, text), join(host.home, name));
}

test("files that change on disk are loaded again before the next statement, and old code is kept if that fails", async () => {
  await using host = await newHost();
  await host.file("part.ts", "export const age: number = 1;");
  await host.file("kate.ts", 'import { age } from "./part.ts";\nexport const Kate = { age: () => age };');
  await mkdir(join(host.home, ".config", "moebi"), { recursive: true });
  await host.file(".config/moebi/settings.json", '{ "autoReload": true }');
  const pty = host.open(["-r", "kate.ts"]);
  await pty.waitFor(prompts("moebi(1)>"));
  pty.type("Kate.age()\r");
  await pty.waitFor("\n1\nmoebi(2)>");
  await replaced(host, "part.ts", "export const age: number = 2;");
  pty.type("Kate.age()\r");
  await pty.waitFor("(reloaded kate.ts: Kate)\n2\nmoebi(3)>");
  await replaced(host, "part.ts", "export const age: number = ;");
  pty.type("Kate.age() + 40\r");
  await pty.waitFor("kate.ts is kept as it was:\n** (SyntaxError) part.ts:1:28: ");
  await pty.waitFor("\n42\nmoebi(4)>");
  pty.type("Kate.age() + 50\r");
  await pty.waitFor("moebi(4)> Kate.age() + 50\n52\nmoebi(5)>");
  // What never ends is stopped, and so is the statement.
  await replaced(host, "part.ts", "await new Promise(() => undefined);\nexport const age = 3;");
  pty.type("Kate.age() + 60\r");
  await pty.waitFor("Kate.age() + 60");
  pty.type("\x03");
  await pty.waitFor("** (interrupted)");
  await pty.waitFor(prompts("moebi(5)>"));
  pty.type("configure({ autoReload: false }); Kate.age() + 70\r");
  await pty.waitFor("\n72\n");
});

test("functions of one's own are commands: listed by h() with what their comments say, completed, and shown on other nodes", async () => {
  await using host = await newHost();
  await mkdir(join(host.home, ".config", "moebi"), { recursive: true });
  await host.file(
    ".config/moebi/init.ts",
    "/** Says hello to somebody. More of it. */\nfunction greet(name: string) { return `hello ${name}` }\nconst quiet = () => 1\n",
  );
  const file = await host.file(
    "tools.ts",
    "/** Doubles a number, whatever it is. */\nexport async function double(n: number): Promise<number> { return n * 2 }\nexport const unlisted = () => 0;\n",
  );
  const pty = host.open(["--sname", "alex@localhost", "-r", file]);
  const prompt = (n: number, typed = ""): string => `moebi(alex@localhost)${String(n)}>${typed}`;
  await pty.waitFor(prompts(prompt(1)));
  pty.type("h()\r");
  await pty.waitFor("Your own");
  await pty.waitFor(prompts(prompt(2)));
  const text = pty.screen.scrollback();
  expect(text).toMatch(/^ {2}double\(n: number\): Promise<number> {2}Doubles a number, whatever it is$/mu);
  expect(text).toMatch(/^ {2}greet\(name: string\) +Says hello to somebody$/mu);
  expect(text).not.toMatch(/quiet|unlisted/u);
  pty.type("doub\t");
  await pty.waitFor(prompts(prompt(2, " double")));
  pty.type("\t");
  await pty.waitFor("double(n: number): Promise<number>  Doubles a number, whatever it is");
  pty.type("(21)\r");
  await pty.waitFor(`\n42\n${prompt(3)}`);
  pty.type("h(greet)\r");
  await pty.waitFor("Says hello to somebody. More of it.");
  await pty.waitFor(prompts(prompt(4)));
  // Whoever looks in has the node's commands, not the person's own.
  const visitor = host.open(["--remsh", "alex@localhost"]);
  await visitor.waitFor(prompts(prompt(1)));
  visitor.type('h("double")\r');
  await visitor.waitFor("Doubles a number, whatever it is.");
  await visitor.waitFor(prompts(prompt(2)));
  visitor.type("double(4)\r");
  await visitor.waitFor(`\n8\n${prompt(3)}`);
  visitor.type("greet('kate')\r");
  await visitor.waitFor("greet is not defined");
});
