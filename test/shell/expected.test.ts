import { describe, expect, test } from "vitest";
import { cursorIn } from "../../src/shell/cursor.ts";
import { expectedIn } from "../../src/shell/expected.ts";

describe("expectedIn()", () => {
  test.each([
    ['Node.connect("', { kind: "node" }],
    ['{ node: "', { kind: "node" }],
    ['[Name, "', { kind: "node" }],
    ['send(["Ping", "', { kind: "node" }],
    ['GenServer.multiCall(["a@b", "', { kind: "node" }],
    ['GenServer.call("', { kind: "name" }],
    ['send("', { kind: "name" }],
    ['send("Ping", "', { kind: "text" }],
    ['GenServer.call({ global: "', { kind: "global" }],
    ['rpc.call("a@b", "', { kind: "module" }],
    ['rpc.call("a@b", Kate, "', { kind: "function", module: "Kate" }],
    ['rpc.call("a@b", "Kate", "', { kind: "function", module: "Kate" }],
    ['h("', { kind: "documented" }],
    ['c("./', { kind: "path" }],
    ['await import("./', { kind: "import" }],
    ['import { a } from "', { kind: "import" }],
    ['import "', { kind: "import" }],
    ['Application.stop("', { kind: "application" }],
    ['cd("', { kind: "folder" }],
    ['IO.puts("', { kind: "text" }],
    ['GenServer.start(X, 1, { name: "', { kind: "text" }],
    ['const node = "', { kind: "anything" }],
  ])("%j", (before, expected) => {
    expect(expectedIn(cursorIn(before))).toEqual(expected);
  });
});
