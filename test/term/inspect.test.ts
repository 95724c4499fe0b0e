import { afterEach, describe, expect, test } from "vitest";
import { inspect, INSPECT, setDefaultViewer, type InspectOptions, type Viewer } from "../../src/term/inspect.ts";
import { nameModule } from "../../src/term/module-name.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";
import { ESCAPE_SEQUENCES, isHarmless } from "../support/escape-sequences.ts";

const viewer: Viewer = { node: "bar@localhost", creation: 2, indexOf: (node) => (node === "foo@localhost" ? 1 : 2) };
const own = pidOf("bar@localhost", 73, 0, 2);

afterEach(() => {
  setDefaultViewer(() => undefined);
});

function stopped<T>(start: (run: () => void) => T, stop: (timer: T) => void): T {
  const timer = start(() => undefined);
  stop(timer);
  return timer;
}

describe("inspect()", () => {
  class Point {
    x = 1;
  }

  test.each<[unknown, string]>([
    [["ok", "foo@localhost"], '["ok", "foo@localhost"]'],
    [{ a: 1, "b-c": 2 }, '{ a: 1, "b-c": 2 }'],
    [new Map([["a", 1]]), 'Map{ "a" => 1 }'],
    [new Set([1]), "Set{ 1 }"],
    [new Uint8Array([1, 2]), "Uint8Array[1, 2]"],
    [10n, "10n"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
    [null, "null"],
    ["\0", '"\\u0000"'],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [/a\/b/giu, "/a\\/b/giu"],
    [Symbol("s"), "Symbol(s)"],
    [function name() {}, "[Function: name]"],
    [class Kate {}, "[class Kate]"],
    [new Point(), "Point{ x: 1 }"],
    [[], "[]"],
    [{}, "{}"],
    [Object.create(null), "{}"],

    [[1, , 3], "[1, <1 empty>, 3]"],
    [Promise.resolve(1), "[Promise]"],
    [stopped(setTimeout, clearTimeout), "[Timeout]"],
    [{ a: stopped(setInterval, clearInterval) }, "{ a: [Timeout] }"],
    [stopped(setImmediate, clearImmediate), "[Immediate]"],
    [new TypeError("bad"), "TypeError: bad"],
    [Object.assign(new Error("x"), { code: "badarg" }), 'Error: x { code: "badarg" }'],
    [new URL("http://localhost/"), 'URL{ "http://localhost/" }'],
  ])("prints %o", (value, text) => {
    expect(inspect(value)).toBe(text);
  });

  test("prints a module by its bare name, and an instance by its module's", () => {
    class Bucket {}
    nameModule(Bucket, "KV.Bucket");
    expect(inspect([Bucket, new Bucket()])).toBe("[KV.Bucket, KV.Bucket{}]");
  });

  test("prints pids and references as the viewer sees them", () => {
    class Task {
      pid = pidOf("foo@localhost", 88, 0, 1);
      ref = refOf("bar@localhost", 2, 400);
      owner = own;
    }
    expect(inspect(new Task(), { viewer })).toBe(
      "Task{ pid: #PID<1.88.0>, ref: #Ref<0.0.0.400>, owner: #PID<0.73.0> }",
    );
  });

  test("asks the default viewer where the caller names none", () => {
    setDefaultViewer(() => viewer);
    expect(inspect(own)).toBe("#PID<0.73.0>");
  });

  test("never runs getters, traps, toString or Symbol.hasInstance, and marks a cycle", () => {
    const never = (): never => {
      throw new Error("ran");
    };
    const proxy = new Proxy({}, { get: never, getPrototypeOf: never, ownKeys: never, getOwnPropertyDescriptor: never });
    const value: Record<PropertyKey, unknown> = { toString: never, [Symbol.toPrimitive]: never };
    Object.defineProperty(value, Symbol.toStringTag, { get: never });
    Object.defineProperty(value, "g", { get: never, enumerable: true });
    value["self"] = value;
    value["proxy"] = proxy;
    value["child"] = Object.create(proxy);
    const text = inspect(value);
    expect(text).toContain("g: [Getter]");
    expect(text).toContain("self: [Circular]");
    expect(text).toContain("proxy: [Proxy]");
  });

  test("lets an object say how it is printed, and survives one that throws", () => {
    const say = (how: (value: unknown, options: InspectOptions) => string) => ({ [INSPECT]: how });
    expect(inspect([say(() => "#Own<1>")])).toBe("[#Own<1>]");
    expect(inspect(say(() => "a\x1b[2J"))).toBe("a\\x1b[2J");
    expect(
      inspect([
        1,
        say(() => {
          throw new RangeError("no");
        }),
      ]),
    ).toBe("[1, [Unprintable]]");
  });

  test("IEX-034: cuts what is long with dots", () => {
    expect(inspect([1, 2, 3], { maxItems: 2 })).toBe("[1, 2, ... 1 more]");
    expect(inspect({ a: 1, b: 2, c: 3 }, { maxItems: 1 })).toBe("{ a: 1, ... 2 more }");
    expect(inspect(new Set([1, 2, 3]), { maxItems: 1 })).toBe("Set{ 1, ... 2 more }");
    expect(inspect(new Uint8Array(1000), { maxItems: 1 })).toBe("Uint8Array[0, ... 999 more]");
    expect(inspect("abcdef", { maxStringLength: 3 })).toBe('"abc"... 3 more');
    expect(inspect([[[1]]], { depth: 1 })).toBe("[[[...]]]");
    expect(
      inspect(
        Array.from({ length: 60 }, () => 1),
        { breakLength: Infinity },
      ),
    ).toMatch(/^\[(?:1, ){50}\.\.\. 10 more\]$/);
  });

  test("breaks what is wider than the line, and keeps within it", () => {
    const value = {
      name: "x".repeat(25),
      list: Array.from({ length: 40 }, (_, i) => i),
      inner: { a: "y".repeat(25), b: 1 },
    };
    const lines = inspect(value, { breakLength: 40 }).split("\n");
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(inspect(value, { breakLength: Infinity })).not.toContain("\n");
  });

  test("colours without changing the text", () => {
    const value = { a: 1, b: ["x", null, undefined, own] };
    const coloured = inspect(value, { colors: true, viewer });
    expect(coloured).toContain("\x1b[32m");
    expect(isHarmless(coloured)).toBe(true);

    expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(inspect(value, { viewer }));
  });

  test("ends soon on a small value that holds one list many times over, and on a deep one", () => {
    let shared: unknown[] = [];
    for (let i = 0; i < 9; i++) shared = Array<unknown>(50).fill(shared);
    expect(inspect(shared).length).toBeLessThan(1_000_000);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(inspect(deep, { depth: Infinity })).toContain("[...]");
    expect(inspect(Array(4_000_000_000))).toBe("[<4000000000 empty>]");
  });

  test("B17, O3: escapes in strings, keys, symbols, names, tags, regular expressions, errors and Map keys", () => {
    for (const s of ESCAPE_SEQUENCES) {
      const named = Object.defineProperty(() => 1, "name", { value: s });
      const klass = Object.defineProperty(class {}, "name", { value: s });
      const error = Object.assign(new Error(s), { stack: s, name: s, [s]: s });
      const values = [
        s,
        { [s]: s },
        Symbol(s),
        { [Symbol(s)]: 1 },
        new Map([[s, s]]),
        new Set([s]),
        named,
        klass,
        new klass(),
        { [Symbol.toStringTag]: s },
        new RegExp(s.replace(/[\\[(?*+{]/g, "\\$&")),
        error,
        new Error(s),
        Object.assign([1], { [s]: 1 }),
        pidOf(`${s}@localhost`, 1, 0, 1),
        new String(s),
        { [INSPECT]: () => s },
      ];
      for (const value of values) {
        for (const colors of [false, true]) expect(isHarmless(inspect(value, { colors }))).toBe(true);
      }
    }
  });
});
