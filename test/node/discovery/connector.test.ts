import { describe, expect, test } from "vitest";
import { Connector } from "../../../src/node/discovery/connector.ts";
import type { NodeName } from "../../../src/term/pid.ts";

const [A, B, C] = ["a@localhost", "b@localhost", "c@localhost"] as const;

function start(results: Record<string, unknown> = {}) {
  const connected = new Set<NodeName>();
  const dialled: NodeName[] = [];
  const gone: NodeName[] = [];
  const log: string[] = [];
  const connector = new Connector(
    A,
    {
      connect: (node) => {
        dialled.push(node);
        const result = results[node] ?? true;
        if (result instanceof Error) throw result;
        if (result === true) connected.add(node);
        return result;
      },
      disconnect: (node) => {
        gone.push(node);
        return results[`-${node}`] ?? connected.delete(node);
      },
      listNodes: () => [...connected],
    },
    (text) => log.push(text),
  );
  return { connector, connected, dialled, gone, log, results };
}

describe("connect()", () => {
  test("dials those that are not connected, and never itself", async () => {
    const { connector, connected, dialled } = start();
    connected.add(B);
    await connector.connect([A, B, C, C]);
    expect(dialled).toEqual([C]);
  });

  test("DISCOVERY-002: warns of one that fails, once, and still tries the others; again after it was there", async () => {
    const { connector, connected, dialled, log, results } = start({ [B]: false });
    await connector.connect([B, C]);
    await connector.connect([B, C]);
    expect(log).toEqual([`unable to connect to ${B}`]);
    expect(dialled).toEqual([B, C, B]);
    results[B] = true;
    await connector.connect([B]);
    connected.delete(B);
    results[B] = false;
    await connector.connect([B]);
    expect(log).toHaveLength(2);
  });

  test("DISCOVERY-011: tells a node without a name, and a function that throws, from one that can't be reached", async () => {
    const { connector, log } = start({ [B]: "ignored", [C]: new Error("odd") });
    await connector.connect([B, C]);
    expect(log.sort()).toEqual([`unable to connect to ${B}: this node has no name`, `unable to connect to ${C}: odd`]);
  });
});

describe("replace()", () => {
  test("DISCOVERY-005: disconnects those that are gone from the answer, and keeps the others", async () => {
    const { connector, connected, gone } = start();
    await connector.replace([A, B, C]);
    await connector.replace([C]);
    expect(gone).toEqual([B]);
    expect([...connected]).toEqual([C]);
    await connector.replace([C]);
    expect(gone).toEqual([B]);
  });

  test("leaves alone whoever it did not name, and warns of one that can't be disconnected", async () => {
    const { connector, connected, gone, log } = start({ [`-${B}`]: false });
    connected.add(C);
    await connector.replace([B]);
    await connector.replace([]);
    expect(gone).toEqual([B]);
    expect(log).toEqual([`unable to disconnect from ${B}`]);
  });
});
