import { describe, expect, test } from "vitest";
import { captureIO } from "../../src/io/capture-io.ts";
import { IO } from "../../src/io/io.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = new Runtime({ log: () => undefined });
const printed = (body: () => unknown, input?: string): Promise<string> =>
  inProcess(runtime, () => captureIO(body, input));

describe("IO", () => {
  test("prints text as it is and values as the prompt would, in order though nobody waits", async () => {
    expect(
      await printed(async () => {
        void IO.puts("text");
        void IO.puts(["a", 1]);
        void IO.write("no newline");
        await IO.puts(null);
      }),
    ).toBe('text\n["a", 1]\nno newlinenull\n');
  });

  test("inspect gives the value itself, printed with its label", async () => {
    const value = { n: 1 };
    expect(
      await printed(async () => {
        expect(IO.inspect(value, { label: "value" })).toBe(value);
        await IO.write("");
      }),
    ).toBe("value: { n: 1 }\n");
  });

  test("prints to a device that is named, and refuses what is none", async () => {
    await inProcess(runtime, async () => {
      await expect(IO.puts("nobody", "x")).rejects.toMatchObject({ code: "terminated" });
      expect(() => IO.puts(7, "x")).toThrow(expect.objectContaining({ code: "badarg" }));
    });
  });

  test("reads lines and characters", async () => {
    await printed(async () => {
      expect([await IO.gets("> "), await IO.getn("> ", 2), await IO.gets(), await IO.gets()]).toEqual([
        "a\n",
        "bc",
        "d",
        "eof",
      ]);
      await expect(IO.getn("", 0)).rejects.toMatchObject({ code: "badarg" });
    }, "a\nbcd");
  });

  test("a process that is its own leader gets an error, not a wait for itself", async () => {
    await inProcess(runtime, async () => {
      Process.groupLeader(self(), self());
      await expect(IO.puts("x")).rejects.toMatchObject({ code: "terminated" });
    });
  });

  test("fails outside a process", () => {
    expect(() => IO.puts("x")).toThrow(expect.objectContaining({ code: "noprocess" }));
  });
});
