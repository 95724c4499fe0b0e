import { describe, expect, test } from "vitest";
import { asIoRequest, ioReply, ioRequest, isIoError } from "../../src/io/io-protocol.ts";
import { pidOf } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";

const from = pidOf("a@localhost", 1, 0, 1);
const reply = new Ref("a@localhost", 1, 1);

describe("the I/O protocol", () => {
  test("is taken apart as it was put together", () => {
    const request = ["put_chars", "unicode", "x"] as const;
    expect(ioRequest(from, reply, request)).toEqual(["io_request", from, reply, request]);
    expect(asIoRequest(ioRequest(from, reply, request))).toEqual({ from, reply, request });
    expect(ioReply(reply, "ok")).toEqual(["io_reply", reply, "ok"]);
  });

  test.each([
    ["other", from, reply, []],
    ["io_request", 1, reply, []],
    ["io_request", from, 1, []],
    ["io_request", from, reply, "x"],
    [],
  ])("takes no other message for a request: %#", (...message) => {
    expect(asIoRequest(message)).toBeUndefined();
    expect(asIoRequest("io_request")).toBeUndefined();
  });

  test("tells errors from answers", () => {
    expect([["error", "enotsup"], "error", "ok", 80].map(isIoError)).toEqual([true, false, false, false]);
  });
});
