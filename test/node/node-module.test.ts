import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { startNode } from "../../src/start-node.ts";
import { StringDevice } from "../../src/testing.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import { tuple } from "../../src/term/tuple.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";
import { makeRef } from "../../src/process/kernel.ts";
import { realTime } from "../support/network.ts";
import { linksOf, mailbox } from "../support/processes.ts";
import { Remote, typedAt } from "../support/remote.ts";

const [A, B] = ["a@localhost", "b@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 2 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

describe("a node without a name", () => {
  test("DIST-003: answers ignored where it would connect, and reaches nobody", async () => {
    const node = await startNode({ device: new StringDevice(), clock: cluster.clock });
    await cluster.drive(
      node.run(async () => {
        expect([Node.self(), Node.isAlive(), Node.list()]).toEqual(["nonode@nohost", false, []]);
        expect([await Node.connect(B), Node.disconnect(B), await Node.ping(B)]).toEqual(["ignored", "ignored", "pang"]);
        Process.flag("trapExit", true);
        const [pid, ref] = await Node.spawnMonitor(B, Remote, "wait");
        const linked = await Node.spawnLink(B, Remote, "wait");
        expect(await receive()).toMatchObject(["DOWN", ref, "process", expect.anything(), "noconnection"]);
        expect(await receive()).toEqual(["EXIT", linked, "noconnection"]);
        expect(pid).not.toBe(linked);
      }),
    );
    await node.stop();
  });
});

describe("links and monitors across nodes", () => {
  test("DIST-012: a link ends the other with the same reason, as if it were local", async () => {
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      const linked = await Node.spawnLink(B, Remote, "exits", [["why", 1]]);
      expect(await receive()).toEqual(["EXIT", linked, ["why", 1]]);
      const waiting = await Node.spawnLink(B, Remote, "wait");
      expect(linksOf()).toEqual([waiting]);
      Process.exit(waiting, "kill");
      expect(await receive()).toEqual(["EXIT", waiting, "killed"]);
    });
  });

  test.skipIf(realTime)(
    "DIST-013: it says noconnection when the partner's node goes down, and ends who does not trap",
    async () => {
      const remote = await cluster.run("a", () => Node.spawn(B, Remote, "wait"));
      const { runtime } = cluster.at("a").node;
      const plain = runtime.spawn(() => {
        Process.link(remote);
        return receive();
      });
      const trapping = cluster.at("a").node.run(async () => {
        Process.flag("trapExit", true);
        Process.link(remote);
        return receive();
      });
      await cluster.advance(10);
      await cluster.kill("b");
      expect(await cluster.drive(trapping)).toEqual(["EXIT", remote, "noconnection"]);
      expect(plain.exitReason).toBe("noconnection");
    },
  );

  test("DIST-014: a monitor tells the true reason, and for a name the pair of name and node", async () => {
    await cluster.run("a", async () => {
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "named", ["named"]);
      const byName = Process.monitor(["named", B]);
      await cluster.settle();
      send(pid, ["the", "reason"]);
      const downs = [await receive(), await receive()];
      expect(downs).toContainEqual(["DOWN", ref, "process", pid, ["the", "reason"]]);
      expect(downs).toContainEqual(["DOWN", byName, "process", ["named", B], ["the", "reason"]]);
    });
  });

  test.skipIf(realTime)("DIST-015: it says noconnection when the node goes down", async () => {
    const watching = cluster.at("a").node.run(async () => {
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "wait");
      return [pid, ref, await receive()];
    });
    await cluster.advance(10);
    await cluster.kill("b");
    const [pid, ref, down] = await cluster.drive(watching);
    expect(down).toEqual(["DOWN", ref, "process", pid, "noconnection"]);
  });

  test("DIST-017: a name nobody holds on a node that is up is noproc; on one that is not, noconnection", async () => {
    await cluster.run("a", async () => {
      const missing = Process.monitor(["nobody", B]);
      expect(await receive()).toEqual(["DOWN", missing, "process", ["nobody", B], "noproc"]);
      const away = Process.monitor(["nobody", "absent@localhost"]);
      expect(await receive()).toEqual(["DOWN", away, "process", ["nobody", "absent@localhost"], "noconnection"]);
    });
  });

  test("DIST-049: a link with a dead remote process is noproc, and is not kept", async () => {
    await cluster.run("a", async () => {
      const [dead, ref] = await Node.spawnMonitor(B, Remote, "where");
      await receive((m) => Array.isArray(m) && m[1] === ref);
      Process.flag("trapExit", true);
      expect(Process.link(dead)).toBe(true);
      expect(await receive()).toEqual(["EXIT", dead, "noproc"]);
      expect(linksOf()).toEqual([]);
    });
  });

  test("Trap 10: demonitor of a remote one: none comes later, one that has come stays unless flushed", async () => {
    await cluster.run("a", async () => {
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "wait");
      Process.demonitor(ref);
      Process.exit(pid, "end");
      const [other, fired] = await Node.spawnMonitor(B, Remote, "exits", ["end"]);
      await cluster.settle();
      expect(mailbox()).toEqual([["DOWN", fired, "process", other, "end"]]);
      expect(Process.demonitor(fired, { flush: true, info: true })).toBe(false);
      expect(mailbox()).toEqual([]);
    });
  });
});

describe("lives of a node", () => {
  test("DIST-025, Trap 13: a pid of an earlier life is lost to sends, noproc to monitors, equal to no new one", async () => {
    const spawnThere = (): Promise<Pid> => cluster.run("a", () => Node.spawn(B, Remote, "named", ["server"]));
    const old = await spawnThere();
    await cluster.kill("b");
    await cluster.start("b");
    const anew = await spawnThere();
    expect([anew.id, anew.serial, anew === old]).toEqual([old.id, old.serial, false]);
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      send(old, "stray");
      const ref = Process.monitor(old);
      expect(await receive()).toEqual(["DOWN", ref, "process", old, "noproc"]);
      Process.link(old);
      expect(await receive()).toEqual(["EXIT", old, "noproc"]);
      const living = Process.monitor(anew);
      send(["server", B], "by name");
      // DIST-026: the name reaches who holds it now.
      expect(await receive()).toEqual(["DOWN", living, "process", anew, "by name"]);
    });
  });

  test("DIST-026: a name reaches its holder on the new life", async () => {
    await cluster.run("a", () => Node.spawn(B, Remote, "named", ["server"]));
    await cluster.kill("b");
    await cluster.start("b");
    await cluster.run("a", async () => {
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "named", ["server"]);
      send(["server", B], "hello");
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, "hello"]);
    });
  });

  test("DIST-054: a name in use can't be taken, and its holder is unharmed", async () => {
    await cluster.run("a", () => Node.connect(B));
    const first = cluster.at("b");
    await expect(cluster.start("b")).rejects.toMatchObject({ code: "name_taken" });
    expect(cluster.at("b")).toBe(first);
    expect(await cluster.run("a", () => Node.ping(B))).toBe("pong");
  });
});

describe("Node.ping()", () => {
  test.skipIf(realTime)(
    "is answered by the node itself: one that is stopped is waited for, until it goes on or is taken for gone",
    async () => {
      await cluster.run("a", () => Node.connect(B));
      let answers: string[] = [];
      const ask = (): void => void cluster.at("a").node.run(async () => answers.push(await Node.ping(B)));
      cluster.stall("b");
      ask();
      await cluster.advance(30_000);
      expect(answers).toEqual([]);
      cluster.unstall("b");
      await cluster.settle();
      expect(answers).toEqual(["pong"]);

      answers = [];
      cluster.stall("b");
      ask();
      await cluster.advance(76_000);
      expect(answers).toEqual(["pang"]);
    },
  );
});

describe("Node.monitor()", () => {
  test("DIST-023: of a node that is not there tells so at once", async () => {
    await cluster.run("a", async () => {
      expect(Node.monitor("absent@localhost", true)).toBe(true);
      expect(await receive()).toEqual(["nodedown", "absent@localhost"]);
    });
  });

  test("tells once for each time it was asked, and not when taken back", async () => {
    await cluster.run("a", async () => {
      for (const on of [true, true, true, false]) Node.monitor(B, on);
      await Node.connect(B);
      Node.disconnect(B);
      await cluster.settle();
      expect(mailbox()).toEqual([
        ["nodedown", B],
        ["nodedown", B],
      ]);
    });
  });
});

describe("names and cookies", () => {
  test("DIST-056: a bad name makes the call fail, and the node lives", async () => {
    await cluster.run("a", async () => {
      for (const name of ["a@b@c", "no", "sp ace@localhost", "", "x@"] as string[] as NodeName[]) {
        expect(await Node.ping(name)).toBe("pang");
        await expect(Node.connect(name)).rejects.toMatchObject({ code: "bad_name" });
        expect(() => Node.monitor(name, true)).toThrow(expect.objectContaining({ code: "bad_name" }));
      }
    });
    await expect(startNode({ sname: "a@b@c", cookie: "x" })).rejects.toMatchObject({ code: "bad_name" });
    expect(await cluster.run("a", () => Node.ping(B))).toBe("pong");
  });

  test("DIST-005: a refused pair connects once the cookie for that peer is right; the own one stays", async () => {
    await cluster.start("c", { cookie: "another" });
    const C = "c@localhost";
    expect(await cluster.run("a", () => Node.connect(C))).toBe(false);
    expect(
      cluster
        .at("c")
        .log.map((entry) => entry.message)
        .join("\n"),
    ).toMatch(/a@localhost.*cookie/s);
    expect(
      cluster
        .at("a")
        .log.map((entry) => entry.message)
        .join("\n"),
    ).toContain(C);
    await cluster.run("a", async () => {
      expect(Node.setCookie(C, "another")).toBe(true);
      expect(await Node.connect(C)).toBe(true);
      expect(await Node.connect(B)).toBe(true);
      // @ts-expect-error -- no cookie
      expect(() => Node.setCookie(C, undefined)).toThrow(expect.objectContaining({ code: "badarg" }));
    });
  });
});

describe("values", () => {
  test("DIST-046: of every kind come back equal", async () => {
    await cluster.run("a", async () => {
      const echo = await Node.spawn(B, Remote, "echo");
      const cycle: unknown[] = [1];
      cycle.push(cycle);
      const shared = { n: 1 };
      const values = [
        1,
        -0,
        1.5,
        NaN,
        Infinity,
        2n ** 100n,
        "text ✓ \ud800",
        "",
        true,
        null,
        undefined,
        [],
        [1, [2, [3]]],
        { a: { b: [] } },
        new Map<unknown, unknown>([[{ k: 1 }, new Set([1, "x"])]]),
        new Date(7),
        /a+/gi,
        new Uint8Array([1, 2]),
        new Float64Array([0.5]),
        self(),
        echo,
        makeRef(),
        [shared, shared],
        cycle,
        new RangeError("r", { cause: "c" }),
      ];
      for (const value of values) {
        send(echo, [self(), value]);
        expect(await receive()).toEqual(["echo", value]);
      }
      send(echo, [self(), [shared, shared]]);
      const [, [one, two]] = (await receive()) as [string, unknown[]];
      expect(one).toBe(two);
      send(echo, [self(), self()]);
      expect(((await receive()) as unknown[])[1]).toBe(self());
      send(echo, [self(), tuple("a", 1)]);
      expect(await receive()).toEqual(["echo", ["a", 1]]);
    });
  });

  test("Trap 20: what can't cross is refused in the sender, with the path to it", async () => {
    await cluster.run("a", async () => {
      const echo = await Node.spawn(B, Remote, "echo");
      const refused = expect.objectContaining({
        code: "not_sendable",
        message: expect.stringContaining("message[1].deep[0]") as string,
      });
      expect(() => send(echo, [self(), { deep: [new WeakMap()] }])).toThrow(refused);
      const outside = 1;
      await expect(Node.spawn(B, () => outside)).rejects.toMatchObject({ code: "not_sendable" });
    });
  });
});

describe("functions that travel", () => {
  test("run there, with that node's modules, and what they print comes here", async () => {
    const b = cluster.at("b").node.runtime.modules;
    b.define("Kate", { sayName: () => "Kate of b" });
    await cluster.run("a", async () => {
      const [, ref] = await Node.spawnMonitor(B, typedAt(cluster.at("a").node, "() => exit([node(), Kate.sayName()])"));
      expect(await receive((m) => Array.isArray(m) && m[1] === ref)).toMatchObject({ 4: [B, "Kate of b"] });
    });
  });
});

describe("Node.list()", () => {
  test("tells kinds apart, and refuses an unknown one", async () => {
    await cluster.run("a", async () => {
      await Node.connect(B);
      expect([Node.list(), Node.list("this"), Node.list("known"), Node.list("hidden")]).toEqual([[B], [A], [A, B], []]);
      expect(() => Node.list("all" as never)).toThrow(expect.objectContaining({ code: "badarg" }));
    });
  });
});
