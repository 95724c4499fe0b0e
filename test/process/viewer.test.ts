import { describe, expect, test } from "vitest";
import { Runtime } from "../../src/process/runtime.ts";
import { viewerOf } from "../../src/process/viewer.ts";
import { inspect } from "../../src/term/inspect.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

describe("viewerOf()", () => {
  const open = () => new Runtime({ name: "alex@localhost", creation: 5 });

  test("is the same for one node", () => {
    const runtime = open();
    expect(viewerOf(runtime)).toBe(viewerOf(runtime));
    expect(viewerOf(runtime)).not.toBe(viewerOf(open()));
  });

  test("numbers nodes as they are seen, each life for itself, the own one with 0", () => {
    const viewer = viewerOf(open());
    expect([
      viewer.indexOf("kate@localhost", 1),
      viewer.indexOf("kate@localhost", 2),
      viewer.indexOf("kate@localhost", 1),
    ]).toEqual([1, 2, 1]);
    expect(viewer.indexOf("alex@localhost", 5)).toBe(0);
    expect(viewer.indexOf("alex@localhost", 6)).toBe(3);
  });

  test("knows the way back", () => {
    const viewer = viewerOf(open());
    viewer.indexOf("kate@localhost", 1);
    expect([0, 1, 2].map((index) => viewer.nodeOf(index))).toEqual([
      { node: "alex@localhost", creation: 5 },
      { node: "kate@localhost", creation: 1 },
      undefined,
    ]);
  });

  test("is who looks inside a process", async () => {
    const runtime = open();
    expect(
      await inProcess(runtime, () => inspect([pidOf("alex@localhost", 7, 0, 5), pidOf("kate@localhost", 8, 0, 1)])),
    ).toBe("[#PID<0.7.0>, #PID<1.8.0>]");
  });
});
