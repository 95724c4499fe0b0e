import { expect, test } from "vitest";
import { startApp } from "../../src/cli/apps.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { startNode } from "../../src/start-node.ts";

test("starts an application, which lives as long as the node", async () => {
  const node = await startNode({ device: new StringDevice(), log: () => undefined });
  try {
    await startApp(node, "chat");
    const supervisor = node.runtime.names.get("Chat.TaskSupervisor");
    expect(supervisor?.alive).toBe(true);
    expect(node.runtime.modules.get("Chat")).toBeDefined();
    // It runs already, which is as good.
    await startApp(node, "chat");
    expect(supervisor?.alive).toBe(true);
  } finally {
    await node.stop();
  }
});

test.each(["nothing", "toString", "__proto__"])("refuses the application %s, naming those there are", async (name) => {
  const node = await startNode({ device: new StringDevice(), log: () => undefined });
  try {
    await expect(startApp(node, name)).rejects.toMatchObject({
      code: "badarg",
      message: expect.stringContaining("chat") as string,
    });
  } finally {
    await node.stop();
  }
});
