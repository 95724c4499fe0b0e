import { describe, expect, test } from "vitest";
import { startGroup } from "../../../src/io/group.ts";
import { StringDevice } from "../../../src/io/string-device.ts";
import "../../../src/library.ts";
import { LocalNode } from "../../../src/node/local-node.ts";
import { Shell } from "../../../src/shell/server.ts";

describe("respawn()", () => {
  test("goes on with another process, variables kept, inputs counted from 1", async () => {
    const node = new LocalNode({ log: () => undefined });
    const device = new StringDevice("const before = self()\nrespawn()\nbefore === self()\nv(1)\n");
    const leader = startGroup(node.runtime, device).pid;
    try {
      expect(await new Shell({ runtime: node.runtime, scope: node.scope, leader }).start()).toBe(true);
      expect(device.output.split("\n").slice(1)).toEqual(["false", "false", ""]);
    } finally {
      await node.stop();
    }
  });
});
