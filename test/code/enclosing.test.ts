import { expect, test } from "vitest";
import { children, parseProgram } from "../../src/code/ast.ts";
import { enclosingFunction } from "../../src/code/enclosing.ts";

type Node = Parameters<typeof children>[0];

/** The function around `here` in a text. */
function around(source: string): string | undefined {
  const program = parseProgram(source);
  const find = (node: Node): Node | undefined =>
    node.type === "Identifier" && node.name === "here"
      ? node
      : children(node)
          .map(find)
          .find((found) => found !== undefined);
  const target = find(program);
  if (target === undefined) throw new Error("There is no here");
  return enclosingFunction(program, target);
}

test.each([
  ["here", undefined],
  ["if (true) here", undefined],
  ["function one(a, b) { here }", "one/2"],
  ["function one(a, b = 1, ...c) { here }", "one/1"],
  ["const one = (a) => here", "one/1"],
  ["let one; one = function () { here }", "one/0"],
  ["const Kate = { sayName(name) { here } }", "Kate.sayName/1"],
  ["const Kate = { sayName: async () => { here } }", "Kate.sayName/0"],
  ["const Kate = { 'say name'() { here } }", "Kate.say name/0"],
  ["class Kate { static sayName() { here } }", "Kate.sayName/0"],
  ["class Kate { #own = () => here }", "Kate.#own/0"],
  ["const A = { B: { f() { here } } }", "A.B.f/0"],
  ["defmodule('Chat.Router', { route(a) { here } })", "Chat.Router.route/1"],
  ["const Kate = { go() { function inner() { here } } }", "inner/0"],
  ["const Kate = { go(a) { [1].map((x) => here) } }", "anonymous fn/1 in Kate.go/1"],
  ["[1].map((x) => here)", "anonymous fn/1"],
  ["const Kate = { ['computed']() { here } }", "Kate/0"],
])("%s is in %s", (source, expected) => {
  expect(around(source)).toBe(expected);
});
