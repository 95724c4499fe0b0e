import { MoebiError } from "../term/error.ts";
import type { Candidate, CandidateKind, Completion, Offer, OfferedCandidate } from "./complete.ts";

/** What another node has offered, which may run another version. Throws `remote` for what is no offer. */
export function readOffer(answer: unknown): Offer {
  const { start, candidates } = (answer ?? {}) as { readonly start?: unknown; readonly candidates?: unknown };
  if (typeof start !== "number" || !Array.isArray(candidates))
    throw new MoebiError("remote", "The other node's answer is no offer of completions");
  return { start, candidates: candidates.flatMap(readCandidate) };
}

function readCandidate(candidate: unknown): OfferedCandidate[] {
  const { text, kind, signature, doc } = (candidate ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof text !== "string" || typeof kind !== "string") return [];
  const told = { text, kind: kind as CandidateKind };
  return [{ ...told, ...(typeof signature === "string" && { signature }), ...(typeof doc === "string" && { doc }) }];
}

/** What a Tab gives on another node, likewise. Throws `remote` for what is no completion. */
export function readCompletion(answer: unknown): Completion {
  const { insert, candidates } = (answer ?? {}) as { readonly insert?: unknown; readonly candidates?: unknown };
  if (typeof insert !== "string" || !Array.isArray(candidates))
    throw new MoebiError("remote", "The other node's answer is no completion");
  return { insert, candidates: candidates.flatMap(readListed) };
}

function readListed(candidate: unknown): Candidate[] {
  const { name, detail } = (candidate ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== "string") return [];
  return [{ name, ...(typeof detail === "string" && { detail }) }];
}
