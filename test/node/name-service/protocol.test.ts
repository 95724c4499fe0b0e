import { describe, expect, test } from "vitest";
import {
  LONGEST_REQUEST,
  LineReader,
  formatAnswerLine,
  formatRequest,
  parseAnswerLine,
  parseRequest,
  type AnswerLine,
  type Request,
} from "../../../src/node/name-service/protocol.ts";

const token = "0123456789abcdef".repeat(2);

const requests: readonly Request[] = [
  { op: "register", name: "alex", port: 65_535, pid: 4_194_304, token },
  { op: "lookup", name: "a".repeat(64) },
  { op: "names" },
];

const answers: readonly AnswerLine[] = [
  { op: "registered" },
  { op: "taken", port: 1, pid: 2 },
  { op: "full", limit: 2048 },
  { op: "refused" },
  { op: "port", port: 4001 },
  { op: "none" },
  { op: "name", name: "alex", port: 4001 },
  { op: "end" },
  { op: "bad" },
];

describe("parseRequest()", () => {
  test.each(requests)("takes what formatRequest() writes: $op", (request) => {
    expect(parseRequest(formatRequest(request))).toEqual(request);
  });

  test.each([
    "",
    "names ",
    "names alex",
    "lookup",
    "lookup ",
    "lookup a b",
    "lookup a@b",
    `lookup ${"a".repeat(65)}`,
    "lookup a\r",
    `register alex 0 1 ${token}`,
    `register alex 65536 1 ${token}`,
    `register alex -1 1 ${token}`,
    `register alex 1e3 1 ${token}`,
    `register alex 1 1 ${token}0`,
    `register alex 1 1 ${token.toUpperCase()}`,
    `register alex 1 1 ${token} more`,
    "register alex 1 1",
    "GET / HTTP/1.1",
    "__proto__",
    `names${" ".repeat(LONGEST_REQUEST)}`,
  ])("N3: refuses %j", (line) => {
    expect(parseRequest(line)).toBeUndefined();
  });
});

describe("parseAnswerLine()", () => {
  test.each(answers)("takes what formatAnswerLine() writes: $op", (line) => {
    expect(parseAnswerLine(formatAnswerLine(line))).toEqual(line);
  });

  test.each([
    "",
    "end ",
    "end x",
    "port",
    "port 0",
    "port 1 2",
    "name a@b 1",
    "name alex",
    "taken 1",
    "full",
    "constructor",
    "port 99999",
  ])("N2: refuses %j", (line) => {
    expect(parseAnswerLine(line)).toBeUndefined();
  });
});

describe("LineReader", () => {
  test("cuts what arrives into lines, however it is split", () => {
    const text = Buffer.from("one\n\ntwo\nthr");
    for (let size = 1; size <= text.length; size++) {
      const reader = new LineReader(100);
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...(reader.push(text.subarray(at, at + size)) ?? []));
      expect(lines).toEqual(["one", "", "two"]);
    }
  });

  test("N3: takes no more than its limit", () => {
    const reader = new LineReader(4);
    expect(reader.push(Buffer.from("abc"))).toEqual([]);
    expect(reader.push(Buffer.from("\n"))).toEqual(["abc"]);
    expect(reader.push(Buffer.from("d"))).toBeUndefined();
  });
});
