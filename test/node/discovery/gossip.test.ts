import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { gossip } from "../../../src/node/discovery/gossip.ts";
import { NotedTopology } from "../../support/topology.ts";

/** A port that nobody else gossips at. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

class Listener extends NotedTopology {
  override readonly self: "a@localhost";
  readonly heard = Promise.withResolvers<string>();

  constructor(self: string, config: object) {
    super({ secret: "together", ...config });
    this.self = self as "a@localhost";
    this.connect = (nodes) => {
      for (const node of nodes) this.heard.resolve(node);
      return Promise.resolve();
    };
  }
}

describe("gossip", () => {
  test("nodes with one secret hear of each other, over real multicast on loopback", async () => {
    const port = await freePort();
    using a = new Listener("a@localhost", { port });
    using b = new Listener("b@localhost", { port });
    using eve = new Listener("eve@localhost", { port, secret: "alone" });
    for (const topology of [a, eve, b]) {
      gossip.run(topology).catch(() => undefined);
      await topology.round();
    }
    // b was last and was not there when a spoke; a's next word reaches both, as does b's first.
    void a.next();
    expect(await Promise.all([a.heard.promise, b.heard.promise])).toEqual(["b@localhost", "a@localhost"]);
    void eve.next();
    void b.next();
    expect(await a.round()).toEqual([]);
  });

  test.each([
    [{}, "secret"],
    [{ secret: "s", port: 0 }, "port"],
    [{ secret: "s", multicastAddress: "127.0.0.1" }, "multicastAddress"],
    [{ secret: "s", multicastTtl: 300 }, "multicastTtl"],
    [{ secret: "s", interface: "eth0" }, "interface"],
    [{ secret: "s", interval: 0 }, "interval"],
  ])("DISCOVERY-008: %o is refused by the name of the option", (config, option) => {
    expect(() => gossip.check(config)).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(option) as string }),
    );
  });
});
