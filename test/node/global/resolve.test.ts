import { describe, expect, test } from "vitest";
import {
  checkRule,
  notifyAllName,
  portable,
  randomExitName,
  randomNotifyName,
  settle,
} from "../../../src/node/global/resolve.ts";
import { current } from "../../../src/process/context.ts";
import { receive } from "../../../src/process/receive.ts";
import { self, spawnMonitor } from "../../../src/process/spawn.ts";
import { startCluster } from "../../../src/testing.ts";
import { Pid } from "../../../src/term/pid.ts";
import { downOf } from "../../support/processes.ts";

const earlier = new Pid("0@h", 1, 0, 1);

describe("the rules for clashes", () => {
  test("choose the one of the earlier node, in whatever order they are given", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      const [pid, ref] = spawnMonitor(() => receive(() => false));
      expect(randomNotifyName("x", self(), earlier)).toBe(earlier);
      expect(await receive()).toEqual(["global_name_conflict", "x"]);
      expect(randomExitName("x", earlier, pid)).toBe(earlier);
      expect(await downOf(ref)).toBe("killed");
      expect(notifyAllName("x", self(), earlier)).toBe("none");
      expect(await receive()).toEqual(["global_name_conflict", "x", earlier]);
    });
  });
});

describe("settle()", () => {
  test("gives the one that the rule picks, and nobody for anything else", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      const other = new Pid("c@h", 1, 0, 1);
      const settled = (rule: Parameters<typeof settle>[1]): Promise<Pid | undefined> =>
        settle(current(), rule, "x", earlier, self());
      const me = self();
      expect(await settled((_name, pid1) => pid1)).toBe(earlier);
      expect(await settled(() => Promise.resolve(me))).toBe(me);
      expect(await settled(() => other)).toBeUndefined();
      expect(await settled(["Nowhere", "none"])).toBeUndefined();
      expect(await settled(portable(notifyAllName))).toBeUndefined();
      expect(await receive()).toEqual(["global_name_conflict", "x", earlier]);
    });
  });
});

test("checkRule() takes a function, or a module and the name of its function", () => {
  checkRule(randomExitName);
  checkRule(["Mod", "fun"]);
  for (const wrong of ["none", ["Mod"], ["Mod", 7], undefined]) {
    expect(() => checkRule(wrong)).toThrow(expect.objectContaining({ code: "badarg" }) as Error);
  }
});
