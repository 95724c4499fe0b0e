import { describe, expect, test } from "vitest";
import { visitorOptions } from "../../src/cli/visitor.ts";

describe("visitorOptions()", () => {
  test("is a hidden node of a name that nobody else has, long if the other's is", () => {
    const [one, two] = [visitorOptions({}, "app@localhost"), visitorOptions({}, "app@localhost")];
    expect(one).toEqual({ hidden: true, sname: expect.stringMatching(/^visitor-[0-9a-f]{12}$/) as string });
    expect(two.sname).not.toBe(one.sname);
    expect(visitorOptions({ cookie: "c" }, "app@10.0.0.1")).toEqual({
      cookie: "c",
      hidden: true,
      name: expect.stringMatching(/^visitor-[0-9a-f]{12}@127\.0\.0\.1$/) as string,
    });
  });

  test("keeps a name that was given, and refuses to visit what is no node", () => {
    expect(visitorOptions({ sname: "me" }, "app@localhost")).toEqual({ hidden: true, sname: "me" });
    expect(() => visitorOptions({}, "app")).toThrow(expect.objectContaining({ code: "bad_name" }));
  });
});
