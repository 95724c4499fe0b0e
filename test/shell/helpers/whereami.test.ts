import { expect, test } from "vitest";
import { openSession } from "./open-session.ts";

test("says that no process is looked into", async () => {
  expect(await openSession().printed("whereami()")).toBe(
    "No process is looked into: pry() and break points stop one\n",
  );
});

test("refuses what is no number of lines", async () => {
  await expect(openSession().run("whereami('far')")).rejects.toMatchObject({ code: "badarg" });
  await expect(openSession().run("whereami(-1)")).rejects.toMatchObject({ code: "badarg" });
});
