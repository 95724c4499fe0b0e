import { expect, test } from "vitest";
import { fixedList } from "../../../src/node/discovery/fixed-list.ts";
import { NotedTopology } from "../../support/topology.ts";

test("tries its nodes again and again", async () => {
  using topology = new NotedTopology({ hosts: ["b@localhost", "c@localhost"] });
  const running = fixedList.run(topology);
  running.catch(() => undefined);
  expect(await topology.round()).toEqual([["connect", "b@localhost", "c@localhost"]]);
  expect(await topology.next()).toEqual([["connect", "b@localhost", "c@localhost"]]);
});

test("DISCOVERY-008: refuses what is no list of nodes", () => {
  for (const config of [{}, { hosts: "b@localhost" }, { hosts: ["b"] }, { hosts: [], interval: -1 }])
    expect(() => fixedList.check(config)).toThrow(expect.objectContaining({ code: "badarg" }));
});
