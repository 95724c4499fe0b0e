import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import "../../../src/library.ts";
import { KV, SERVER_TASKS } from "../../../src/examples/kv/kv.ts";
import { Server } from "../../../src/examples/kv/server.ts";
import { StringDevice } from "../../../src/io/string-device.ts";
import type { LocalNode } from "../../../src/node/local-node.ts";
import { Application } from "../../../src/otp/application.ts";
import { Supervisor } from "../../../src/otp/supervisor.ts";
import { Task } from "../../../src/otp/task.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import { startNode } from "../../../src/start-node.ts";
import type { Pid } from "../../../src/term/pid.ts";
import { Client, clientOf, kvOn, startKv } from "../../support/kv.ts";

let node: LocalNode | undefined;
const log: string[] = [];

afterEach(async () => {
  await node?.stop();
  node = undefined;
  log.length = 0;
});

async function start(settings: Readonly<Record<string, unknown>> = {}): Promise<LocalNode> {
  node = await startNode({
    device: new StringDevice(),
    log: ({ level, message }) => log.push(`[${level}] ${message}`),
  });
  await startKv(node, settings);
  return node;
}

describe("KV.Server", () => {
  test("says where it listens", async () => {
    const { port } = await start().then(async (on) => ({ port: await on.run(() => Server.port()) }));
    expect(log).toEqual([`[info] Accepting connections on port ${port}`]);
  });

  test("answers a plain client", async () => {
    using client = await clientOf(await start());
    expect(await client.say("CREATE shopping")).toEqual(["OK"]);
    expect(await client.say("PUT shopping milk 1")).toEqual(["OK"]);
    expect(await client.say("GET shopping milk", 2)).toEqual(["1", "OK"]);
    expect(await client.say("DELETE shopping milk")).toEqual(["OK"]);
    expect(await client.say("GET shopping milk", 2)).toEqual(["", "OK"]);
    expect(await client.say("GET nothing here")).toEqual(["NOT FOUND"]);
    expect(await client.say("HELLO")).toEqual(["UNKNOWN COMMAND"]);
  });

  test("answers all that a client said before it hung up its end", async () => {
    using client = await clientOf(await start());
    client.socket.end("CREATE shopping\r\nPUT shopping milk 1\nGET shopping milk\r\nPUT shopping milk");
    expect(await client.hear(4)).toEqual(["OK", "OK", "1", "OK"]);
    await client.closed;
  });

  test("clients that send garbage, lines without end, or hang up half-way harm nobody else", async () => {
    const on = await start();
    using client = await clientOf(on);
    expect(await client.say("CREATE shopping")).toEqual(["OK"]);

    using garbage = await clientOf(on);
    garbage.socket.write(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]));
    expect(await garbage.hear(1)).toEqual(["UNKNOWN COMMAND"]);

    using endless = await clientOf(on);
    endless.socket.write("x".repeat(200_000));
    await endless.closed;

    using rude = await clientOf(on);
    expect(await rude.say("GET shopping milk", 2)).toEqual(["", "OK"]);
    rude.socket.write("PUT shopping mi");
    rude.socket.resetAndDestroy();
    await rude.closed;

    expect(await client.say("PUT shopping milk 1")).toEqual(["OK"]);
    expect(await garbage.say("GET shopping milk", 2)).toEqual(["1", "OK"]);
    // None of it is worth a line in the log.
    expect(log.filter((line) => !line.startsWith("[info]"))).toEqual([]);
  });

  test("a bucket that crashes costs its data, and no client its connection", async () => {
    const on = await start();
    using client = await clientOf(on);
    await client.say("CREATE shopping");
    await client.say("CREATE other");
    await on.run(async () => {
      const bucket = (await KV.lookupBucket("shopping")) as Pid;
      Process.monitor(bucket);
      Process.exit(bucket, "broken");
      await receive({ DOWN: () => undefined });
    });
    expect(await client.say("GET shopping milk")).toEqual(["NOT FOUND"]);
    expect(await client.say("PUT other milk 1")).toEqual(["OK"]);
  });

  test("a request that fails ends its client, and no other", async () => {
    const on = await start({ routingTable: [["a", "z", "nonode@nohost"]] });
    using client = await clientOf(on);
    using unlucky = await clientOf(on);
    expect(await unlucky.say("CREATE 9")).toEqual(["ERROR"]);
    await unlucky.closed;
    expect(await client.say("CREATE shopping")).toEqual(["OK"]);
    expect(log.join("\n")).toContain('could not find entry for "9"');
  });

  test("started again, listens where it did; those who are served notice nothing", async () => {
    const on = await start();
    const port = await on.run(() => Server.port());
    await on.run(() => Application.putEnv("kv", "port", port));
    using client = await clientOf(on);
    await client.say("CREATE shopping");
    await on.run(async () => {
      Process.monitor("KV.Server");
      Process.exit(Process.whereis("KV.Server") as Pid, "kill");
      await receive({ DOWN: () => undefined });
      // The supervisor answers when it has started it again.
      await Supervisor.whichChildren("KV.Supervisor");
    });
    expect(await client.say("PUT shopping milk 1")).toEqual(["OK"]);
    using late = await clientOf(on);
    expect(await late.say("GET shopping milk", 2)).toEqual(["1", "OK"]);
  });

  test("ends with the application, and so do its clients' connections", async () => {
    const on = await start();
    const port = await on.run(() => Server.port());
    using client = await clientOf(on);
    await client.say("CREATE shopping");
    await on.run(() => Application.stop("kv"));
    await client.closed;
    using late = new Client(port);
    await late.closed;
    await expect(late.hear(1)).rejects.toThrow("hung up");
  });

  test("more clients than it may have are turned away, and those it has stay", async () => {
    const on = await start();
    await on.run(async () => {
      await Supervisor.terminateChild("KV.Supervisor", SERVER_TASKS);
      await Supervisor.deleteChild("KV.Supervisor", SERVER_TASKS);
      await Supervisor.startChild("KV.Supervisor", [Task.Supervisor, { name: SERVER_TASKS, maxChildren: 1 }]);
    });
    using client = await clientOf(on);
    expect(await client.say("CREATE shopping")).toEqual(["OK"]);
    using second = await clientOf(on);
    await second.closed;
    expect(await client.say("PUT shopping milk 1")).toEqual(["OK"]);
    expect(log.at(-1)).toMatch(/warning.*too many/);
  });

  test("a port that is taken fails the start, saying so", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({ message: expect.stringContaining("EADDRINUSE") as string });
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("the servers of two nodes", () => {
  test("with a routing table, a client of either reaches the node that has the bucket", async () => {
    const routingTable = [
      ["a", "m", "foo@localhost"],
      ["n", "z", "bar@localhost"],
    ];
    await using cluster = await kvOn(["foo", "bar"], { routingTable }, { network: "websocket" });
    const [foo, bar] = [cluster.at("foo").node, cluster.at("bar").node];
    using here = await clientOf(foo);
    using there = await clientOf(bar);
    expect(await here.say("CREATE world")).toEqual(["OK"]);
    expect(await here.say("PUT world milk 1")).toEqual(["OK"]);
    expect(await there.say("GET world milk", 2)).toEqual(["1", "OK"]);
    expect(await there.say("CREATE apple")).toEqual(["OK"]);
    expect(await here.say("DELETE apple milk")).toEqual(["OK"]);
    expect(await foo.run(() => KV.lookupBucket("world"))).toBeNull();
    expect(await foo.run(() => KV.lookupBucket("apple"))).toMatchObject({ node: "foo@localhost" });
    expect(await bar.run(() => KV.lookupBucket("world"))).toMatchObject({ node: "bar@localhost" });
  });

  test("a node that is gone fails the clients who ask for its buckets, and no others", async () => {
    const routingTable = [
      ["a", "m", "foo@localhost"],
      ["n", "z", "bar@localhost"],
    ];
    await using cluster = await kvOn(["foo", "bar"], { routingTable }, { network: "websocket" });
    const foo = cluster.at("foo").node;
    using client = await clientOf(foo);
    using unlucky = await clientOf(foo);
    expect(await unlucky.say("CREATE world")).toEqual(["OK"]);
    await cluster.stop("bar");
    expect(await client.say("CREATE apple")).toEqual(["OK"]);
    expect(await unlucky.say("GET world milk")).toEqual(["ERROR"]);
    await unlucky.closed;
    expect(await client.say("PUT apple milk 1")).toEqual(["OK"]);
  });

  test("with NODES and global names, what a client of one writes a client of the other reads", async () => {
    vi.stubEnv("NODES", "foo@localhost,bar@localhost");
    await using cluster = await kvOn(["foo", "bar"], { naming: "global" }, { network: "websocket" });
    using here = await clientOf(cluster.at("foo").node);
    using there = await clientOf(cluster.at("bar").node);
    expect(await there.say("CREATE shopping")).toEqual(["OK"]);
    expect(await there.say("PUT shopping milk 1")).toEqual(["OK"]);
    expect(await here.say("GET shopping milk", 2)).toEqual(["1", "OK"]);
    expect(await here.say("PUT shopping milk 2")).toEqual(["OK"]);
    expect(await there.say("GET shopping milk", 2)).toEqual(["2", "OK"]);
  });
});
