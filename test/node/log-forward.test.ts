import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Logger } from "../../src/otp/logger.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import { defineProgramModule } from "../../src/process/modules.ts";

const B = "b@localhost";
const Chatty = {
  logs(text: string, metadata?: object) {
    Logger.warning(text, { of: "b", ...metadata });
  },
};
defineProgramModule("Chatty", Chatty);

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 7 });
});
afterEach(() => cluster[Symbol.asyncDispose]());
const log = (name: string): LogEntry[] => cluster.at(name).log;

describe("what a process logs whose group leader is on another node", () => {
  test("is logged there and here, with the node's name and the metadata", async () => {
    await cluster.run("a", async () => {
      await Node.spawn(B, "Chatty", "logs", ["far", { self: () => 1 }]);
      await cluster.settle();
    });
    expect(log("b").map(({ message, node }) => [message, node])).toEqual([["far", B]]);
    expect(log("a")).toMatchObject([{ level: "warning", message: "far", node: B, metadata: { of: "b" } }]);
  });

  test("is escaped where it arrives, and cut", async () => {
    await cluster.run("a", async () => {
      await Node.spawn(B, "Chatty", "logs", ["\x1b[2Jbad\nline", { key: "\x07" }]);
      await cluster.settle();
    });
    expect(log("a")[0]).toMatchObject({ message: "\\x1b[2Jbad\nline", metadata: { key: "\\x07" } });
  });

  test("is refused there at a level that it does not log", async () => {
    await cluster.run("a", async () => {
      Logger.configure({ level: "error" });
      await Node.spawn(B, "Chatty", "logs", ["quiet"]);
      await cluster.settle();
    });
    expect(log("b")).toHaveLength(1);
    expect(log("a")).toEqual([]);
  });
});
