import { describe, expect, test } from "vitest";
import { checkConfiguration, environmentName, mergeConfiguration } from "../../src/otp/config.ts";

describe("environmentName()", () => {
  test("is what MOEBI_ENV says, dev unless it says anything, and nothing else", () => {
    expect([environmentName({}), environmentName({ MOEBI_ENV: "prod" })]).toEqual(["dev", "prod"]);
    expect(() => environmentName({ MOEBI_ENV: "live" })).toThrow(/dev, test or prod, not "live"/);
  });
});

describe("checkConfiguration()", () => {
  test.each([
    [[1], "conf.ts gives [1]"],
    ["text", 'conf.ts gives "text"'],
    [{ app: 5 }, "conf.ts: app is 5"],
    [{ fine: {}, app: [["key", 1]] }, "conf.ts: app is [["],
  ])("APP-010: refuses %o, naming file and place", (value, message) => {
    expect(() => checkConfiguration(value, "conf.ts")).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(message) as string }),
    );
  });
});

describe("mergeConfiguration()", () => {
  test("goes key by key, however deep, and replaces what is no plain object", () => {
    const when = new Date(0);
    expect(
      mergeConfiguration(
        { a: { deep: { x: 1, y: [1, 2] }, kept: true }, b: { when: {} } },
        { a: { deep: { y: [3] } }, b: { when }, c: { new: 1 } },
      ),
    ).toEqual({ a: { deep: { x: 1, y: [3] }, kept: true }, b: { when }, c: { new: 1 } });
  });
});
