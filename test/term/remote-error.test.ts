import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { bareError, fillError, hide, makeError, onNode, takeError } from "../../src/term/remote-error.ts";

/** As it crosses: taken apart, and put together again. */
function crossed(error: Error): Error {
  const { native, name, message, stack, hidden, fields } = takeError(error);
  const made = makeError(native)!;
  fillError(made, name, message, stack);
  for (const [key, value] of hidden) hide(made, key, value);
  for (const key of fields) Object.assign(made, { [key]: (error as unknown as Record<string, unknown>)[key] });
  return made;
}

describe("takeError() and makeError()", () => {
  test("keep the native class", () => {
    for (const native of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) {
      const made = crossed(new native("no"));
      expect(made.constructor).toBe(native);
      expect({ name: made.name, message: made.message }).toEqual({ name: native.name, message: "no" });
    }
  });

  test("make an error of a class of the program's own one of the native class below it, under its name", () => {
    class Refused extends RangeError {
      override name = "Refused";
      readonly code = "refused";
    }
    const made = crossed(new Refused("no"));
    expect(made.constructor).toBe(RangeError);
    expect(made).toMatchObject({ name: "Refused", message: "no", code: "refused" });
    expect(Object.keys(made)).toEqual(["code"]);
  });

  test("keep cause, and the errors of an aggregate, out of the keys", () => {
    const made = crossed(new AggregateError([new Error("one")], "many", { cause: "why" })) as AggregateError;
    expect(made).toBeInstanceOf(AggregateError);
    expect(made.cause).toBe("why");
    expect(made.errors).toHaveLength(1);
    expect(Object.keys(made)).toEqual([]);
  });

  test("add no cause where there was none", () => {
    expect(Object.hasOwn(crossed(new Error("no")), "cause")).toBe(false);
  });

  test("know the class of an error from another realm", () => {
    const foreign = runInNewContext('new TypeError("no")') as Error;
    expect(crossed(foreign)).toBeInstanceOf(TypeError);
  });

  test("leave out a name, message or stack that is no text", () => {
    const error = Object.assign(new Error("no"), { message: 5, stack: {}, name: null });
    expect(takeError(error)).toMatchObject({ name: undefined, message: undefined, stack: undefined });
  });

  test("know no class beyond the list", () => {
    expect(makeError(8)).toBeUndefined();
    expect(makeError(-1)).toBeUndefined();
    expect(makeError(0.5)).toBeUndefined();
  });

  test("V2: collect no stack here, and leave the limit of stacks as it was", () => {
    const limit = Error.stackTraceLimit;
    expect(makeError(0)?.stack).not.toContain("    at ");
    expect(Error.stackTraceLimit).toBe(limit);
  });
});

test("V2: fillError() sets own data, and no key shows", () => {
  const error = makeError(1)!;
  fillError(error, "constructor", "message", "stack");
  expect(Object.getOwnPropertyDescriptor(error, "name")).toMatchObject({ value: "constructor", enumerable: false });
  expect(Object.keys(error)).toEqual([]);
  expect(TypeError.prototype.name).toBe("TypeError");
});

describe("onNode()", () => {
  test("names the node before the frames", () => {
    expect(onNode("Error: no\n    at f (file.ts:1:1)", "kate@localhost")).toBe(
      "Error: no\n    on kate@localhost\n    at f (file.ts:1:1)",
    );
  });

  test("names it at the end of a stack without frames", () => {
    expect(onNode("Error: no", "kate@localhost")).toBe("Error: no\n    on kate@localhost");
  });

  test("keeps the first node of an error that is passed on", () => {
    const first = onNode("Error: no\n    at f (file.ts:1:1)", "kate@localhost");
    expect(onNode(first, "alex@localhost")).toBe(first);
  });
});

describe("bareError()", () => {
  test("keeps class, name, message, stack and code, and nothing else", () => {
    const error = Object.assign(new TypeError("no", { cause: Symbol("can't cross") }), { code: "refused", socket: {} });
    const bare = bareError(error) as Error & { code: string };
    expect(bare).toBeInstanceOf(TypeError);
    expect(bare).toMatchObject({ message: "no", stack: error.stack, code: "refused" });
    expect(Object.keys(bare)).toEqual(["code"]);
    expect(bare.cause).toBeUndefined();
  });

  test("drops a code that is neither text nor number", () => {
    expect(Object.keys(bareError(Object.assign(new Error("no"), { code: {} })) as Error)).toEqual([]);
  });

  test("gives anything but an error back as it is", () => {
    for (const value of ["normal", undefined, null, 5, ["shutdown", 1]]) expect(bareError(value)).toBe(value);
  });
});
