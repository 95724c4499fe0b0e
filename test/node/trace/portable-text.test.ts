import { describe, expect, test } from "vitest";
import { PortableViewer, readPortable } from "../../../src/node/trace/portable-text.ts";
import { inspect } from "../../../src/term/inspect.ts";
import { Pid } from "../../../src/term/pid.ts";
import { Ref } from "../../../src/term/ref.ts";

const reader = {
  node: "alex@localhost",
  creation: 1,
  indexOf: (node: string) => (node === "kate@localhost" ? 4 : 9),
} as const;

describe("readPortable()", () => {
  test("shows identifiers of any node as the one who reads sees them", () => {
    const viewer = new PortableViewer();
    const values = [
      new Pid("kate@localhost", 5, 0, 7),
      new Pid("alex@localhost", 6, 0, 1),
      new Pid("alex@localhost", 6, 0, 2),
      new Ref("kate@localhost", 7, 3),
    ];
    const text = inspect(values, { viewer, breakLength: Infinity });
    const lives = viewer.take();
    expect(lives).toHaveLength(3);
    expect(readPortable(text, lives, reader)).toMatch(
      /^\[#PID<4\.5\.0>, #PID<0\.6\.0>, #PID<9\.6\.0>, #Ref<4(\.\d+)+>\]$/,
    );
    expect(viewer.take()).toEqual([]);
  });

  test("leaves what stands for no node, and escapes all that could steer a terminal but colours", () => {
    expect(readPortable("#PID<900000000000007.5.0>", [], reader)).toBe("#PID<900000000000007.5.0>");
    expect(readPortable("\u001b[31mred\u001b[2J\u0007", [], reader)).toBe("\u001b[31mred\\x1b[2J\\x07\u001b[0m");
  });
});
