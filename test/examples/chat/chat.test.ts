import { describe, expect, test, vi } from "vitest";
import { Chat, SUPERVISOR } from "../../../src/examples/chat/chat.ts";
import "../../../src/library.ts";
import { Application } from "../../../src/otp/application.ts";
import { type Cluster, startCluster } from "../../../src/testing/cluster.ts";
import { startApp } from "../../../src/cli/apps.ts";

/** Nodes on which the chat runs. */
async function chatOn(...names: string[]): Promise<Cluster> {
  const cluster = await startCluster(names);
  for (const name of names) await startApp(cluster.at(name).node, "chat");
  return cluster;
}

test("APP-011: the setting remoteSupervisor says where messages are received", async () => {
  await using cluster = await chatOn("alex");
  await cluster.run("alex", async () => {
    Application.putEnv("chat", "remoteSupervisor", () => SUPERVISOR);
    expect(await Chat.sendMessage("kate@localhost", "hi")).toBe("ok");
  });
  expect(cluster.at("alex").device.output).toBe("hi\n");
});

describe("in the environment for tests, where messages are received by the node's own supervisor", () => {
  test("shows a message and gives ok", async () => {
    vi.stubEnv("MOEBI_ENV", "test");
    await using cluster = await chatOn("alex");
    expect(await cluster.run("alex", () => Chat.sendMessage("kate@localhost", "hi"))).toBe("ok");
    expect(cluster.at("alex").device.output).toBe("hi\n");
  });

  test("a message to Moebi is shown, and answered before the call returns", async () => {
    vi.stubEnv("MOEBI_ENV", "test");
    await using cluster = await chatOn("alex");
    expect(await cluster.run("alex", () => Chat.sendMessage("moebi@localhost", "hi"))).toBe("ok");
    expect(cluster.at("alex").device.output).toBe("hi\nchicken?\n");
  });

  test("exits where the supervisor has not been started", async () => {
    vi.stubEnv("MOEBI_ENV", "test");
    await using cluster = await startCluster(["alex"]);
    const sent = cluster.run("alex", () => Chat.sendMessage("kate@localhost", "hi"));
    await expect(sent).rejects.toMatchObject({
      reason: ["noproc", ["Task.Supervisor", "async", [SUPERVISOR, Chat, "receiveMessage", ["hi"]]]],
    });
  });
});

describe("distributed", () => {
  test("a message is shown where it is sent to, and nowhere else", async () => {
    await using cluster = await chatOn("alex", "kate", "moebi");
    expect(await cluster.run("alex", () => Chat.sendMessage("kate@localhost", "hi"))).toBe("ok");
    expect(["alex", "kate", "moebi"].map((name) => cluster.at(name).device.output)).toEqual(["", "hi\n", ""]);
  });

  test("TASKSUP-005: Moebi shows the message, and his answer is there before the call returns", async () => {
    await using cluster = await chatOn("alex", "kate", "moebi");
    expect(await cluster.run("alex", () => Chat.sendMessage("moebi@localhost", "hi"))).toBe("ok");
    expect(["alex", "kate", "moebi"].map((name) => cluster.at(name).device.output)).toEqual(["chicken?\n", "", "hi\n"]);
  });

  test("exits where nobody has that name, and where that node runs no chat", async () => {
    await using cluster = await chatOn("alex");
    await cluster.start("kate");
    const call = (node: string) => ["Task.Supervisor", "async", [[SUPERVISOR, node], Chat, "receiveMessage", ["hi"]]];
    const toNobody = cluster.run("alex", () => Chat.sendMessage("nobody@localhost", "hi"));
    await expect(toNobody).rejects.toMatchObject({
      reason: [["nodedown", "nobody@localhost"], call("nobody@localhost")],
    });
    const toKate = cluster.run("alex", () => Chat.sendMessage("kate@localhost", "hi"));
    await expect(toKate).rejects.toMatchObject({ reason: ["noproc", call("kate@localhost")] });
  });
});

test("the application is started once", async () => {
  await using cluster = await chatOn("alex");
  const first = cluster.at("alex").node.runtime.names.get(SUPERVISOR);
  await startApp(cluster.at("alex").node, "chat");
  expect(cluster.at("alex").node.runtime.names.get(SUPERVISOR)).toBe(first);
});
