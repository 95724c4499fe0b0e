import { describe, expect, test } from "vitest";
import { afterwards } from "../../src/otp/afterwards.ts";

const plus = (value: unknown): number => (value as number) + 1;

describe("afterwards()", () => {
  test("goes on at once with what is no promise", () => {
    expect(afterwards(1, plus)).toBe(2);
    expect([afterwards(undefined, String), afterwards(null, String)]).toEqual(["undefined", "null"]);
    expect(afterwards({ then: "no function" }, (value) => value)).toEqual({ then: "no function" });
  });

  test("goes on with what a promise gives, or whatever else await would wait for", async () => {
    const thenable = { then: (resolve: (value: number) => void) => resolve(3) };
    expect(await afterwards(Promise.resolve(1), plus)).toBe(2);
    expect(await afterwards(thenable, plus)).toBe(4);
    expect(
      await afterwards(
        Object.assign(() => 0, thenable),
        plus,
      ),
    ).toBe(4);
  });

  test("fails as the promise does, and as what goes on does", async () => {
    const fail = (): never => {
      throw new Error("then");
    };
    await expect(afterwards(Promise.reject(new Error("first")), plus)).rejects.toThrow("first");
    await expect(afterwards(Promise.resolve(1), fail)).rejects.toThrow("then");
    expect(() => afterwards(1, fail)).toThrow("then");
  });
});
