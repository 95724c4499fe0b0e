import { afterEach, describe, expect, test } from "vitest";
import { printPid, printRef, setDefaultViewer, type Viewer } from "../../src/term/inspect-identifier.ts";
import { NONODE, pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";

const viewer: Viewer = { node: "bar@localhost", creation: 2, indexOf: (_, creation) => 10 + creation };

afterEach(() => {
  setDefaultViewer(() => undefined);
});

describe("printPid()", () => {
  test("numbers the viewer's own node 0, but not an earlier life of it", () => {
    expect(printPid(pidOf("bar@localhost", 73, 4, 2), viewer)).toBe("#PID<0.73.4>");
    expect(printPid(pidOf("bar@localhost", 73, 4, 1), viewer)).toBe("#PID<11.73.4>");
    expect(printPid(pidOf("foo@localhost", 73, 4, 2), viewer)).toBe("#PID<12.73.4>");
  });

  test("goes by the default viewer, and without one by the node's name", () => {
    const pid = pidOf("foo@localhost", 73, 0, 5);
    expect(printPid(pid, undefined)).toBe("#PID<foo@localhost.73.0>");
    expect(printPid(pidOf(NONODE, 73, 0, 0), undefined)).toBe("#PID<0.73.0>");
    setDefaultViewer(() => viewer);
    expect(printPid(pid, undefined)).toBe("#PID<15.73.0>");
  });
});

describe("printRef()", () => {
  test("puts the most significant word first", () => {
    expect(printRef(refOf("bar@localhost", 2, 400), viewer)).toBe("#Ref<0.0.0.400>");
    expect(printRef(refOf("bar@localhost", 2, 7 * 2 ** 32 + 5, [3]), viewer)).toBe("#Ref<0.3.7.5>");
    expect(printRef(refOf("foo@localhost", 1, 1, [2, 3, 4]), viewer)).toBe("#Ref<11.4.3.2.0.1>");
  });
});
