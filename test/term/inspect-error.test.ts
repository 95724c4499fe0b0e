import { describe, expect, test } from "vitest";
import { ArgumentError, MoebiError } from "../../src/term/error.ts";
import { errorMessage, errorName, isErrorValue } from "../../src/term/inspect-error.ts";

describe("errorName()", () => {
  test("is the error's name, or its class's where it says nothing or nothing sane", () => {
    class NotFound extends Error {}
    expect(errorName(new TypeError("x"))).toBe("TypeError");
    expect(errorName(new NotFound("x"))).toBe("NotFound");
    expect(errorName(Object.assign(new Error("x"), { name: "Custom" }))).toBe("Custom");
    expect(errorName(Object.assign(new TypeError("x"), { name: "a b\x1b" }))).toBe("TypeError");
  });

  test("asks the library's own classes and the platform's", () => {
    expect(errorName(new MoebiError("x", "x"))).toBe("Error");
    expect(errorName(new ArgumentError("x"))).toBe("ArgumentError");
    expect(errorName(new DOMException("x", "TimeoutError"))).toBe("TimeoutError");
  });

  test("does not run a getter of anybody else's", () => {
    const error = Object.defineProperty(new Error("x"), "name", { get: () => expect.unreachable() });
    expect(errorName(error)).toBe("Error");
  });
});

describe("errorMessage()", () => {
  test("is the text, empty if there is none, undefined if it is no text", () => {
    expect(errorMessage(new Error("x"))).toBe("x");
    expect(errorMessage(new Error())).toBe("");
    expect(errorMessage(Object.assign(new Error(), { message: 1 }))).toBeUndefined();
    expect(errorMessage(new DOMException("aborted"))).toBe("aborted");
  });
});

describe("isErrorValue()", () => {
  test("takes errors, made by inheritance too, but no proxy and no look-alike", () => {
    expect(isErrorValue(new Error())).toBe(true);
    expect(isErrorValue(Object.create(Error.prototype))).toBe(true);
    expect(isErrorValue(new Proxy(new Error(), {}))).toBe(false);
    expect(isErrorValue({ name: "Error", message: "" })).toBe(false);
  });
});
