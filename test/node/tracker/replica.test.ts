import { expect, test } from "vitest";
import { Replica } from "../../../src/node/tracker/replica.ts";
import { pidOf } from "../../../src/term/pid.ts";

const tracker = pidOf("b@localhost", 1, 0, 1);
const pid = pidOf("b@localhost", 2, 0, 1);
const ada = { key: "ada", pid, meta: {} };
const bob = { key: "bob", pid, meta: {} };

test("what a hidden replica is told shows when it is back", () => {
  const replica = new Replica(tracker);
  expect(replica.tell(["put", "t", ada])).toEqual([["join", "t", [ada]]]);
  expect(replica.hide()).toEqual([["leave", "t", [ada]]]);
  expect(replica.tell(["put", "t", bob])).toEqual([]);
  expect([replica.status, replica.listed.list("t")]).toEqual(["down", []]);
  expect(replica.sync([["t", [ada, bob]]])).toEqual([["join", "t", [ada, bob]]]);
  expect(replica.tell(["drop", pid, ["t", "ada"]])).toEqual([["leave", "t", [ada]]]);
  expect(replica.forget()).toEqual([["leave", "t", [bob]]]);
  expect(replica.sync([["t", [ada]]])).toEqual([["join", "t", [ada]]]);
});
