import { describe, expect, test } from "vitest";
import { global } from "../../src/node/global.ts";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { startNode } from "../../src/start-node.ts";
import { isPid, type Pid } from "../../src/term/pid.ts";
import { holder, lookUp, mesh, nodes, register } from "../support/global-names.ts";
import { downOf, exitOf, mailbox } from "../support/processes.ts";

describe("global.registerName()", () => {
  test("is known on all nodes when it answers", async () => {
    await using cluster = await mesh("a", "b", "c");
    const pid = await holder(cluster, "a");
    expect(await register(cluster, "a", "leader", pid)).toBe("yes");
    expect(await lookUp(cluster, "leader")).toEqual([pid, pid, pid]);
    expect(await cluster.run("c", () => global.registeredNames())).toEqual(["leader"]);
  });

  test("GLOBAL-002: is no for a name that is taken, here or elsewhere, and changes nothing", async () => {
    await using cluster = await mesh("a", "b");
    const [first, second] = [await holder(cluster, "a"), await holder(cluster, "b")];
    expect(await register(cluster, "a", "x", first)).toBe("yes");
    expect(await register(cluster, "a", "x", first)).toBe("no");
    expect(await register(cluster, "b", "x", second)).toBe("no");
    expect(await lookUp(cluster, "x")).toEqual([first, first]);
  });

  test("GLOBAL-003: is undone on all nodes when the holder dies", async () => {
    await using cluster = await mesh("a", "b", "c");
    const pid = await holder(cluster, "b");
    await register(cluster, "a", "x", pid);
    await cluster.run("a", () => send(pid, "end"));
    await cluster.settle();
    expect(await lookUp(cluster, "x")).toEqual([null, null, null]);
    expect(await register(cluster, "c", "x", await holder(cluster, "c"))).toBe("yes");
  });

  test("is undone when the node of the holder goes", async () => {
    await using cluster = await mesh("a", "b", "c");
    await register(cluster, "a", "x", await holder(cluster, "a"));
    await cluster.kill("a");
    await cluster.settle();
    expect(await lookUp(cluster, "x")).toEqual([null, null]);
  });

  test("takes any term for a name", async () => {
    await using cluster = await mesh("a", "b");
    const pid = await holder(cluster, "a");
    await register(cluster, "a", ["room", 7], pid);
    expect(await cluster.run("b", () => global.whereisName(["room", 7]))).toBe(pid);
    expect(await cluster.run("b", () => global.whereisName(["room", 8]))).toBeNull();
  });

  test("is won by one of many who try at once", async () => {
    await using cluster = await mesh("a", "b", "c", "d");
    const pids = await Promise.all(["a", "b", "c", "d"].map((node) => holder(cluster, node)));
    const answers = await Promise.all(
      ["a", "b", "c", "d"].map((node, i) => register(cluster, node, "x", pids[i] as Pid)),
    );
    expect(answers.filter((answer) => answer === "yes")).toHaveLength(1);
  });

  test("is no for a process whose node can't be reached", async () => {
    await using cluster = await mesh("a", "b");
    const pid = await holder(cluster, "b");
    cluster.cut("a", "b");
    await cluster.run("a", () => Node.disconnect("b@localhost"));
    expect(await register(cluster, "a", "x", pid)).toBe("no");
    expect(await cluster.run("a", () => global.whereisName("x"))).toBeNull();
  });

  test("works on a node without a name", async () => {
    const node = await startNode();
    try {
      await node.run(async () => {
        expect(await global.registerName("x", self())).toBe("yes");
        expect(global.whereisName("x")).toBe(self());
        expect(await global.unregisterName("x")).toBe("ok");
        expect(global.registeredNames()).toEqual([]);
        expect(await global.trans(["r", self()], () => 7)).toBe(7);
      });
    } finally {
      await node.stop();
    }
  });

  test("fails with badarg for what is no pid, and no rule", async () => {
    await using cluster = await mesh("a");
    await expect(cluster.run("a", () => global.registerName("x", "nobody" as never))).rejects.toMatchObject({
      code: "badarg",
    });
    await expect(cluster.run("a", () => global.registerName("x", self(), "none" as never))).rejects.toMatchObject({
      code: "badarg",
    });
  });

  test("GLOBAL-024: is known to a node that joins meanwhile", async () => {
    await using cluster = await mesh("a", "b");
    await cluster.start("c");
    const pid = await holder(cluster, "a");
    cluster.delay("a", "b", 100);
    cluster.delay("a", "c", 30);
    const registering = register(cluster, "b", "x", pid);
    await cluster.run("c", () => Node.connect("a@localhost"));
    expect(await registering).toBe("yes");
    await cluster.advance(1000);
    expect(await lookUp(cluster, "x")).toEqual([pid, pid, pid]);
  });

  test("GLOBAL-012: lets one of those who watch the holder take over from it", async () => {
    await using cluster = await mesh("a", "b", "c", "d");
    const contend = async (): Promise<void> => {
      for (;;) {
        if ((await global.registerName("job", self())) === "yes") return void (await receive(() => false));
        const pid = global.whereisName("job");
        if (pid !== null) await downOf(Process.monitor(pid));
      }
    };
    for (const node of ["a", "b", "c", "d"]) await cluster.run(node, () => spawn(contend));
    await cluster.advance(5000);
    const [first] = await lookUp(cluster, "job");
    const leader = first as Pid;
    await cluster.kill((leader.node.split("@") as [string])[0]);
    await cluster.advance(5000);
    const now = await lookUp(cluster, "job");
    expect(now).toHaveLength(3);
    expect(isPid(now[0]) && now[0] !== leader).toBe(true);
    expect(new Set(now).size).toBe(1);
  });
});

describe("global.reRegisterName()", () => {
  test("gives the name to another, wherever the two are", async () => {
    await using cluster = await mesh("a", "b", "c");
    const [first, second, third] = [
      await holder(cluster, "a"),
      await holder(cluster, "b"),
      await holder(cluster, "b"),
    ] as const;
    await register(cluster, "a", "x", first);
    for (const next of [second, third, first]) {
      expect(await cluster.run("c", () => global.reRegisterName("x", next))).toBe("yes");
      expect(await lookUp(cluster, "x")).toEqual([next, next, next]);
    }
    await cluster.run("b", () => send(second, "end"));
    await cluster.settle();
    expect(await lookUp(cluster, "x")).toEqual([first, first, first]);
  });
});

describe("global.reRegisterName() that is cut short", () => {
  test("leaves the name with who had it, on all nodes", async () => {
    await using cluster = await mesh("a", "b", "c");
    const [first, second] = [await holder(cluster, "a"), await holder(cluster, "b")];
    await register(cluster, "a", "x", first);
    cluster.delay("a", "b", 100);
    cluster
      .at("b")
      .node.run(() => global.reRegisterName("x", second))
      .catch(() => undefined);
    // It has the lock by now, and c has been told; a has not.
    const known = (): Promise<Pid | null> => cluster.run("c", () => global.whereisName("x"));
    for (let i = 0; i < 100 && (await known()) !== second; i++) await cluster.advance(10);
    expect(await known()).toBe(second);
    await cluster.crash("b");
    await cluster.advance(200_000);
    expect(await lookUp(cluster, "x")).toEqual([first, first]);
  });
});

describe("global.unregisterName()", () => {
  test("frees the name everywhere, and is ok for one that nobody has", async () => {
    await using cluster = await mesh("a", "b");
    await register(cluster, "a", "x", await holder(cluster, "a"));
    expect(await cluster.run("b", () => global.unregisterName("x"))).toBe("ok");
    expect(await lookUp(cluster, "x")).toEqual([null, null]);
    expect(await cluster.run("b", () => global.unregisterName("x"))).toBe("ok");
  });
});

describe("global.send()", () => {
  test("GLOBAL-006: reaches the holder from any node, and gives its pid", async () => {
    await using cluster = await mesh("a", "b");
    const got = cluster.run("a", async () => {
      await global.registerName("x", self());
      return [self(), await receive()];
    });
    await cluster.advance(1000);
    const to = await cluster.run("b", () => global.send("x", ["hello", 1]));
    expect(await got).toEqual([to, ["hello", 1]]);
  });

  test("exits with badarg if nobody has the name", async () => {
    await using cluster = await mesh("a");
    expect(await cluster.run("a", () => exitOf(() => global.send("x", "hello")))).toEqual(["badarg", ["x", "hello"]]);
  });
});

describe("global.setLock()", () => {
  test("GLOBAL-013: is false for another requester, and true again when it is given up", async () => {
    await using cluster = await mesh("a", "b");
    const done = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const holding = cluster.at("a").node.run(async () => {
      expect(await global.setLock(["r", "first"])).toBe(true);
      expect(await global.setLock(["r", "first"])).toBe(true);
      done.resolve(undefined);
      await release.promise;
      await global.delLock(["r", "first"]);
    });
    await cluster.drive(done.promise);
    const other = (): Promise<boolean> => cluster.run("b", () => global.setLock(["r", "second"], undefined, 0));
    expect(await other()).toBe(false);
    release.resolve(undefined);
    await cluster.drive(holding);
    expect(await other()).toBe(true);
  });

  test("GLOBAL-015: waits for one that is held", async () => {
    await using cluster = await mesh("a", "b");
    const held = cluster.run("a", async () => {
      await global.setLock(["r", 1]);
      await Process.sleep(3000);
      await global.delLock(["r", 1]);
      return cluster.clock.now();
    });
    await cluster.advance(100);
    const had = await cluster.run("b", async () => [await global.setLock(["r", 2]), cluster.clock.now()] as const);
    expect(had[0]).toBe(true);
    expect(had[1] - (await held)).toBeLessThan(5000);
  });

  test("GLOBAL-016: is had on two sets of nodes apart, and fails as a whole on one that overlaps", async () => {
    await using cluster = await mesh("a", "b", "c", "d");
    await cluster.run("a", async () => {
      expect(await global.setLock(["r", 1], nodes("a", "b"), 0)).toBe(true);
      expect(await global.setLock(["r", 2], nodes("c"), 0)).toBe(true);
      expect(await global.setLock(["r", 3], nodes("d", "c"), 0)).toBe(false);
      expect(await global.setLock(["r", 3], nodes("a", "d"), 0)).toBe(false);
      expect(await global.setLock(["r", 4], nodes("d"), 0)).toBe(true);
    });
  });

  test("ends with its process", async () => {
    await using cluster = await mesh("a", "b");
    await cluster.run("a", () => global.setLock(["r", 1]));
    await cluster.settle();
    expect(await cluster.run("b", () => global.setLock(["r", 2], undefined, 0))).toBe(true);
  });

  test("fails with badarg for what is no lock", async () => {
    await using cluster = await mesh("a");
    await expect(cluster.run("a", () => global.setLock("r" as never))).rejects.toMatchObject({ code: "badarg" });
    await expect(cluster.run("a", () => global.setLock(["r", 1], [], -1))).rejects.toMatchObject({ code: "badarg" });
  });
});

describe("global.trans()", () => {
  test("runs with the lock held, gives it up also when it fails, and is aborted if it is not had", async () => {
    await using cluster = await mesh("a", "b");
    await cluster.run("a", async () => {
      const inside = await global.trans(["r", 1], () => global.setLock(["r", 2], undefined, 0));
      expect(inside).toBe(false);
      const failing = global.trans(["r", 1], () => Promise.reject(new Error("inside")));
      await expect(failing).rejects.toThrow("inside");
      await global.setLock(["r", 2]);
      expect(await global.trans(["r", 1], () => "ran", undefined, 0)).toBe("aborted");
    });
  });
});

describe("global and hidden nodes", () => {
  test("GLOBAL-021: names and locks of a hidden node are its own, and it does not see the others'", async () => {
    await using cluster = await mesh("a", "b");
    await cluster.start("h", { hidden: true });
    await cluster.run("h", () => Node.connect("a@localhost"));
    const [mine, theirs] = [await holder(cluster, "h"), await holder(cluster, "a")];
    expect(await register(cluster, "h", "x", mine)).toBe("yes");
    expect(await register(cluster, "a", "x", theirs)).toBe("yes");
    await cluster.advance(5000);
    expect(await lookUp(cluster, "x")).toEqual([theirs, theirs, mine]);
    const lock = (node: string): Promise<boolean> =>
      cluster.run(node, async () => {
        const had = await global.setLock(["r", node], undefined, 0);
        spawn(() => receive(() => false));
        return had;
      });
    expect(await Promise.all([lock("h"), lock("b")])).toEqual([true, true]);
    expect(await cluster.run("a", () => mailbox())).toEqual([]);
  });

  test("nodes outside the mesh keep their names, and others need not wait for them", async () => {
    await using cluster = await mesh("a");
    await cluster.start("x", { connectAll: false });
    await cluster.run("x", () => Node.connect("a@localhost"));
    await register(cluster, "x", "name", await holder(cluster, "x"));
    expect(await cluster.run("a", () => global.sync())).toBe("ok");
    expect(await cluster.run("a", () => global.whereisName("name"))).toBeNull();
  });
});

describe("global.disconnect()", () => {
  test("leaves the others connected with each other", async () => {
    await using cluster = await mesh("a", "b", "c");
    expect((await cluster.run("a", () => global.disconnect())).sort()).toEqual(nodes("b", "c"));
    await cluster.advance(5000);
    expect(await cluster.run("a", () => Node.list())).toEqual([]);
    expect(await cluster.run("b", () => Node.list())).toEqual(nodes("c"));
    expect(await cluster.run("c", () => Node.list())).toEqual(nodes("b"));
    expect([...cluster.members.values()].flatMap(({ log }) => log)).toEqual([]);
  });
});
