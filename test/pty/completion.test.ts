import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newHost, prompts, type Host } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";

let host: Host;

beforeAll(async () => {
  host = await newHost();
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

async function opened(columns: number, rows: number): Promise<Pty> {
  const pty = host.open([], { columns, rows });
  await pty.waitFor(prompts("moebi(1)>"));
  return pty;
}

describe("the prompt", () => {
  test("completes, explains, folds, pages, and shows where errors are", async () => {
    const pty = await opened(100, 30);
    pty.type("flu\t");
    await pty.waitFor(prompts("moebi(1)> flush"));
    pty.type("\t");
    await pty.waitFor("flush()  Prints the messages in the shell's mailbox, in order, and drops them");
    pty.type("\x03Task.as\t");
    await pty.waitFor(prompts("moebi(1)> Task.async"));
    pty.type("\t");
    await pty.waitFor("asyncStream");
    await pty.waitFor("Runs a function in a process of its own");

    pty.type("\x03interface Person { name: string; friends: Person[] }\r");
    pty.type("const greet = (p: Person) => p.friends[0].\t");
    await pty.waitFor((screen) => /friends +name/u.test(screen.text()));
    pty.type('\x03cd("');
    await pty.waitFor((screen) => !/friends +name/u.test(screen.text()));

    pty.type("\x03Array.from({ length: 300 }, (_, i) => ({ i }))\r");
    await pty.waitFor("more lines: more() shows all of it");
    await pty.waitFor(prompts("moebi(2)>"));
    expect(pty.screen.text()).not.toContain("{ i: 99 }");
    pty.type("more()\r");
    await pty.waitFor("1-29 of 302");
    pty.type(" ");
    await pty.waitFor("{ i: 29 }");
    pty.type("/i: 299\r");
    await pty.waitFor("{ i: 299 }");
    pty.type("q");
    await pty.waitFor(prompts("moebi(3)>"));
    expect(pty.screen.text()).not.toContain("{ i: 299 }");

    pty.type("const f = (a) => {\r  return a.b.c\r}\r");
    await pty.waitFor(prompts("moebi(4)>"));
    pty.type("f({})\r");
    await pty.waitFor(`    at f (moebi(3):2:14)\n      2 |   return a.b.c\n        |              ^\nmoebi(4)>`);
    pty.type("pidd\r");
    await pty.waitFor("** (ReferenceError) pidd is not defined; did you mean pid?\nmoebi(4)>");
    pty.type("configure({ maxEntries: 3 })\r");
    await pty.waitFor(prompts("moebi(5)>"));
    pty.type("[1, 2, 3, 4, 5]\r");
    await pty.waitFor("[1, 2, 3, ... 2 more]");
  });

  test.each([
    [40, 10],
    [200, 60],
  ])("lists candidates in columns on %i by %i, and never over the whole screen", async (columns, rows) => {
    const pty = await opened(columns, rows);
    pty.type("Process.\t");
    // A frame may come in parts, so what is below is waited for too.
    const last = rows > 20 ? /whereis\/1/u : /… \d+ more/u;
    await pty.waitFor((screen) => /alias\/0 +alive\/1/u.test(screen.text()) && last.test(screen.text()));
    const text = pty.screen.text();
    expect(text).toContain("moebi(1)> Process.");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test("knows what a call gives and what a string may be, and shows all of it on a small screen", async () => {
    const pty = await opened(40, 12);
    pty.type("interface P { name: string; age: number }\r");
    pty.type("function find(who: 'kate' | 'alex'): P { return { name: who, age: 4 } }\r");
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("find('kate').\t");
    await pty.waitFor((screen) => /^age +name$/mu.test(screen.text()));
    pty.type("\x03find('\t");
    await pty.waitFor((screen) => /^alex +kate$/mu.test(screen.text()));
    pty.type("\x03flush\t\t");
    await pty.waitFor("flush()  Prints the messages in the\n    shell's mailbox, in order, and drops\n    them");
    pty.type("\x03process.versions && process.memoryUsage()\r");
    await pty.waitFor((screen) => /^ {2}heapTotal: \d+,$/mu.test(screen.text()));
    pty.type('"x".repeat(2000)\r');
    await pty.waitFor("more characters: more()");
    expect(
      Math.max(
        ...pty.screen
          .text()
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(40);
    pty.type('h("Task.asinc")\r');
    await pty.waitFor("did you mean");
  });
});
