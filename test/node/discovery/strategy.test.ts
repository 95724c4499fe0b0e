import { expect, test } from "vitest";
import { millisecondsIn, nodesIn, textIn } from "../../../src/node/discovery/strategy.ts";

test("DISCOVERY-008: an option that is missing or of the wrong kind is refused by its name", () => {
  for (const [read, option] of [
    [() => nodesIn({}, "hosts"), "hosts"],
    [() => nodesIn({ hosts: ["no node"] }, "hosts"), "hosts"],
    [() => textIn({}, "query"), "query"],
    [() => textIn({ query: 7 }, "query"), "query"],
    [() => textIn({ query: "" }, "query"), "query"],
    [() => millisecondsIn({ interval: 0 }, "interval", 5), "interval"],
    [() => millisecondsIn({ interval: "5" }, "interval", 5), "interval"],
  ] as const)
    expect(read).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(option) as string }),
    );
});

test("what is given is taken, and what is not given has its default", () => {
  expect(nodesIn({ hosts: ["a@b"] }, "hosts")).toEqual(["a@b"]);
  expect([textIn({ mode: "ip" }, "mode", "x"), textIn({}, "mode", "x")]).toEqual(["ip", "x"]);
  expect([millisecondsIn({ every: 7 }, "every", 5), millisecondsIn({}, "every", 5)]).toEqual([7, 5]);
});
