import { describe, expect, test } from "vitest";
import { definitionFrom, findDefinition } from "../../src/shell/definition.ts";

const FILE = `import { IO } from "moebi";

// A greeting.
/** Says hello. */
export const Kate: { a: number; sayName: (name: string) => void } = {
  a: 1,
  /**
   * Says the name: { not a brace.
   */
  async sayName(name: string, times = 1): Promise<{ a: number }> {
    if (times > 0) { return { a: 1 } }
    return { a: "}".length };
  },
  twice: (n: number) => n * 2,
  get half() { return 1 / 2 },
  sum: (a: number, b: number) =>
    a +
    b,
};

@sealed
export class Counter<T extends { b: 1 }> extends GenServer {
  static start(from: T[], { x = 1 } = {}) { return GenServer.start(Counter, from) }
  count = 0;
  handleCall(request: "next" | "last") {
    return this.start(request);
  }
}

function plain<T>(x: T): x is T { return true }
const one = 1, two = { f() { return 2 } };
defmodule("Chat.Router", {
  route(to: string) { return to },
});
namespace Space { export function inside() {} }
let late; late = async () => {
  await null;
};
`;

const text = (...path: string[]): string | undefined => findDefinition(FILE, path)?.text;

describe("findDefinition()", () => {
  test("of overloads gives the function that has a body", () => {
    const file =
      "function f(a: 1): { a: 1 };\nfunction f(a: 2) { return a }\nclass A {\n  g(a: 1): void;\n  g(a: 2) { f(a) }\n  h(): 1;\n}\n";
    expect(findDefinition(file, ["f"])).toMatchObject({ line: 2, text: "function f(a: 2) { return a }" });
    expect(findDefinition(file, ["A", "g"])).toMatchObject({ line: 5, text: "g(a: 2) { f(a) }" });
    expect(findDefinition(file, ["A", "h"])?.text).toBe("h(): 1;");
  });

  test("of a module that is defined by a name gives what is declared under the one it is given", () => {
    const file = 'class Inner {\n  f() { return 1 }\n}\ndefmodule("Shop.Inner", Inner);\ndefmodule("Other", made);\n';
    expect(findDefinition(file, ["Shop.Inner"])).toMatchObject({
      line: 1,
      text: "class Inner {\n  f() { return 1 }\n}",
    });
    expect(findDefinition(file, ["Shop.Inner", "f"])?.text).toBe("f() { return 1 }");
    expect(findDefinition(file, ["Other"])?.text).toBe('defmodule("Other", made);');
  });

  test("gives a module with the comments above it, whatever its type says", () => {
    expect(text("Kate")).toMatch(
      /^\/\/ A greeting\.\n\/\*\* Says hello\. \*\/\nexport const Kate: \{[^]*a \+\n {4}b,\n\};$/u,
    );
    expect(findDefinition(FILE, ["Kate"])?.line).toBe(5);
  });

  test("gives a method with its types, at the left margin", () => {
    expect(text("Kate", "sayName")).toBe(
      [
        "/**",
        " * Says the name: { not a brace.",
        " */",
        "async sayName(name: string, times = 1): Promise<{ a: number }> {",
        "  if (times > 0) { return { a: 1 } }",
        '  return { a: "}".length };',
        "},",
      ]
        .join("\n")
        .replace(/,$/u, ""),
    );
    expect(findDefinition(FILE, ["Kate", "sayName"])?.line).toBe(10);
  });

  test.each([
    [["Kate", "twice"], "twice: (n: number) => n * 2,"],
    [["Kate", "half"], "get half() { return 1 / 2 }"],
    [["Kate", "sum"], "sum: (a: number, b: number) =>\n  a +\n  b,"],
    [["Counter", "start"], "static start(from: T[], { x = 1 } = {}) { return GenServer.start(Counter, from) }"],
    [["Counter", "handleCall"], 'handleCall(request: "next" | "last") {\n  return this.start(request);\n}'],
    [["Counter", "count"], "count = 0;"],
    [["plain"], "function plain<T>(x: T): x is T { return true }"],
    [["two"], "two = { f() { return 2 } };"],
    [["two", "f"], "f() { return 2 }"],
    [["Chat.Router"], 'defmodule("Chat.Router", {\n  route(to: string) { return to },\n});'],
    [["Chat.Router", "route"], "route(to: string) { return to }"],
    [["Space"], "namespace Space { export function inside() {} }"],
    [["Space", "inside"], "export function inside() {}"],
  ])("%j", (path, expected) => {
    expect(text(...path)).toBe(expected);
  });

  test("gives a class with its decorator", () => {
    expect(text("Counter")).toMatch(/^@sealed\nexport class Counter<[^]*\n {2}\}\n\}$/u);
  });

  test.each([[["Alex"]], [["Kate", "nosuch"]], [["Kate", "not"]], [["name"]]])("%j is not there", (path) => {
    expect(findDefinition(FILE, path)).toBeUndefined();
  });
});

describe("definitionFrom()", () => {
  const at = (needle: string): string => definitionFrom(FILE, FILE.indexOf(needle)).text;

  test("takes along what a function is bound to", () => {
    expect(at("(n: number) =>")).toBe("twice: (n: number) => n * 2,");
    expect(at("async () => {\n  await")).toBe("late = async () => {\n  await null;\n};");
    expect(at("async sayName")).toContain("Says the name");
    expect(at("function plain")).toBe("function plain<T>(x: T): x is T { return true }");
  });

  test("gives one that has no name as it stands", () => {
    const source = "spawn(async () => { await null }); 1";
    expect(definitionFrom(source, 6, 32)).toEqual({ text: "async () => { await null }", line: 1, firstLine: 1 });
    expect(definitionFrom(source, 6).text).toBe("async () => { await null }");
  });
});
