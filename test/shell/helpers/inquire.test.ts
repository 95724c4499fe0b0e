import { describe, expect, test } from "vitest";
import { Node } from "../../../src/node/node-module.ts";
import { current } from "../../../src/process/context.ts";
import { receive } from "../../../src/process/receive.ts";
import { inquire } from "../../../src/shell/helpers/inquire.ts";
import { pidOf, type Pid } from "../../../src/term/pid.ts";
import { startCluster } from "../../../src/testing.ts";
import "../../../src/library.ts";
// Read when first asked for, which virtual time would not wait for.
import "../../../src/node/observed.ts";

describe("inquire()", () => {
  test("asks the node of a process, and a node how it is", async () => {
    await using cluster = await startCluster(["a", "b"]);
    const [about, dead, node] = await cluster.run("a", async () => {
      const pid: Pid = await Node.spawn("b@localhost", () => receive());
      return [
        await inquire(current(), pid),
        await inquire(current(), pidOf("b@localhost", 99_999, 0, pid.creation)),
        await inquire(current(), "b@localhost"),
      ];
    });
    expect(Object.fromEntries(about ?? [])).toMatchObject({
      Alive: "true",
      Name: "not registered",
      "Message queue length": "0",
      "Group leader": expect.stringContaining("#PID<") as string,
    });
    expect(about?.at(-1)).toEqual([
      "Description",
      'rpc.call("b@localhost", Process, "info", [pid]) tells more about this process',
    ]);
    expect(dead).toEqual([["Alive", "false"]]);
    expect((node ?? []).map(([title]) => title)).toEqual(["Round trip", "Processes", "Memory", "Up"]);
  });

  test("does not connect to look, and says nothing of other values", async () => {
    await using cluster = await startCluster(["a", "b"]);
    await cluster.run("a", async () => {
      expect(await inquire(current(), "b@localhost")).toEqual([]);
      expect(await inquire(current(), pidOf("b@localhost", 1, 0, 1))).toEqual([]);
      expect(await inquire(current(), "text")).toEqual([]);
      expect(Node.list()).toEqual([]);
    });
  });
});
