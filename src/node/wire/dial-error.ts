/** Why a dial failed, in words that say what to do: what is wrong with TLS is told by the answer, or by the kind of error. */

import { MoebiError } from "../../term/error.ts";
import type { IncomingMessage } from "./http.ts";
import { formatAddress, type Address } from "./transport.ts";

/** Why a node could not be reached, from the system's or the TLS library's error, with what to do. */
export function dialError(error: Error & { code?: string }, address: Address, tls: boolean): MoebiError {
  const where = formatAddress(address);
  if (tls && error.code !== undefined && NOT_TLS.has(error.code)) {
    return new MoebiError(
      "tls_mismatch",
      `"${where}" does not speak TLS, which this node needs: start that node with --tls-cert and --tls-key`,
      { cause: error },
    );
  }
  if (tls && error.code !== undefined && /^CERT_/.test(error.code)) {
    const why = `The certificate of "${where}" can't be used: ${error.code}`;
    return new MoebiError("tls_mismatch", `${why}: give that node a new one`, { cause: error });
  }
  if (tls && error.code !== undefined && /CERT|ISSUER|SIGNATURE/.test(error.code)) {
    const why = `"${where}" shows a certificate that no authority in --tls-ca has signed (${error.code})`;
    return new MoebiError("tls_mismatch", `${why}: give that node one, or this node the file of its authority`, {
      cause: error,
    });
  }
  if (error.code === "ECONNRESET" || error.code === "EPIPE") {
    return new MoebiError("connection_reset", `"${where}" cut the connection`, { cause: error });
  }
  const why = error.code === "ECONNREFUSED" ? "nothing listens there" : error.message;
  return new MoebiError("noconnection", `Can't reach "${where}": ${why}`, { cause: error });
}

const NOT_TLS = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
  "EPROTO",
]);

/** The same from an answer other than the upgrade. */
export function answerError({ statusCode, headers }: IncomingMessage, address: Address): MoebiError {
  const where = formatAddress(address);
  if (headers[TLS_NEEDED] !== undefined) {
    return new MoebiError("tls_mismatch", `"${where}" speaks TLS: start this node with --tls-cert and --tls-key`);
  }
  if (headers[NOT_VOUCHED_FOR] !== undefined) {
    const why = `"${where}" does not take this node's certificate`;
    return new MoebiError("tls_mismatch", `${why}: it must be signed by an authority in that node's --tls-ca`);
  }
  return new MoebiError("noconnection", `What listens on "${where}" refuses the connection with status ${statusCode}`);
}

/** In the answer of a node that listens with TLS to a request without it. */
export const TLS_NEEDED = "moebi-tls";
/** In that of one which verifies certificates to a request with none that is good. */
export const NOT_VOUCHED_FOR = "moebi-certificate";
