import { expect, test } from "vitest";
import { findRegistry } from "../../src/otp/registry-server.ts";
import { Registry } from "../../src/otp/registry.ts";
import { genCall } from "../../src/otp/gen-call.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { send } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";

test("a registry belongs to its node, and is found while it runs; strangers' messages do it no harm", async () => {
  const log: string[] = [];
  const here = new Runtime({ log: ({ message }) => void log.push(message) });
  const there = new Runtime({ log: () => undefined });
  await inProcess(here, async () => {
    Process.flag("trapExit", true);
    const pid = await Registry.startLink({ keys: "unique", name: "R" });
    expect(findRegistry(here, "R")?.process.pid).toBe(pid);
    expect(findRegistry(there, "R")).toBeUndefined();
    send(pid, "hello");
    expect(await genCall("R", "what", 5000, ["M", "f", []])).toEqual(["error", ["bad_call", "what"]]);
    expect(log).toEqual([
      'Registry "R" received an unexpected message: "hello"',
      'Registry "R" received an unexpected call: "what"',
    ]);
    Process.exit(pid, "kill");
    expect(findRegistry(here, "R")).toBeUndefined();
  });
});
