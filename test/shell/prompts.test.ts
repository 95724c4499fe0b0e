import { expect, test } from "vitest";
import { promptsFor } from "../../src/shell/prompts.ts";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { NONODE, type NodeName } from "../../src/term/pid.ts";

const node = "alex@localhost" as NodeName;

test.each([
  [DEFAULT_SETTINGS.prompt, node, "moebi(alex@localhost)3> ", "...(alex@localhost)3> "],
  [DEFAULT_SETTINGS.prompt, NONODE, "moebi(3)> ", "...(3)> "],
  ["shop(%counter)> ", node, "shop(3)> ", "...(3)> "],
  ["%counter> ", node, "3> ", ".> "],
  ["shop %counter> ", node, "shop 3> ", "   ...> "],
  ["%node %counter %node $ ", node, "alex@localhost 3 alex@localhost $ ", `${" ".repeat(28)}... $ `],
  ["λ ", node, "λ ", ". "],
  ["❯ ", node, "❯ ", ". "],
  ["店> ", node, "店> ", "..> "],
  ["", node, "", ""],
])("%j on %s is %j, and %j where a statement goes on", (template, name, first, continuation) => {
  expect(promptsFor(template, name, 3)).toEqual({ first, continuation });
});

test("a node's name is no pattern of a replacement", () => {
  expect(promptsFor("%node> ", "$&@h" as NodeName, 1).first).toBe("$&@h> ");
});
