import { describe, expect, test } from "vitest";
import { defmodule, Kernel, makeRef, node } from "../../src/process/kernel.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self } from "../../src/process/spawn.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

describe("node() and makeRef()", () => {
  test("tell the caller's node, another's, and give a new reference each time", async () => {
    const runtime = new Runtime({ name: "here@localhost" });
    await inProcess(runtime, () => {
      expect(node()).toBe("here@localhost");
      expect(node(self())).toBe("here@localhost");
      expect(node(pidOf("there@localhost", 1, 0, 1))).toBe("there@localhost");
      expect(makeRef()).not.toBe(makeRef());
      expect(Kernel.makeRef().node).toBe("here@localhost");
    });
    await inProcess(new Runtime(), () => expect(node()).toBe("nonode@nohost"));
  });
});

describe("defmodule()", () => {
  test("inside a process defines for its node alone; outside for every node of the program", async () => {
    const [one, two] = [new Runtime(), new Runtime()];
    await inProcess(one, () => defmodule("KernelTestOwn", { f: () => 1 }));
    expect([one.modules.get("KernelTestOwn"), two.modules.get("KernelTestOwn")]).toEqual([
      expect.anything(),
      undefined,
    ]);
    const shared = defmodule("KernelTestShared", { f: () => 2 });
    expect([one.modules.get("KernelTestShared"), two.modules.get("KernelTestShared")]).toEqual([shared, shared]);
  });
});
