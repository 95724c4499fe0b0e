import { describe, expect, test } from "vitest";
import { nameServerOf } from "../../../src/node/global/name-server.ts";
import { NAMES, type Registrar } from "../../../src/node/global/registrar.ts";
import { global } from "../../../src/node/global.ts";
import { Node } from "../../../src/node/node-module.ts";
import { Process } from "../../../src/process/process-module.ts";
import { self } from "../../../src/process/spawn.ts";
import type { Cluster } from "../../../src/testing.ts";
import type { NodeName } from "../../../src/term/pid.ts";
import { holder, lookUp, mesh, register } from "../../support/global-names.ts";
import { numbers } from "../../support/processes.ts";

const registrarOf = (cluster: Cluster, name: string): Registrar => {
  const registrar = nameServerOf(cluster.at(name).node.runtime)?.registrar;
  if (registrar === undefined) throw new Error(`${name} has no registrar`);
  return registrar;
};

/** Queues a change on a node that takes 10 ms and writes down what it is. */
function slow(
  cluster: Cluster,
  name: string,
  what: string,
  done: string[],
  inside = { now: 0, most: 0 },
): Promise<void> {
  return registrarOf(cluster, name).change(`${name}@localhost`, async () => {
    inside.most = Math.max(inside.most, ++inside.now);
    await Process.sleep(10);
    inside.now--;
    done.push(what);
  });
}

describe("Registrar", () => {
  test("makes one change after another, whichever node they are of", async () => {
    await using cluster = await mesh("a", "b", "c");
    const [done, inside] = [[] as string[], { now: 0, most: 0 }];
    const all = numbers(30).map((i) =>
      slow(cluster, "abc".charAt(i % 3), `${"abc".charAt(i % 3)}${String(i)}`, done, inside),
    );
    await cluster.drive(Promise.all(all));
    expect(inside.most).toBe(1);
    for (const node of "abc")
      expect(done.filter((what) => what.startsWith(node))).toEqual(
        numbers(30)
          .filter((i) => "abc".charAt(i % 3) === node)
          .map((i) => `${node}${String(i)}`),
      );
  });

  test("gives what a change gives, and fails as it fails, without harm to the next", async () => {
    await using cluster = await mesh("a", "b");
    const registrar = registrarOf(cluster, "a");
    const failing = registrar.change("a@localhost", () => Promise.reject(new Error("inside")));
    const next = registrar.change("a@localhost", () => Promise.resolve(7));
    await expect(cluster.drive(failing)).rejects.toThrow("inside");
    expect(await cluster.drive(next)).toBe(7);
  });

  test("holds the lock on all nodes meanwhile, and not when it has no more to do", async () => {
    await using cluster = await mesh("a", "b");
    const free = (): Promise<boolean | "aborted"> =>
      cluster.run("b", () => global.trans([NAMES, self()], () => true, ["b@localhost"], 0));
    const changing = slow(cluster, "a", "x", []);
    await cluster.advance(5);
    expect(await free()).toBe("aborted");
    await cluster.drive(changing);
    await cluster.settle();
    expect(await free()).toBe(true);
  });

  test("goes on under one lock until another node wants it, which then has its turn", async () => {
    await using cluster = await mesh("a", "b");
    const done: string[] = [];
    const many = Promise.all(numbers(50).map((i) => slow(cluster, "a", `a${String(i)}`, done)));
    await cluster.advance(100);
    const before = done.length;
    await cluster.drive(slow(cluster, "b", "b", done));
    expect(before).toBeGreaterThan(2);
    expect(done.indexOf("b") - before).toBeLessThan(4);
    await cluster.drive(many);
    expect(done).toHaveLength(51);
  });

  test("leaves no lock where a connection was lost and made again while it was taken", async () => {
    await using cluster = await mesh("a", "b", "c");
    const pid = await holder(cluster, "c");
    // The first to be asked; meanwhile the other is lost, and is there again when it is asked.
    cluster.delay("a", "c", 100);
    const registering = register(cluster, "c", "x", pid);
    await cluster.advance(50);
    cluster.reset("b", "c");
    void cluster.at("c").node.run(() => Node.connect("b@localhost"));
    expect(await registering).toBe("yes");
    await cluster.advance(5000);
    expect(await lookUp(cluster, "x")).toEqual([pid, pid, pid]);
    for (const node of ["a", "b", "c"]) {
      const there: NodeName = `${node}@localhost`;
      expect(await cluster.run(node, () => global.trans([NAMES, self()], () => "free", [there], 0))).toBe("free");
    }
  });
});
