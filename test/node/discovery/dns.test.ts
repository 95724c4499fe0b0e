import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dnsPoll } from "../../../src/node/discovery/dns.ts";
import { DnsServer } from "../../support/dns-server.ts";
import { NotedTopology } from "../../support/topology.ts";

let server: DnsServer;
beforeEach(async () => {
  server = await DnsServer.start({
    "app.test": { A: ["10.0.0.1", "10.0.0.2"], AAAA: ["fd00::1:2"] },
    "jobs.test": { A: ["10.0.1.1"] },
    "srv.test": { SRV: ["pod-0.app.test", "pod-1.app.test"] },
    "broken.test": "fails",
  });
});
afterEach(() => server[Symbol.asyncDispose]());

function run(config: object): NotedTopology {
  const topology = new NotedTopology({ nodeBasename: "app", servers: [server.address], ...config });
  dnsPoll.check(topology.config);
  dnsPoll.run(topology).catch(() => undefined);
  return topology;
}

describe("the DNS strategy", () => {
  test("DISCOVERY-004: connects to the base name at every address, IPv4 and IPv6", async () => {
    using topology = run({ query: "app.test" });
    expect(await topology.round()).toEqual([["replace", "app@10.0.0.1", "app@10.0.0.2", "app@fd00::1:2"]]);
  });

  test("DISCOVERY-005: what is gone from the answer is no longer among the nodes", async () => {
    using topology = run({ query: "app.test", types: ["A"] });
    await topology.round();
    server.zone = { "app.test": { A: ["10.0.0.2"] } };
    expect(await topology.next()).toEqual([["replace", "app@10.0.0.2"]]);
    server.zone = {};
    expect(await topology.next()).toEqual([["replace"]]);
  });

  test("a question that fails changes nothing of its nodes, and is warned of", async () => {
    using topology = run({ query: ["app.test", "jobs.test"], types: ["A"] });
    await topology.round();
    server.zone = { "app.test": "fails", "jobs.test": { A: [] } };
    expect(await topology.next()).toEqual([
      ["warn", "app.test", expect.stringContaining("unable to resolve app.test: ") as string],
      ["replace", "app@10.0.0.1", "app@10.0.0.2"],
    ]);
  });

  test("DISCOVERY-010: several questions give their own names", async () => {
    using topology = run({ query: ["app.test", { query: "jobs.test", nodeBasename: "jobs" }], types: ["A"] });
    expect(await topology.round()).toEqual([["replace", "app@10.0.0.1", "app@10.0.0.2", "jobs@10.0.1.1"]]);
  });

  test("services give the names of their targets", async () => {
    using topology = run({ query: "srv.test", types: ["SRV"] });
    expect(await topology.round()).toEqual([["replace", "app@pod-0.app.test", "app@pod-1.app.test"]]);
  });

  test.each([
    [{ nodeBasename: "app" }, "query"],
    [{ query: 7, nodeBasename: "app" }, "query"],
    [{ query: "app.test" }, "nodeBasename"],
    [{ query: "app.test", nodeBasename: "a@b" }, "nodeBasename"],
    [{ query: "app.test", nodeBasename: "app", types: ["MX"] }, "types"],
    [{ query: "app.test", nodeBasename: "app", servers: ["nowhere"] }, "servers"],
    [{ query: "app.test", nodeBasename: "app", pollInterval: "5s" }, "pollInterval"],
  ])("DISCOVERY-008: %o is refused by the name of the option", (config, option) => {
    expect(() => dnsPoll.check(config)).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(option) as string }),
    );
  });
});
