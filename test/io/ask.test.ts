import { describe, expect, test } from "vitest";
import { ask } from "../../src/io/ask.ts";
import { startGroup } from "../../src/io/group.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self } from "../../src/process/spawn.ts";
import type { Ref } from "../../src/term/ref.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = new Runtime({ log: () => undefined });

describe("ask()", () => {
  test("gives what the leader answers, and tells at once what the request is known by", async () => {
    const { pid } = startGroup(runtime, new StringDevice("line\n"));
    await inProcess(runtime, async () => {
      let tag: Ref | undefined;
      const answer = ask(current(), pid, ["get_line", "unicode", "> "], (sent) => (tag = sent));
      expect(current().monitors?.has(tag as Ref)).toBe(true);
      expect(await answer).toBe("line\n");
    });
  });

  test("fails with what the leader says it can't do", async () => {
    const { pid } = startGroup(runtime, new StringDevice());
    await inProcess(runtime, async () => {
      await expect(ask(current(), pid, ["get_geometry", "rows"])).rejects.toMatchObject({ code: "enotsup" });
    });
  });

  test("fails with terminated if the leader is gone, or is the process itself", async () => {
    await inProcess(runtime, async () => {
      const { pid } = startGroup(runtime, new StringDevice());
      Process.exit(pid, "kill");
      await expect(ask(current(), pid, ["clear"])).rejects.toMatchObject({ code: "terminated" });
      await expect(ask(current(), self(), ["clear"])).rejects.toMatchObject({ code: "terminated" });
    });
  });
});
