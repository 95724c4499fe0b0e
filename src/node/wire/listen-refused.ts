import { MoebiError } from "../../term/error.ts";

/** The error for an address that the system does not let anybody listen on, with what to do about it. */
export function listenRefused(address: string, code: string, cause: unknown): MoebiError {
  const advice = Object.hasOwn(ADVICE, code) ? `. ${ADVICE[code] ?? ""}` : "";
  return new MoebiError("listen_refused", `Can't listen on ${address}: ${code}${advice}`, { cause });
}

const NO_NAME = "That name has no address here: give an address";

const ADVICE: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL:
    "No interface of this machine has that address: listen on one of its own, or on 0.0.0.0 or :: for all of them; behind " +
    "a forwarder give its address to --advertise",
  EADDRINUSE: "Another program listens there: give another port, or none for a free one",
  EACCES: "Ports below 1024 are for the system: give a higher one, or none for a free one",
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
};
