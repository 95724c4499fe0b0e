import { describe, expect, test } from "vitest";
import { inspect } from "../../../src/term/inspect.ts";
import { pidOf } from "../../../src/term/pid.ts";
import { viewerOf } from "../../../src/process/viewer.ts";
import { openSession } from "./open-session.ts";

describe("pid()", () => {
  test("IEX-031: gives the process itself, from text and from numbers", async () => {
    const { run } = openSession();
    expect(await run("pid(inspect(self())) === self()")).toBe(true);
    expect(await run("pid(inspect(self()).slice(5, -1)) === self()")).toBe(true);
    expect(await run("pid(0, self().id, 0) === self()")).toBe(true);
  });

  test("IEX-031: gives the pid of another node that was printed here", async () => {
    const { run, node } = openSession();
    const remote = pidOf("kate@localhost", 73, 1, 7);
    const text = inspect(remote, { viewer: viewerOf(node.runtime) });
    expect(text).toBe("#PID<1.73.1>");
    expect(await run(`pid("${text}")`)).toBe(remote);
    expect(await run("pid(1, 73, 1)")).toBe(remote);
  });

  test.each([
    'pid("0.73")',
    'pid("nobody")',
    "pid(0, 73)",
    "pid(0, -1, 0)",
    "pid(0, 4294967296, 0)",
    "pid(null)",
    "pid()",
    'pid("9.73.0")',
  ])("IEX-031: refuses %s", async (source) => {
    await expect(openSession().run(source)).rejects.toMatchObject({ code: "badarg" });
  });
});
