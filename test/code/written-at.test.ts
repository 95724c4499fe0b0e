import { describe, expect, test } from "vitest";
import { compileClosure, functionCodec } from "../../src/code/closure.ts";
import { type AnyFunction, placeOf } from "../../src/code/registry.ts";
import { takePlace, withPlace } from "../../src/code/written-at.ts";
import { openSession } from "../shell/helpers/open-session.ts";

describe("takePlace()", () => {
  test("takes what withPlace() put behind the source of a typed function", async () => {
    const { run } = openSession();
    await run("1");
    const fn = (await run("const f =\n  () => 1")) as AnyFunction;
    const sent = withPlace("() => 1", fn, "alex@localhost");
    expect(sent).toBe("() => 1 /*alex@localhost moebi(2):2*/");
    expect(takePlace(sent)).toEqual(["() => 1", { file: "alex@localhost moebi(2)", line: 2 }]);
  });

  test.each([
    "() => 1",
    "() => 1 /* a comment */",
    "() => 1 /*alex moebi(2):2*/",
    "() => 1 /*alex@localhost \u001b[2Jmoebi(2):2*/",
    "() => 1 /*alex@localhost /etc/passwd:2*/",
    "() => 1 /*a@b moebi(1):1*/ /**/",
  ])("leaves %j as it is", (source) => {
    expect(takePlace(source)).toEqual([source, undefined]);
  });
});

describe("withPlace()", () => {
  test("tells nothing of compiled code, nor of a node without a name", async () => {
    expect(withPlace("() => 1", () => 1, "alex@localhost")).toBe("() => 1");
    const fn = (await openSession().run("() => 1")) as AnyFunction;
    expect(withPlace("() => 1", fn, undefined)).toBe("() => 1");
  });
});

describe("a function that was sent", () => {
  test("names in its frames the statement and line it was typed in, at the next node too", async () => {
    const alex = openSession();
    const kate = openSession();
    const fn = (await alex.run("() => {\n  throw new Error('there') }")) as AnyFunction;
    const sent = functionCodec(alex.node.scope, "alex@localhost").encode(fn);
    const arrived = compileClosure(sent.source, {}, kate.node.scope);
    expect(arrived).toThrow(
      expect.objectContaining({ stack: expect.stringMatching(/\(?alex@localhost moebi\(1\):2:\d+/u) as string }),
    );
    expect(placeOf(arrived)).toBe("alex@localhost moebi(1):1");
    expect(functionCodec(kate.node.scope, "kate@localhost").encode(arrived).source).toBe(sent.source);
  });
});
