import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { extractDocs } from "../../scripts/docs.ts";
import "../../src/library.ts";
import { LocalNode } from "../../src/node/local-node.ts";
import { exportsOf } from "../../src/process/modules.ts";
import { moduleNameOf } from "../../src/term/module-name.ts";
import { documentation, packageRoot, readDocumentation } from "../../src/shell/docs.ts";

describe("extractDocs()", () => {
  const docs = extractDocs(packageRoot());

  test("has the functions of modules, in modules too, and those that stand alone", () => {
    expect(Object.keys(docs)).toEqual(
      expect.arrayContaining([
        "IO",
        "IO.puts",
        "Node.spawn",
        "Process.sleep",
        "Task.Supervisor.async",
        "Task.await",
        "erpc.call",
        "receive",
        "spawn",
      ]),
    );
  });

  test("has each with its signature and comment", () => {
    expect(docs["IO.gets"]).toEqual({
      signature: 'IO.gets(prompt = "", device?: IoDevice): Promise<string>',
      doc: expect.stringMatching(/^Reads a line at the leader's terminal/u) as unknown,
    });
  });

  test("has every overload, and types that stand for functions written out", () => {
    expect(docs["spawn"]?.signature.split("\n")[0]).toBe("spawn(fn: () => unknown): Pid");
    expect(docs["spawn"]?.signature.split("\n")).toHaveLength(2);
    expect(docs["Node.spawn"]?.signature.split("\n")[0]).toBe(
      "Node.spawn(node: NodeName, fn: () => unknown): Promise<Pid>",
    );
  });

  test("finds a word about every function", () => {
    const silent = Object.entries(docs).filter(([, { signature, doc }]) => signature.includes("(") && doc === "");
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test("has every function that a prompt finds, with how it is called", () => {
    const { modules } = new LocalNode({ name: "alex@localhost", log: () => undefined }).runtime;
    const library = Object.getPrototypeOf(modules.lookup) as Record<string, object>;
    const silent = Object.entries(library)
      .filter(([name]) => !name.startsWith("Moebi"))
      .flatMap(([name, value]) =>
        typeof value === "function" && moduleNameOf(value) === undefined
          ? [name]
          : exportsOf(value).map((key) => `${name}.${key}`),
      )
      .filter((name) => docs[name]?.signature.includes("(") !== true);
    expect(silent).toEqual([]);
  });
});

describe("readDocumentation()", () => {
  test("is empty for a file that is missing or damaged", () => {
    const folder = mkdtempSync(join(tmpdir(), "moebi-docs-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "docs.json");
    expect(readDocumentation(path).size).toBe(0);
    writeFileSync(path, "{");
    expect(readDocumentation(path).size).toBe(0);
    writeFileSync(path, '{ "a": { "signature": "a()", "doc": "A." } }');
    expect(readDocumentation(path).get("a")).toEqual({ signature: "a()", doc: "A." });
  });
});

describe("documentation()", () => {
  test("is read once, and never fails", () => {
    expect(documentation()).toBe(documentation());
  });
});

describe("packageRoot()", () => {
  test("is where package.json is", () => {
    expect(existsSync(join(packageRoot(), "package.json"))).toBe(true);
  });
});
