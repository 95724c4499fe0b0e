import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, settingsOf } from "../../../src/shell/settings.ts";
import { openSession } from "./open-session.ts";

describe("configure()", () => {
  test("gives the settings as they are", async () => {
    expect(await openSession().run("configure()")).toEqual(DEFAULT_SETTINGS);
  });

  test("changes those it names and gives all", async () => {
    const { run, node } = openSession();
    expect(await run("configure({ depth: 2 })")).toEqual({ ...DEFAULT_SETTINGS, depth: 2 });
    expect(settingsOf(node.runtime).current.depth).toBe(2);
  });

  test.each(["configure({ dpeth: 2 })", "configure({ depth: 'deep' })", "configure(null)", "configure([])"])(
    "refuses %s, and changes nothing",
    async (source) => {
      const { run, node } = openSession();
      await expect(run(source)).rejects.toMatchObject({ code: "badarg" });
      expect(settingsOf(node.runtime).current).toEqual(DEFAULT_SETTINGS);
    },
  );
});
