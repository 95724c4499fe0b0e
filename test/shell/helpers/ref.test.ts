import { describe, expect, test } from "vitest";
import { viewerOf } from "../../../src/process/viewer.ts";
import { inspect } from "../../../src/term/inspect.ts";
import { refOf } from "../../../src/term/ref.ts";
import { openSession } from "./open-session.ts";

describe("ref()", () => {
  test("gives the reference of a monitor or an alias itself", async () => {
    const { run } = openSession();
    expect(await run("const m = Process.monitor(spawn(() => receive())); ref(inspect(m)) === m")).toBe(true);
    expect(await run("const a = Process.alias(); ref(inspect(a).slice(5, -1)) === a")).toBe(true);
    expect(await run("ref(0, 0, 0, a.id) === ref(`0.0.0.${a.id}`)")).toBe(true);
  });

  test("gives the reference of another node that was printed here, with words an Erlang node made", async () => {
    const { run, node } = openSession();
    const remote = refOf("kate@localhost", 7, 2 ** 32 * 3 + 5, [9, 8]);
    const text = inspect(remote, { viewer: viewerOf(node.runtime) });
    expect(text).toBe("#Ref<1.8.9.3.5>");
    expect(await run(`ref("${text}")`)).toBe(remote);
  });

  test.each(['ref("0.1.2")', 'ref("nothing")', "ref(0, 1)", 'ref("9.0.0.1")', 'ref("0.0.4294967295.1")'])(
    "refuses %s",
    async (source) => {
      await expect(openSession().run(source)).rejects.toMatchObject({ code: "badarg" });
    },
  );
});
