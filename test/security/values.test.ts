import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { atom } from "../../src/term/atom.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";
import { Cluster } from "../../src/testing.ts";
import { heapAfterCollection } from "../support/collect-garbage.ts";
import { numbers } from "../support/processes.ts";
import { Remote, typedAt } from "../support/remote.ts";

const B = "b@localhost";
const SLOW = Math.max(120_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = new Cluster({ seed: 1 });
  for (const name of "ab") await cluster.start(name);
});
afterEach(() => cluster[Symbol.asyncDispose]());

describe("names of every object's prototype", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);

  test("B10, V2: arrive as own data, as keys of objects, of errors and of Maps", async () => {
    await cluster.run("a", async () => {
      const echo = await Node.spawn(B, Remote, "echo");
      for (const key of KEYS) {
        const object = JSON.parse(`{ ${JSON.stringify(key)}: { "polluted": true } }`) as object;
        const error = new Error("no");
        Object.defineProperty(error, key, { value: { polluted: true }, enumerable: true });
        send(echo, [self(), { object, error, map: new Map([[key, 1]]) }]);
        const [, back] = (await receive()) as [string, { object: object; error: Error; map: Map<string, number> }];
        expect(Object.keys(back.object), key).toEqual([key]);
        expect(Object.getPrototypeOf(back.object)).toBe(Object.prototype);
        expect(Object.getOwnPropertyDescriptor(back.object, key)?.value).toEqual({ polluted: true });
        expect(Object.getPrototypeOf(back.error)).toBe(Error.prototype);
        expect(back.map.get(key)).toBe(1);
      }
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  test("B10, V3: are no modules and no functions of one", async () => {
    await cluster.run("a", async () => {
      for (const key of KEYS) {
        for (const call of [rpc.call(B, key, "call", []), rpc.call(B, "Remote", key, []), rpc.call(B, key, key, [])]) {
          const [tag, reason] = (await call) as [string, unknown];
          expect(tag).toBe("badrpc");
          expect(JSON.stringify(reason), key).toContain("undef");
        }
      }
    });
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  test("B10: can be captured variables of a function that travels", async () => {
    const { node } = cluster.at("a");
    const make = typedAt(node, "(toString, constructor, valueOf) => () => [toString, constructor, valueOf]");
    const travelling = (make as (...values: readonly unknown[]) => unknown)(1, 2, 3);
    expect(
      await cluster.run("a", () => rpc.call(B, Remote, "identity", [travelling]).then((fn) => (fn as () => unknown)())),
    ).toEqual([1, 2, 3]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});

describe("endless names", () => {
  test(
    "B11, V4: 200,000 pids, references and atoms, and pings of nobody, leave nothing once they are forgotten",
    { timeout: SLOW },
    async () => {
      // So that whatever is made once is there before the first measurement.
      pidOf(B, 1, 0, 1);
      expect(await cluster.run("a", () => Node.ping("nobody@localhost"))).toBe("pang");
      const start = await heapAfterCollection();
      for (let i = 0; i < 200_000; i++) {
        pidOf(`n${String(i % 5_000)}@localhost`, i, i % 3, 7);
        refOf(B, 7, i, i % 2 === 0 ? undefined : [i]);
        atom(`atom ${String(i)}`);
        // A few at a time, so that what they take is not what the test waits for.
        if (i % 10_000 === 0) await heapAfterCollection();
      }
      for (const n of numbers(500))
        expect(await cluster.run("a", () => Node.ping(`nobody${String(n)}@localhost`))).toBe("pang");
      let grown = Infinity;
      // Finalizers run in turns of their own.
      for (let i = 0; i < 30 && grown > 8 * 1024 * 1024; i++) grown = (await heapAfterCollection()) - start;
      expect(grown).toBeLessThan(8 * 1024 * 1024);
      expect(await cluster.run("a", () => Node.list("known"))).toEqual(["a@localhost"]);
    },
  );
});
