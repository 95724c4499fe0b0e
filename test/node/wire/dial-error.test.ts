import { describe, expect, test } from "vitest";
import { answerError, dialError } from "../../../src/node/wire/dial-error.ts";

const address = { host: "10.0.0.5", port: 4000 };
const failed = (code: string, tls = true) => dialError(Object.assign(new Error("why"), { code }), address, tls);

describe("dialError()", () => {
  test.each([
    [
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "tls_mismatch",
      "no authority in --tls-ca has signed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    ],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls_mismatch", "no authority in --tls-ca has signed"],
    ["CERT_HAS_EXPIRED", "tls_mismatch", "can't be used: CERT_HAS_EXPIRED"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls_mismatch", "start that node with --tls-cert and --tls-key"],
    ["ECONNRESET", "connection_reset", "cut the connection"],
    ["ECONNREFUSED", "noconnection", "nothing listens there"],
    ["EHOSTUNREACH", "noconnection", "why"],
  ] as const)("%s is %s", (error, code, text) => {
    expect(failed(error)).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(failed(error).message).toContain('"10.0.0.5:4000"');
  });
});

describe("answerError()", () => {
  test.each([
    [{ "moebi-tls": "yes" }, "tls_mismatch", "start this node with --tls-cert and --tls-key"],
    [{ "moebi-certificate": "yes" }, "tls_mismatch", "must be signed by an authority in that node's --tls-ca"],
    [{}, "noconnection", "with status 403"],
  ] as const)("knows %j", (headers, code, text) => {
    const error = answerError({ statusCode: 403, headers } as never, address);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  });
});
