import { expect, test } from "vitest";
import { openSession } from "./open-session.ts";

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
