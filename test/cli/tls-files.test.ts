import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readTlsFiles } from "../../src/cli/tls-files.ts";

const dir = mkdtempSync(join(tmpdir(), "moebi-tls-"));
afterAll(() => rmSync(dir, { recursive: true }));

const kept = (name: string): string => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
const locked = join(dir, "locked.pem");
writeFileSync(
  locked,
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "secret",
  }),
);

describe("readTlsFiles()", () => {
  test("gives the three files as they are", () => {
    const { cert, key, ca } = readTlsFiles(kept("alex"), kept("alex-key"), kept("ca"));
    expect([cert, key, ca].map((pem) => String(pem).split("\n")[0])).toEqual([
      "-----BEGIN CERTIFICATE-----",
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN CERTIFICATE-----",
    ]);
    expect(readTlsFiles(kept("alex"), kept("alex-key"), undefined).ca).toBeUndefined();
  });

  test.each([
    ["a key for a certificate", kept("alex-key"), kept("alex-key"), undefined, "--tls-cert takes a certificate in PEM"],
    ["a certificate for a key", kept("alex"), kept("alex"), undefined, "--tls-key takes a private key in PEM"],
    ["a key for an authority", kept("alex"), kept("alex-key"), kept("alex-key"), "--tls-ca takes a certificate in PEM"],
    ["the key of another", kept("alex"), kept("kate-key"), undefined, "is not that of the certificate"],
    ["a key with a passphrase", kept("alex"), locked, undefined, "has a passphrase"],
    ["no such file", kept("alex"), kept("alex-key"), "/nowhere/ca.pem", "Can't read /nowhere/ca.pem"],
  ])("refuses %s, naming what it takes", (_, cert, key, ca, message) => {
    expect(() => readTlsFiles(cert, key, ca)).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
