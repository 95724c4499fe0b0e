import { AsyncResource } from "node:async_hooks";
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { serve } from "../../../src/examples/kv/client.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import { spawnMonitor } from "../../../src/process/spawn.ts";
import { startCluster } from "../../../src/testing/cluster.ts";

/** The two ends of a connection. */
async function pair(): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connect((listener.address() as { port: number }).port, "127.0.0.1");
  client.on("error", () => undefined);
  const [server] = (await once(listener, "connection")) as [Socket];
  server.on("error", () => undefined);
  listener.close();
  return { client, server };
}

/** Serves one end in a process, does something, and gives the reason with which the process ended. */
async function ending(act: (client: Socket, end: () => void) => void): Promise<unknown> {
  const { client, server } = await pair();
  await using cluster = await startCluster(["foo"], { network: "websocket" });
  const closed = once(client, "close");
  const reason = await cluster.run("foo", async () => {
    const [pid] = spawnMonitor(() => serve(server));
    act(
      client,
      AsyncResource.bind(() => void Process.exit(pid, "kill")),
    );
    return receive({ DOWN: (_ref, _type, _pid, why) => why as unknown });
  });
  client.resume();
  await closed;
  return reason;
}

describe("serve()", () => {
  test("ends normally when the client has said all it wanted", async () => {
    expect(await ending((client) => client.end("HELLO\r\n"))).toBe("normal");
  });

  test("a connection that breaks ends it quietly", async () => {
    expect(await ending((client) => client.resetAndDestroy())).toBe("shutdown");
  });

  test("so does a line that is too long", async () => {
    expect(await ending((client) => client.write("x".repeat(70_000)))).toBe("shutdown");
  });

  test("the connection ends with the process, however that ends", async () => {
    const reason = ending((client, end) => {
      client.once("data", end);
      client.write("HELLO\r\n");
    });
    expect(await reason).toBe("killed");
  });
});
