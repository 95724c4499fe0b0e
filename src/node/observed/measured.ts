import type { NodeName } from "../../term/pid.ts";
import type { Process } from "../../process/process.ts";
import { apply } from "../erpc.ts";
import type { Vitals } from "../vitals.ts";

export interface Measured {
  /** How long a call there and back took, in milliseconds. */
  readonly roundTrip: number | "timeout";
  /** What the node said of itself; `undefined` if it can't. */
  readonly vitals: Vitals | undefined;
}

/** Calls a node and takes the time. `undefined` if the caller ended meanwhile. */
export async function measured(process: Process, node: NodeName, patience: number): Promise<Measured | undefined> {
  const { clock } = process.runtime;
  const begun = clock.now();
  const call = { what: "Moebi.Observed", fun: "vitals", args: [] };
  const answer = await apply(process, node, call, patience).catch(() => undefined);
  if (answer === undefined) return undefined;
  // One that has no such function has answered all the same.
  if ("failed" in answer && answer.failed !== "exit") return { roundTrip: "timeout", vitals: undefined };
  const vitals = Array.isArray(answer) && answer[0] === "ok" ? (answer[1] as Vitals) : undefined;
  return { roundTrip: clock.now() - begun, vitals };
}
