import { describe, expect, test } from "vitest";
import { chainBefore, type Step } from "../../src/shell/chain.ts";
import { cursorIn } from "../../src/shell/cursor.ts";

const chain = (source: string) => {
  const found = chainBefore(source, cursorIn(source).masked, source.length);
  if (found === undefined) return undefined;
  const step = (one: Step) => (one.kind === "member" ? `.${one.name}` : one.kind === "call" ? "()" : "[]");
  const { primary, steps, awaited, start } = found;
  const first = "name" in primary ? primary.name : "path" in primary ? `new ${primary.path}` : primary.kind;
  return [`${awaited ? "await " : ""}${first}${steps.map(step).join("")}`, start];
};

describe("chainBefore()", () => {
  test.each([
    ["1 + Kate.sayName", ["Kate.sayName", 4]],
    ["f(a, ')').b?.c", ["f().b.c", 0]],
    ["await  Kate.find(x)[0]", ["await Kate.find().0", 0]],
    ["x = a?.[i]?.('q')", ["a[]()", 4]],
    ['a["b-c"]', ["a.b-c", 0]],
    ["new Kate(1, [2]).friends", ["new Kate.friends", 0]],
    ["new Map<string, A[]>([]).get", ["new Map<string, A[]>.get", 0]],
    ["g + new a.B()", ["new a.B", 4]],
    ["'a' + \"b\"", ["text", 6]],
    ["`x${1}y`", ["text", 5]],
    ["return [1, 2]", ["list", 7]],
    ["[1].map(f)", ["list.map()", 0]],
    ["(a + b)", ["group", 0]],
    ["if (a) b", ["b", 7]],
    ["list\n  .filter(x)\n  .map(y)", ["list.filter().map()", 0]],
    ["[...rest", ["rest", 4]],
    ["12", ["number", 0]],
    ["return", undefined],
    ["a +", undefined],
    ["", undefined],
    ["(", undefined],
    [")", undefined],
  ])("%j", (source, expected) => {
    expect(chain(source)).toEqual(expected);
  });
});
