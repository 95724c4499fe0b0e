import type { Label } from "../term/codec-refusal.ts";

/** The end of a process that ran a remote call, which carries the outcome: `[tag, [class, value]]`. */
export const DONE = "$erpc";

const OUTCOME: Label = {
  whole: "reason",
  items: ["reason[0]", { whole: "reason[1]", items: ["reason[1][0]", "result"] }],
};

/** What errors call an exit reason: the outcome of a remote call is what the caller knows as its result. */
export function labelOfReason(reason: unknown): Label {
  return Array.isArray(reason) && reason[0] === DONE ? OUTCOME : "reason";
}
