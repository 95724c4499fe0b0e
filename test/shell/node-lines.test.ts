import { afterEach, beforeEach, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { nodeLine, tellOfNodes } from "../../src/shell/node-lines.ts";
import { settingsOf } from "../../src/shell/settings.ts";
import { Cluster } from "../../src/testing.ts";

let cluster: Cluster;
beforeEach(async () => {
  cluster = new Cluster({ seed: 5 });
  await cluster.start("alex");
  await cluster.start("kate");
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** What is printed at alex's prompt while kate comes and goes. */
async function told(nodeEvents: boolean, colours = false): Promise<string[]> {
  const { runtime } = cluster.at("alex").node;
  const lines: string[] = [];
  settingsOf(runtime).configure({ nodeEvents });
  const end = tellOfNodes(runtime, (text) => lines.push(text), colours);
  await cluster.run("kate", () => Node.connect("alex@localhost"));
  await cluster.settle();
  await cluster.run("kate", () => Node.disconnect("alex@localhost"));
  await cluster.settle();
  end();
  await cluster.run("kate", () => Node.connect("alex@localhost"));
  await cluster.settle();
  return lines;
}

test("a node that comes or goes is told of in a line, with why it went, until the listener ends", async () => {
  const lines = await told(true);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe("kate@localhost is up\n");
  expect(lines[1]).toMatch(/^kate@localhost is down: \w+\n$/u);
});

test("not unless asked for", async () => {
  expect(await told(false)).toEqual([]);
});

test("the line is dim where there are colours", async () => {
  expect((await told(true, true))[0]).toBe("\u001b[2mkate@localhost is up\u001b[22m\n");
});

test("a reason is nothing that the terminal obeys", () => {
  expect(nodeLine("nodedown", "kate@localhost", "\u001b[2J")).toBe("kate@localhost is down: \\x1b[2J");
  expect(nodeLine("nodedown", "kate@localhost")).toBe("kate@localhost is down");
});
