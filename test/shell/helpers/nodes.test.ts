import { describe, expect, test } from "vitest";
import { startGroup } from "../../../src/io/group.ts";
import { StringDevice } from "../../../src/io/string-device.ts";
import "../../../src/library.ts";
import { Node } from "../../../src/node/node-module.ts";
import { current } from "../../../src/process/context.ts";
import { Process } from "../../../src/process/process-module.ts";
import { self } from "../../../src/process/spawn.ts";
import { nodes } from "../../../src/shell/helpers/nodes.ts";
import { coloured } from "../../../src/shell/node-colour.ts";
import { Cluster } from "../../../src/testing.ts";
import { openSession } from "./open-session.ts";

describe("nodes()", () => {
  test("prints a table that begins with this node, and gives the list of the others", async () => {
    const { printed, run } = openSession();
    const lines = (await printed("nodes()")).split("\n");
    expect(lines[0]).toMatch(/^Node +State +Up +Processes +Round trip +Received +Sent$/);
    expect(lines[1]).toMatch(/^alex@localhost +this node +\d+ s +\d+$/);
    expect(await run("nodes()")).toEqual([]);
  });

  test("shows other nodes in the colours that their lines have", async () => {
    const device = new StringDevice();
    await using cluster = new Cluster({ seed: 1 });
    for (const name of ["a", "b"]) await cluster.start(name);
    await cluster.run("a", async () => {
      await Node.connect("b@localhost");
      const { runtime } = current();
      Process.groupLeader(self(), startGroup(runtime, device).pid);
      const context = { runtime, colors: () => true } as unknown as Parameters<typeof nodes.make>[0];
      expect(await nodes.make(context)()).toEqual(["b@localhost"]);
    });
    const [head, own, other] = device.output.split("\n");
    expect(head).toMatch(/^Node /);
    expect(own).toMatch(/^a@localhost +this node/);
    expect(other?.startsWith(`${coloured("b@localhost", "b@localhost")}  connected`)).toBe(true);
  });
});
