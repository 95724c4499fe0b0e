import { describe, expect, test } from "vitest";
import { Ignore, isDirective, NoReply, Reply, Stop } from "../../src/otp/directive.ts";

describe("isDirective()", () => {
  test("tells what a handler may say from what it replies, however alike they look", () => {
    for (const directive of [new Reply(1), new NoReply(), new Stop("normal"), new Ignore()])
      expect(isDirective(directive)).toBe(true);
    for (const reply of [{ ...new Reply(1) }, { reason: "normal", reply: undefined }, "ignore", ["noreply"], null])
      expect(isDirective(reply)).toBe(false);
  });

  test("a timeout that is none is refused where it is said", () => {
    expect(() => new NoReply({ timeout: -1 })).toThrow("A timeout is");
    expect(() => new Reply(1, { timeout: "soon" as never })).toThrow("A timeout is");
  });
});
