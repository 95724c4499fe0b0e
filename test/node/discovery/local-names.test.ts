import { expect, onTestFinished, test } from "vitest";
import { StringDevice } from "../../../src/io/string-device.ts";
import { localNames } from "../../../src/node/discovery/local-names.ts";
import { startNode } from "../../../src/start-node.ts";
import { NotedTopology } from "../../support/topology.ts";

test("connects to every name that this host's name service knows", async () => {
  for (const sname of ["b", "c"]) {
    const node = await startNode({ sname, cookie: "x", device: new StringDevice() });
    onTestFinished(() => node.stop());
  }
  using topology = new NotedTopology({});
  localNames.run(topology).catch(() => undefined);
  expect(await topology.round()).toEqual([["connect", "b@localhost", "c@localhost"]]);
});

test("goes on when the names can't be had, and warns", async () => {
  let names = (): string[] => {
    throw new Error("nobody there");
  };
  using topology = new NotedTopology({ names: () => names() });
  localNames.run(topology).catch(() => undefined);
  expect(await topology.round()).toEqual([["warn", "names", "unable to ask this host's name service: nobody there"]]);
  names = () => ["b", "no name"];
  expect(await topology.next()).toEqual([["connect", "b@localhost"]]);
});

test("DISCOVERY-008: refuses names that are no function", () => {
  expect(() => localNames.check({ names: ["b"] })).toThrow(expect.objectContaining({ code: "badarg" }));
});
