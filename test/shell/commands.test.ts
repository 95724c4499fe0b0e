import { describe, expect, test } from "vitest";
import { Runtime } from "../../src/process/runtime.ts";
import { Commands, commandsOf } from "../../src/shell/commands.ts";

const greet = (): string => "hi";
const other = (): string => "other";

describe("Commands", () => {
  test("are the functions of a file that have lower-case names", () => {
    const commands = new Commands();
    expect(commands.define("a.ts", { greet, Kate: greet, text: "x", default: greet })).toEqual(["greet"]);
    expect([...commands.functions]).toEqual([["greet", greet]]);
  });

  test("stand in front of a scope, those that come later too", () => {
    const commands = new Commands();
    commands.define("a.ts", { greet });
    const scope = commands.over({ node: 1, greet: "the node's" }) as Record<string, unknown>;
    commands.define("b.ts", { other });
    expect([scope["node"], scope["greet"], scope["other"]]).toEqual([1, greet, other]);
    expect(commands.over({})).toBe(scope);
  });

  test("of a file that is loaded again are in the place of those it had; of two files the later has a name", () => {
    const commands = new Commands();
    const scope = commands.over({}) as Record<string, unknown>;
    commands.define("a.ts", { greet, other });
    commands.define("a.ts", { greet: other });
    expect([scope["greet"], scope["other"]]).toEqual([other, undefined]);
    commands.define("b.ts", { greet });
    commands.define("a.ts", {});
    expect([...commands.functions.keys()]).toEqual(["greet"]);
  });
});

test("commandsOf() gives each node its own", () => {
  const [one, another] = [new Runtime(), new Runtime()];
  commandsOf(one).define("a.ts", { greet });
  expect([commandsOf(one).functions.size, commandsOf(another).functions.size]).toEqual([1, 0]);
});
