import { inspect as nodes } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { askCustom } from "../../src/term/inspect-custom.ts";
import { inspect, INSPECT, type InspectOptions } from "../../src/term/inspect.ts";
import { isHarmless } from "../support/escape-sequences.ts";

const CUSTOM = nodes.custom;
const asked: InspectOptions = { custom: true };

/** An object with a field, and a method under Node's symbol. */
function having(custom: (this: { x: number }, depth: number, options: object, inspect: typeof nodes) => unknown) {
  return Object.defineProperty({ x: 1 }, CUSTOM, { value: custom });
}

describe("a method under util.inspect.custom", () => {
  test("is asked only if the caller says so", () => {
    const custom = vi.fn(() => "<money>");
    const value = having(custom);
    expect([inspect(value), inspect(value, { custom: false })]).toEqual(["{ x: 1 }", "{ x: 1 }"]);
    expect(custom).not.toHaveBeenCalled();
    expect(inspect([value], asked)).toBe("[<money>]");
  });

  test("is inherited from a class, and gives a text or what stands for the object", () => {
    class Money {
      cents = 250;
      [CUSTOM]() {
        return { amount: this.cents / 100 };
      }
    }
    expect(inspect([new Money()], asked)).toBe("[{ amount: 2.5 }]");
  });

  test("gets what is left of the depth, and a function for its parts", () => {
    const value = having(function (depth, options, inspect) {
      return `${String(depth)} ${inspect({ a: [this.x] }, options)} ${inspect(null)}`;
    });
    expect(inspect({ value }, { ...asked, depth: 4 })).toBe("{ value: 3 { a: [1] } null }");
  });

  test.each<[string, Parameters<typeof having>[0], string]>([
    [
      "throws",
      () => {
        throw new Error("no");
      },
      "{ x: 1 }",
    ],
    ["gives a promise", () => Promise.reject(new Error("no")), "{ x: 1 }"],
    [
      "gives itself",
      function () {
        return this;
      },
      "{ x: 1 }",
    ],
    [
      "asks for itself",
      function (_depth, _options, inspect) {
        return `<${inspect(this)}>`;
      },
      "<[Circular]>",
    ],
    [
      "asks for itself without being asked",
      function (_depth, _options, inspect) {
        return `<${inspect(this, { customInspect: false })}>`;
      },
      "<{ x: 1 }>",
    ],
    [
      "gives a new one of its kind each time",
      function () {
        return having(() => having(() => 1));
      },
      "1",
    ],
  ])("that %s does no harm", (_what, custom, expected) => {
    expect(inspect(having(custom), asked)).toBe(expected);
  });

  test("that never ends is given up, and no other of that value is asked", () => {
    const patience = { until: performance.now() + 50 };
    const ask = (custom: () => unknown): unknown => askCustom(custom, {}, {}, patience, () => "");
    const never = (): unknown => {
      for (;;);
    };
    expect(ask(never)).toBeUndefined();
    const other = vi.fn(() => "other");
    expect(ask(other)).toBeUndefined();
    expect(other).not.toHaveBeenCalled();
  });

  test("has its control characters escaped, but for colours where there are some", () => {
    const value = having(() => "\u001b[31mred\u001b[39m\u001b]0;title\u0007\r\u202e");
    expect(isHarmless(inspect(value, asked))).toBe(true);
    expect(inspect(value, { ...asked, colors: true })).toContain("\u001b[31mred\u001b[39m\\x1b]0;title");
  });

  test("comes after moebi's own, and is not run through a getter or a proxy", () => {
    const run = vi.fn(() => "never");
    const both = Object.defineProperty(having(run), INSPECT, { value: () => "<own>" });
    const getter = Object.defineProperty({}, CUSTOM, { get: run });
    expect([both, getter, new Proxy(having(run), {})].map((value) => inspect(value, asked))).toEqual([
      "<own>",
      "{}",
      "[Proxy]",
    ]);
    expect(run).not.toHaveBeenCalled();
  });

  test("of Node's own classes tells what they hold; bytes and addresses stay as they are", () => {
    expect(inspect(new Headers({ a: "b" }), asked)).toBe("Headers { a: 'b' }");
    expect(inspect([Buffer.from([1]), new URL("http://a/")], asked)).toBe('[Buffer[1], URL{ "http://a/" }]');
  });

  test("timers are not asked: what they say leads to all that the program holds", () => {
    const timer = setTimeout(() => undefined);
    clearTimeout(timer);
    expect(inspect([timer], { custom: true })).toBe("[[Timeout]]");
  });
});
