import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Runtime } from "../../src/process/runtime.ts";
import { promptingOf } from "../../src/shell/prompting.ts";
import { Shell } from "../../src/shell/server.ts";
import { type Facts, Status, statusParts, textOf } from "../../src/shell/status.ts";
import { startCluster } from "../../src/testing.ts";

const facts = { node: "alex@localhost", peers: [], messages: 0, news: undefined } as const;

const shownText = (about: Facts, columns: number): string => textOf(statusParts(about, columns));

describe("statusParts()", () => {
  test("names other nodes in pieces of their own, which can have their colours", () => {
    const news = ["nodeup", "n1@127.0.0.1"] as const;
    const parts = statusParts({ ...facts, peers: ["kate@localhost", "n1@127.0.0.1"], news }, 100);
    expect(parts.filter(({ node }) => node !== undefined)).toEqual([
      { text: "n1@127.0.0.1", node: "n1@127.0.0.1" },
      { text: "kate", node: "kate@localhost" },
      { text: "n1@127.0.0.1", node: "n1@127.0.0.1" },
    ]);
  });

  test("tells of the node and its peers, whose host is left out where it is the same", () => {
    expect(shownText({ ...facts, peers: ["kate@localhost", "n1@127.0.0.1"] }, 100)).toBe(
      "alex@localhost · 2 peers: kate, n1@127.0.0.1",
    );
    expect(shownText(facts, 100)).toBe("alex@localhost · no peers");
  });

  test("counts peers, and names those for whom there is room", () => {
    const peers = ["kate@localhost", "moebi@localhost", "nobody@localhost"] as const;
    expect(shownText({ ...facts, peers }, 40)).toBe("alex@localhost · 3 peers: kate, moebi, …");
    expect(shownText({ ...facts, peers }, 39)).toBe("alex@localhost · 3 peers: kate, …");
    expect(shownText({ ...facts, peers }, 32)).toBe("alex@localhost · 3 peers");
  });

  test("tells of messages while there are any, and of a node that has come or gone", () => {
    expect(shownText({ ...facts, messages: 1 }, 100)).toContain("1 message, flush() shows it");
    expect(shownText({ ...facts, news: ["nodedown", "kate@localhost"] }, 100)).toContain("kate@localhost is down");
  });

  test("says nothing of a node without a name, but for its messages", () => {
    expect(shownText({ ...facts, node: "nonode@nohost" }, 100)).toBe("");
    expect(shownText({ ...facts, node: "nonode@nohost", messages: 3 }, 100)).toBe("3 messages, flush() shows them");
  });
});

describe("Status", () => {
  test("follows the mailbox of the shell's process, four times a second at most", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const runtime = new Runtime({ name: "alex@localhost", log: () => undefined });
    onTestFinished(() => runtime.stop());
    const changed = vi.fn();
    const status = new Status(runtime, changed);
    const process = runtime.spawn(() => new Promise(() => undefined));
    promptingOf(runtime).shown(process);
    changed.mockClear();
    for (let i = 0; i < 1000; i++) runtime.deliver(process, i);
    vi.advanceTimersByTime(249);
    expect(changed).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(textOf(status.parts(100))).toContain("1000 messages");
    status.stop();
    process.mailbox.clear();
    vi.advanceTimersByTime(1000);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  test("is about the shell at this node's own terminal, and not about a visitor's", async () => {
    await using cluster = await startCluster(["a", "b"]);
    const { runtime, scope } = cluster.at("a").node;
    for (const [member, shown] of [
      ["b", false],
      ["a", true],
    ] as const) {
      const leader = cluster.at(member).node.runtime.names.get("user")?.pid;
      if (leader === undefined) throw new Error("no device");
      await cluster.drive(new Shell({ runtime, scope, leader }).start());
      expect(promptingOf(runtime).process !== undefined, member).toBe(shown);
    }
  });
});
