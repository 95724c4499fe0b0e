import { describe, expect, test } from "vitest";
import { bufferOf, moveTo } from "../../src/terminal/buffer.ts";
import { matchingBracket } from "../../src/terminal/brackets.ts";

/** The pair at the `|` in `source`, with both marked. */
function pair(source: string, which: "on" | "near" = "near"): string | undefined {
  const cursor = source.indexOf("|");
  const buffer = moveTo(bufferOf(source.replace("|", "")), cursor);
  const found = matchingBracket(buffer, which);
  return found && buffer.text.map((one, at) => (at === found.bracket || at === found.partner ? "^" : one)).join("");
}

describe("matchingBracket()", () => {
  test.each([
    ["f|(a)", "f^a^"],
    ["f(a)|", "f^a^"],
    ["f(a|)", "f^a^"],
    ["f([1|], {})", "f(^1^, {})"],
    ["f(')', a)|", "f^')', a^"],
    ["f(`)${(1|)}`)", "f(`)${^1^}`)"],
    ["f( // )\n)|", "f^ // )\n^"],
    ["[日(本|)]", "[日^本^]"],
  ])("finds the pair in %j", (source, expected) => {
    expect(pair(source)).toBe(expected);
  });

  test.each(["a|b", "f(|", "f(]|", "')|'"])("finds none in %j", (source) => {
    expect(pair(source)).toBeUndefined();
  });

  test("looks at the bracket before the cursor only if told", () => {
    expect(pair("(a)|", "on")).toBeUndefined();
    expect(pair("(a|)", "on")).toBe("^a^");
  });
});
