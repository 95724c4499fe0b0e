import { expect, test } from "vitest";
import { kubernetesDns } from "../../../src/node/discovery/kubernetes-dns.ts";
import { DnsServer } from "../../support/dns-server.ts";
import { NotedTopology } from "../../support/topology.ts";

const ZONE = {
  "web.default.svc.cluster.local": { A: ["10.1.0.4", "10.1.0.5"] },
  "web.prod.svc.example": { SRV: ["web-0.web.prod.svc.example"] },
};

test("finds the pods of a headless service by address, or by the name a stateful set gives them", async () => {
  await using server = await DnsServer.start(ZONE);
  const round = async (config: object): Promise<unknown> => {
    using topology = new NotedTopology({
      service: "web",
      applicationName: "app",
      servers: [server.address],
      ...config,
    });
    kubernetesDns.check(topology.config);
    kubernetesDns.run(topology).catch(() => undefined);
    return await topology.round();
  };
  expect(await round({})).toEqual([["replace", "app@10.1.0.4", "app@10.1.0.5"]]);
  expect(await round({ namespace: "prod", clusterDomain: "example", mode: "hostname" })).toEqual([
    ["replace", "app@web-0.web.prod.svc.example"],
  ]);
});

test.each([
  [{ applicationName: "app" }, "service"],
  [{ service: "web" }, "applicationName"],
  [{ service: "web", applicationName: "app", mode: "pods" }, "mode"],
])("DISCOVERY-008: %o is refused by the name of the option", (config, option) => {
  expect(() => kubernetesDns.check(config)).toThrow(
    expect.objectContaining({ code: "badarg", message: expect.stringContaining(option) as string }),
  );
});
