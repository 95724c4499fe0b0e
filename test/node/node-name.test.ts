import { describe, expect, test } from "vitest";
import {
  hostOf,
  isLongName,
  isNodeName,
  isShortName,
  nodeNameFor,
  parseNodeName,
  shortNameOf,
} from "../../src/node/node-name.ts";
import { hasCode } from "../../src/term/error.ts";
import { NONODE } from "../../src/term/pid.ts";

function faultOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (hasCode(error, "bad_name")) return (error as Error).message;
    throw error;
  }
  throw new Error("It was taken");
}

describe("parseNodeName()", () => {
  test.each([
    "alex@localhost",
    "n1@127.0.0.1",
    "n@::1",
    "A-b_c.9@host.example.org",
    `${"a".repeat(64)}@${"h".repeat(190)}`,
  ])("N6: takes %s", (text) => {
    expect(parseNodeName(text)).toBe(text);
    expect(isNodeName(text)).toBe(true);
  });

  test.each([
    ["", /form name@host/],
    ["alex", /form name@host/],
    ["@localhost", /nothing before the at-sign/],
    ["alex@", /no host/],
    ["alex@a@b", /one at-sign/],
    ["al ex@localhost", /letters, digits/],
    ["älex@localhost", /letters, digits/],
    ["alex@local host", /a host is made of/],
    [`${"a".repeat(65)}@h`, /at most 64 characters, this one has 65/],
    [`a@${"h".repeat(254)}`, /at most 255 characters, this one has 256/],
  ])("N6, DIST-056: refuses %j and says why", (text, fault) => {
    expect(faultOf(() => parseNodeName(text))).toMatch(fault);
    expect(isNodeName(text)).toBe(false);
  });

  test("N6: shows no control character of what it refuses", () => {
    expect(faultOf(() => parseNodeName("a\x1b]0;x\x07\u202e@h"))).toMatch(/^[\x20-\x7e]*$/);
  });

  test("B19: cuts a long text before it looks at it", () => {
    const fault = faultOf(() => parseNodeName(`${"@".repeat(65_536)}`));
    expect(fault.length).toBeLessThan(300);
  });
});

describe("isNodeName()", () => {
  test("is false for what is not text", () => {
    expect([undefined, null, 1, ["alex@localhost"], {}].some(isNodeName)).toBe(false);
  });
});

describe("isShortName()", () => {
  test("asks for 1 to 64 characters of a name", () => {
    expect(["a", "a".repeat(64), "a.b-c_9"].every(isShortName)).toBe(true);
    expect(["", "a".repeat(65), "a@b", "a b"].some(isShortName)).toBe(false);
  });
});

describe("nodeNameFor()", () => {
  test("is nonode@nohost without a name", () => {
    expect(nodeNameFor({})).toBe(NONODE);
  });

  test("puts a short name on localhost", () => {
    expect(nodeNameFor({ sname: "alex" })).toBe("alex@localhost");
  });

  test("keeps the host of a short name", () => {
    expect(nodeNameFor({ sname: "alex@box" })).toBe("alex@box");
    expect(nodeNameFor({ sname: "alex@localhost" })).toBe("alex@localhost");
  });

  test("keeps a long name", () => {
    expect(nodeNameFor({ name: "n1@127.0.0.1" })).toBe("n1@127.0.0.1");
    expect(nodeNameFor({ name: "n1@box.example.org" })).toBe("n1@box.example.org");
    expect(nodeNameFor({ name: "n1@::1" })).toBe("n1@::1");
  });

  test("refuses a short name with a long host, and says which to use", () => {
    expect(faultOf(() => nodeNameFor({ sname: "n1@127.0.0.1" }))).toContain("--name n1@127.0.0.1");
  });

  test("refuses a long name without a long host, and says which to use", () => {
    expect(faultOf(() => nodeNameFor({ name: "n1@box" }))).toContain("--sname n1@box");
    expect(faultOf(() => nodeNameFor({ name: "n1" }))).toContain("--name n1@127.0.0.1");
  });

  test("refuses both, and the name of every node without one", () => {
    expect(faultOf(() => nodeNameFor({ sname: "a", name: "a@127.0.0.1" }))).toContain("not both");
    expect(faultOf(() => nodeNameFor({ sname: NONODE }))).toContain("choose another");
  });
});

describe("the parts of a name", () => {
  test("are what is before and after the at-sign", () => {
    expect(shortNameOf("alex@localhost")).toBe("alex");
    expect(hostOf("alex@localhost")).toBe("localhost");
  });

  test("say whether it is a long one", () => {
    expect(isLongName("n1@127.0.0.1")).toBe(true);
    expect(isLongName("n1@::1")).toBe(true);
    expect(isLongName("a.b@localhost")).toBe(false);
  });
});
