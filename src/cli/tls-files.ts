import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { ArgumentError } from "../term/error.ts";

/** What TLS takes of the files that are named on the command line. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
}

/** Reads them. Throws `badarg`, naming the file, if one can't be read or is not what it should be. */
export function readTlsFiles(certFile: string, keyFile: string, caFile: string | undefined): TlsFiles {
  const cert = read(certFile);
  const key = read(keyFile);
  const own = certificateIn(cert, "--tls-cert", certFile);
  if (!own.checkPrivateKey(keyIn(key, keyFile)))
    throw new ArgumentError(
      `The key ${keyFile} is not that of the certificate ${certFile}: give the two made together`,
    );
  const ca = caFile === undefined ? undefined : read(caFile);
  // TLS itself takes a file without any for one that trusts nobody, and says nothing.
  if (ca !== undefined) certificateIn(ca, "--tls-ca", caFile ?? "");
  return { cert, key, ca };
}

function certificateIn(pem: Buffer, option: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new ArgumentError(
      `${option} takes a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----; ${file} holds none`,
      { cause: error },
    );
  }
}

function keyIn(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const locked = pem.includes("ENCRYPTED");
    throw new ArgumentError(
      locked
        ? `The key ${file} has a passphrase, which nobody is asked for: openssl pkey -in ${file} -out FILE takes it off`
        : `--tls-key takes a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----; ${file} holds none`,
      { cause: error },
    );
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ArgumentError(`Can't read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
