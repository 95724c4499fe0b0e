import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { docPage, docTable } from "../../src/shell/doc-page.ts";

const PLAIN = { columns: 40 };

describe("docPage()", () => {
  test("fills paragraphs to the width, and breaks no word", () => {
    const doc =
      "Starts a supervisor linked to the caller,\nand its children in order, each when the former has started.";
    expect(docPage({ signature: "start()", doc }, PLAIN)).toEqual([
      "start()",
      "",
      "Starts a supervisor linked to the",
      "caller, and its children in order, each",
      "when the former has started.",
    ]);
  });

  test("keeps paragraphs apart, and lists as they are", () => {
    const doc = "One.\n\n- first, which is longer than the screen is wide\n- second\n\n  Kate.hi\n  Kate.sayName";
    expect(docPage({ signature: "x", doc }, PLAIN).slice(2)).toEqual([
      "One.",
      "",
      "- first, which is longer than the screen",
      "  is wide",
      "- second",
      "",
      "  Kate.hi",
      "  Kate.sayName",
    ]);
  });

  test("shows code as it stands, without its fences", () => {
    const doc = "Like so:\n```ts\nconst a = await Task.await(Task.async(() => 1));\n\na;\n```\nDone.";
    expect(docPage({ signature: "x", doc }, PLAIN).slice(2)).toEqual([
      "Like so:",
      "    const a = await Task.await(Task.async(() => 1));",
      "",
      "    a;",
      "Done.",
    ]);
  });

  test("breaks a long signature at a blank, its rest set off", () => {
    const signature = "call(server: string, request: unknown): Promise<string>\ncall(server: Pid): Promise<string>";
    expect(docPage({ signature, doc: "" }, PLAIN)).toEqual([
      "call(server: string, request: unknown):",
      "    Promise<string>",
      "call(server: Pid): Promise<string>",
    ]);
  });

  test("with colours has what is between backticks coloured, on each line for itself", () => {
    const lines = docPage({ signature: "f()", doc: "Gives `one two` or a `b`." }, { columns: 20, colors: true });
    expect(lines).toEqual([
      "\x1b[1mf()\x1b[22m",
      "",
      "Gives \x1b[36mone\x1b[39m \x1b[36mtwo\x1b[39m or a",
      "\x1b[36mb\x1b[39m.",
    ]);
  });

  test("leaves a backtick that has no partner", () => {
    expect(docPage({ signature: "f()", doc: "A ` mark" }, { columns: 40, colors: true })[2]).toBe("A ` mark");
  });

  test("escapes what could steer the terminal", () => {
    const shown = docPage({ signature: "f\x1b[2J", doc: "a\x1b]0;b\x07" }, PLAIN).join("\n");
    expect(shown).not.toContain("\x1b");
    expect(shown).not.toContain("\x07");
  });

  test("is no wider than is good to read", () => {
    const lines = docPage({ signature: "f()", doc: "word ".repeat(100) }, { columns: 300 });
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(100);
  });
});

describe("docTable()", () => {
  const rows = [
    ["flush()", "Prints the messages of the shell's mailbox and takes them out"],
    ["i(value)", "Describes"],
  ] as const;

  test("puts what is said beside the names", () => {
    expect(docTable(rows, { columns: 50 })).toEqual([
      "  flush()   Prints the messages of the shell's",
      "            mailbox and takes them out",
      "  i(value)  Describes",
    ]);
  });

  test("puts it below them where there is no room", () => {
    expect(docTable(rows, { columns: 30 })).toEqual([
      "  flush()",
      "    Prints the messages of the",
      "    shell's mailbox and takes",
      "    them out",
      "  i(value)",
      "    Describes",
    ]);
  });
});
