import { PRINTED } from "../../../src/shell/helpers/print.ts";
import { describe, expect, test } from "vitest";
import type { Device } from "../../../src/io/device.ts";
import { StringDevice } from "../../../src/io/string-device.ts";
import { openSession } from "./open-session.ts";

describe("clear()", () => {
  test("IEX-035: has the leader's terminal erased", async () => {
    let cleared = 0;
    const device: Device = Object.assign(new StringDevice(), {
      kind: "terminal" as const,
      clear: () => void cleared++,
    });
    expect(await openSession({ device }).run("clear()")).toBe(PRINTED);
    expect(cleared).toBe(1);
  });

  test("IEX-035: says why not where there is none", async () => {
    expect(await openSession().printed("clear()")).toContain("not a terminal");
  });

  test("fails with terminated if the leader is gone", async () => {
    const { leader, run } = openSession();
    await run(`Process.exit(pid(0, ${String(leader.id)}, 0), "kill")`);
    await expect(run("clear()")).rejects.toMatchObject({ code: "terminated" });
  });
});
