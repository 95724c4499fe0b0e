import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { within } from "../../src/shell/interruptible.ts";
import { open } from "../support/sessions.ts";

describe("within()", () => {
  test("gives the same value, and throws what is thrown", async () => {
    const { session } = open();
    expect((await (await session.prepare("[1]")).run({ atMost: 60_000 })).value).toEqual([1]);
    await expect((await session.prepare("missing")).run({ atMost: 60_000 })).rejects.toThrow("missing is not defined");
  });

  test("leaves the caller as it was, whoever the code ran as that was stopped", () => {
    const who = new AsyncLocalStorage<string>();
    const endless = () =>
      who.run("another", () => {
        for (;;);
      });
    who.run("caller", () => {
      expect(() => within(20, endless)).toThrow("Stopped after");
      expect(who.getStore()).toBe("caller");
    });
  });

  test("stops an endless loop when the time is over, and keeps what was before it", async () => {
    const { session, value } = open();
    const prepared = await session.prepare("const before = 1; while (true) {}");
    await expect(prepared.run({ atMost: 20 })).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringMatching(/^Stopped after 0.02 s without a pause/) as string,
    });
    expect(await value("before")).toBe(1);
  });
});

describe("interruptible()", () => {
  const listener = () => undefined;
  afterEach(() => process.off("SIGINT", listener));

  test("gives the same value, in the same realm", async () => {
    const { session } = open();
    const prepared = await session.prepare("const list = [1]; await null; list");
    const { value } = await prepared.run({ breakOnSigint: true });
    expect(value).toEqual([1]);
    expect(value).toBeInstanceOf(Array);
  });

  test("stops an endless loop and keeps what was before it", async () => {
    const { session, value } = open();
    process.on("SIGINT", listener);
    const started = join(mkdtempSync(join(tmpdir(), "moebi-loop-")), "started");
    const source = `const before = 1; process.getBuiltinModule("fs").writeFileSync(${JSON.stringify(started)}, ""); while (true) {}`;
    const prepared = await session.prepare(source);
    // The loop keeps this thread, so another program waits until it has begun.
    const killer = spawn("sh", ["-c", `until [ -e ${started} ]; do :; done; kill -INT ${String(process.pid)}`]);
    await once(killer, "spawn");
    await expect(prepared.run({ breakOnSigint: true })).rejects.toMatchObject({ code: "interrupted" });
    expect(await value("before")).toBe(1);
  });
});
