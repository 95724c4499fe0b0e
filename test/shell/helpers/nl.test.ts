import { expect, test } from "vitest";
import "../../../src/library.ts";
import { erpc } from "../../../src/node/erpc.ts";
import { makeHelpers } from "../../../src/shell/helpers/index.ts";
import { Session } from "../../../src/shell/session.ts";
import { settingsOf } from "../../../src/shell/settings.ts";
import { startCluster } from "../../../src/testing/cluster.ts";
import { openSession } from "./open-session.ts";

test("IEX-030: nl() loads a module on the nodes it is given, and tells which could not be reached", async () => {
  await using cluster = await startCluster(["alex", "kate"]);
  const { runtime, scope } = cluster.at("alex").node;
  const context = {
    ...{ runtime, session: (): Session => session, settings: settingsOf(runtime) },
    ...{ respawn: () => undefined, entries: () => [] },
  };
  const session: Session = new Session({ scope, helpers: makeHelpers(context) });
  const run = (source: string): Promise<unknown> =>
    cluster.run("alex", async () => (await (await session.prepare(source)).run()).value);
  await run(
    "const Greeter = { hello: (name) => `hello ${name}`, twice: (name) => Greeter.hello(Greeter.hello(name)) }",
  );
  expect(await run('nl(["kate@localhost", "nobody@localhost"], Greeter)')).toEqual([
    "ok",
    [
      ["kate@localhost", "loaded", "Greeter"],
      ["nobody@localhost", "badrpc", expect.objectContaining({ code: "noconnection" })],
    ],
  ]);
  expect(await cluster.run("alex", () => erpc.call("kate@localhost", "Greeter", "twice", ["you"]))).toBe(
    "hello hello you",
  );
});

test("nl() reports no node where none is connected", async () => {
  const { run } = openSession();
  await run('defmodule("Kate", { f: () => 1 })');
  expect(await run("nl(Kate)")).toEqual(["ok", []]);
});

test("nl() refuses what is no module of the node", async () => {
  const { run } = openSession();
  await expect(run('nl("Nobody")')).rejects.toMatchObject({ code: "badarg" });
  await expect(run("nl(1)")).rejects.toMatchObject({ code: "badarg" });
});
