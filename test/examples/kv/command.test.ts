import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { Command } from "../../../src/examples/kv/command.ts";
import { Node } from "../../../src/node/node-module.ts";
import type { Cluster } from "../../../src/testing/cluster.ts";
import { hasCode } from "../../../src/term/error.ts";
import { kvOn } from "../../support/kv.ts";

/** What a client hears. */
async function answer(line: string): Promise<string> {
  try {
    return await Command.run(Command.parse(line));
  } catch (error) {
    if (hasCode(error, "not_found")) return "NOT FOUND\r\n";
    throw error;
  }
}

describe("KV.Command.parse()", () => {
  test.each([
    ["CREATE shopping\r\n", ["create", "shopping"]],
    ["  PUT shopping   milk 1", ["put", "shopping", "milk", "1"]],
    ["GET shopping milk", ["get", "shopping", "milk"]],
    ["DELETE shopping eggs", ["delete", "shopping", "eggs"]],
  ])("%j", (line, request) => {
    expect(Command.parse(line)).toEqual(request);
  });

  test.each(["", "HELLO", "create shopping", "CREATE", "CREATE a b", "GET shopping", "PUT a b", "PUT a b c d", "\0"])(
    "%j is unknown",
    (line) => {
      expect(() => Command.parse(line)).toThrow(expect.objectContaining({ code: "unknown_command" }) as Error);
    },
  );
});

describe("KV.Command.run()", () => {
  test("answers as the protocol says", async () => {
    await using cluster = await kvOn(["foo"]);
    await cluster.run("foo", async () => {
      expect(await answer("CREATE shopping")).toBe("OK\r\n");
      expect(await answer("PUT shopping milk 1")).toBe("OK\r\n");
      expect(await answer("GET shopping milk")).toBe("1\r\nOK\r\n");
      expect(await answer("DELETE shopping milk")).toBe("OK\r\n");
      expect(await answer("GET shopping milk")).toBe("\r\nOK\r\n");
      expect(await answer("GET nothing here")).toBe("NOT FOUND\r\n");
      expect(await answer("CREATE shopping")).toBe("OK\r\n");
    });
  });
});

/** What clients ask of few buckets and keys, so that they meet. */
const line = fc.oneof(
  fc.constantFrom("CREATE", "CREATE").chain((verb) => fc.constantFrom("a", "h", "n", "z").map((b) => `${verb} ${b}`)),
  fc
    .tuple(fc.constantFrom("a", "h", "n", "z"), fc.constantFrom("milk", "eggs"), fc.nat(9))
    .map(([bucket, key, value]) => `PUT ${bucket} ${key} ${value}`),
  fc
    .tuple(fc.constantFrom("GET", "DELETE"), fc.constantFrom("a", "h", "n", "z"), fc.constantFrom("milk", "eggs"))
    .map((words) => words.join(" ")),
);

/** What clients ask of one bucket, all at once. */
const contended = fc.oneof(
  { weight: 1, arbitrary: fc.constant("CREATE h") },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("milk", "eggs"), fc.nat(9)).map(([key, n]) => `PUT h ${key} ${n}`) },
  { weight: 3, arbitrary: fc.constantFrom("milk", "eggs").map((key) => `GET h ${key}`) },
  { weight: 1, arbitrary: fc.constantFrom("milk", "eggs").map((key) => `DELETE h ${key}`) },
);

/** One store, without nodes or processes. */
class Store {
  readonly buckets = new Map<string, Map<string, string>>();

  /** Another of the same content. */
  copy(): Store {
    const store = new Store();
    for (const [name, bucket] of this.buckets) store.buckets.set(name, new Map(bucket));
    return store;
  }

  answer(said: string): string {
    const [verb = "", name = "", key = "", value = ""] = said.split(" ");
    if (verb === "CREATE" && !this.buckets.has(name)) this.buckets.set(name, new Map());
    const bucket = this.buckets.get(name);
    if (bucket === undefined) return "NOT FOUND\r\n";
    if (verb === "GET") return `${bucket.get(key) ?? ""}\r\nOK\r\n`;
    if (verb === "PUT") bucket.set(key, value);
    if (verb === "DELETE") bucket.delete(key);
    return "OK\r\n";
  }
}

/** What a client said and heard, and when: places in the order of all that was said and heard. */
interface Exchange {
  readonly said: string;
  readonly heard: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Whether one store could have said the same, doing one command after another: each somewhere between when it was said
 * and when its answer was heard (it is linearizable). Tries every such order.
 */
function couldBeOneStore(exchanges: readonly Exchange[], store = new Store()): boolean {
  if (exchanges.length === 0) return true;
  const firstHeard = Math.min(...exchanges.map(({ to }) => to));
  return exchanges.some((next) => {
    if (next.from > firstHeard) return false;
    const after = store.copy();
    if (after.answer(next.said) !== next.heard) return false;
    return couldBeOneStore(
      exchanges.filter((one) => one !== next),
      after,
    );
  });
}

describe("couldBeOneStore()", () => {
  const [ok, none] = ["OK\r\n", "NOT FOUND\r\n"];

  test("takes commands at the same time in any order, and others in theirs", () => {
    const create = { said: "CREATE a", heard: ok, from: 0, to: 2 };
    expect(couldBeOneStore([create, { said: "GET a milk", heard: none, from: 1, to: 3 }])).toBe(true);
    expect(couldBeOneStore([create, { said: "GET a milk", heard: `\r\n${ok}`, from: 1, to: 3 }])).toBe(true);
    expect(couldBeOneStore([create, { said: "GET a milk", heard: none, from: 3, to: 4 }])).toBe(false);
  });

  test("misses a value that was written and is not there", () => {
    const written = [
      { said: "CREATE a", heard: ok, from: 0, to: 1 },
      { said: "PUT a milk 1", heard: ok, from: 2, to: 3 },
    ];
    expect(couldBeOneStore([...written, { said: "GET a milk", heard: `1\r\n${ok}`, from: 4, to: 5 }])).toBe(true);
    expect(couldBeOneStore([...written, { said: "GET a milk", heard: `\r\n${ok}`, from: 4, to: 5 }])).toBe(false);
  });
});

describe("clients of three nodes", () => {
  const nodes = ["foo", "bar", "baz"] as const;
  const routed = {
    routingTable: [
      ["a", "g", "foo@localhost"],
      ["h", "m", "bar@localhost"],
      ["n", "z", "baz@localhost"],
    ],
  };
  const known = { naming: "global" };

  async function connected(settings: object): Promise<Cluster> {
    const cluster = await kvOn(nodes, { ...settings });
    await cluster.run("foo", () => Node.connect("bar@localhost"));
    await cluster.run("foo", () => Node.connect("baz@localhost"));
    await cluster.advance(1000);
    return cluster;
  }

  describe.each([
    ["that route their buckets", routed],
    ["that name their buckets by global", known],
  ])("%s", (_, settings) => {
    test("hear what one store would say, however they take turns", async () => {
      await using cluster = await connected(settings);
      let runs = 0;
      const interleaving = fc.array(fc.tuple(fc.constantFrom(...nodes), line), { maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(interleaving, async (steps) => {
          const own = String(runs++);
          const store = new Store();
          for (const [name, said] of steps) {
            // Buckets that no other run has, on the same nodes.
            const here = said.replace(/ (\w)/, ` $1${own}`);
            expect(await cluster.run(name, () => answer(here))).toBe(store.answer(here));
          }
        }),
        { numRuns: 20, seed: cluster.seed },
      );
    });

    test("hear what one store could say, at the same time, of the same buckets and keys", async () => {
      await using cluster = await connected(settings);
      // So that each hears of the others' commands at another time.
      cluster.delay("foo", "bar", 5, 30);
      cluster.delay("foo", "baz", 1, 30);
      cluster.delay("bar", "baz", 20, 30);
      let runs = 0;
      const lines = fc.array(contended, { minLength: 2, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(lines, lines, lines),
          fc.nat(3).map((n) => n > 0),
          async (all, there) => {
            const own = String(runs++);
            const exchanges: Exchange[] = [];
            let now = 0;
            const ask = async (name: string, line: string): Promise<void> => {
              const said = line.replace(/ (\w)/, ` $1${own}`);
              const from = now++;
              const heard = await cluster.run(name, () => answer(said));
              exchanges.push({ said, heard, from, to: now++ });
            };
            if (there) await ask("foo", "CREATE h");
            const clients = nodes.map(async (name, i) => {
              for (const one of all[i] ?? []) await ask(name, one);
            });
            await Promise.all(clients);
            // What is left must be what they did.
            for (const key of ["milk", "eggs"]) await ask("baz", `GET h ${key}`);
            expect(exchanges).toSatisfy((heard: readonly Exchange[]) => couldBeOneStore(heard));
          },
        ),
        { numRuns: 40, seed: cluster.seed },
      );
    });

    test("hear each what a store of their own would say, at the same time, of keys that are theirs", async () => {
      await using cluster = await connected(settings);
      let runs = 0;
      const lines = fc.array(line, { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(fc.tuple(lines, lines, lines), async (said) => {
          const own = String(runs++);
          for (const bucket of ["a", "h", "n", "z"]) await cluster.run("foo", () => answer(`CREATE ${bucket}${own}`));
          const heard = nodes.map((name, i) =>
            cluster.run(name, async () => {
              const store = new Store();
              for (const bucket of ["a", "h", "n", "z"]) store.answer(`CREATE ${bucket}${own}`);
              for (const one of said[i] ?? []) {
                const here = one.replace(/ (\w)( \w+)?/, (_all, bucket: string, key = "") =>
                  key === "" ? ` ${bucket}${own}` : ` ${bucket}${own}${String(key)}-${name}`,
                );
                expect(await answer(here)).toBe(store.answer(here));
              }
            }),
          );
          await Promise.all(heard);
        }),
        { numRuns: 10, seed: cluster.seed },
      );
    });
  });
});
