import { describe, expect, test } from "vitest";
import { receive, take } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";

describe("Process", () => {
  test("an idle one has made nothing of what most never use", () => {
    const runtime = new Runtime();
    const process = runtime.spawn(() => receive());
    const { links, monitors, watchers, aliases, dictionary, name } = process;
    expect({ links, monitors, watchers, aliases, dictionary, name }).toEqual({});
    expect(process.waiting).toBe(false);
    runtime.stop();
  });

  test("interrupt rejects what it waits for, and lets it live", async () => {
    const runtime = new Runtime();
    const process = runtime.spawn(() => new Promise(() => undefined));
    const undone: string[] = [];
    const waits = [
      take(process, undefined),
      process.wait(() => () => undone.push("undone")),
      take(process, () => false),
    ];
    expect(process.waiting).toBe(true);
    process.interrupt(new RangeError("stopped"));
    const results = await Promise.allSettled(waits);
    expect(results.map((result) => result.status === "rejected" && (result.reason as Error).message)).toEqual([
      "stopped",
      "stopped",
      "stopped",
    ]);
    expect([process.alive, process.waiting, undone]).toEqual([true, false, ["undone"]]);
  });

  test("wait is settled once, and refused to the dead", async () => {
    const runtime = new Runtime();
    const process = runtime.spawn(() => receive());
    const value = process.wait<number>((resolve) => {
      resolve(1);
      resolve(2);
      return undefined;
    });
    expect(await value).toBe(1);
    runtime.stop();
    await expect(process.wait(() => expect.fail("started"))).rejects.toMatchObject({ code: "dead" });
  });
});
