import { describe, expect, test } from "vitest";
import { inputToJavaScript } from "../../src/code/input.ts";

async function kindOf(source: string): Promise<string> {
  const result = await inputToJavaScript(source);
  if ("error" in result) return result.error.incomplete ? "incomplete" : "wrong";
  const [first] = result.program.body;
  return first?.type === "ExpressionStatement" ? first.expression.type : (first?.type ?? "empty");
}

const kinds = async (...sources: string[]): Promise<string[]> => Promise.all(sources.map(kindOf));

describe("inputToJavaScript()", () => {
  test("takes braces for an object where they can be one", async () => {
    expect(
      new Set(
        await kinds(
          ...["{}", "{ a: 1 }", "{ a: 1, b: 2 }", '{ "a-b": 1 }', "{ a }", "{ ...x }", "{ f() { return 1 } }"],
          ...[
            "{ a: await x }",
            " {\n  a: 1,\n}\n",
            "{ a: 1 } // why",
            "{ a: 1 as number }",
            "{ f(x: number) { return x } }",
          ],
        ),
      ),
    ).toEqual(new Set(["ObjectExpression"]));
    expect(await kinds("{ a: 1 }.a", "{ a: 1 }, 2")).toEqual(["MemberExpression", "SequenceExpression"]);
  });

  test("takes them for a block where they cannot be one, or a semicolon ends them", async () => {
    expect(
      new Set(
        await kinds(
          ...[
            "{ let q = 3; q }",
            "{ a: 1 };",
            "{ foo() }",
            "{ a: for (;;) break a }",
            "{ a }\nb",
            "{ const x: number = 1 }",
          ],
        ),
      ),
    ).toEqual(new Set(["BlockStatement"]));
  });

  test("waits for the rest of either", async () => {
    expect(
      new Set(
        await kinds("{", "{ a: 1,", "{ a: 1, b:", "{ a: { b: 2 }", "{ f() {", "{ let q = 3", "{ foo()", "{ a: 1 as"),
      ),
    ).toEqual(new Set(["incomplete"]));
  });

  test("says what is wrong with the one that was meant", async () => {
    expect(await inputToJavaScript("{ a: 1, b: ) }")).toMatchObject({
      error: { line: 1, column: 12, incomplete: false },
    });
    expect(await inputToJavaScript("{ let q = ) }")).toMatchObject({ error: { column: 11, incomplete: false } });
    expect(await inputToJavaScript("{ a: 1 } }")).toMatchObject({ error: { column: 10, incomplete: false } });
  });

  test("keeps columns, as what was typed is not changed", async () => {
    expect(await inputToJavaScript("{ a: 1, b: f() }")).toMatchObject({ code: "{ a: 1, b: f() }", converted: false });
  });
});
