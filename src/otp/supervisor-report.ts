import { isPid, type Pid } from "../term/pid.ts";
import { inspect } from "../term/inspect.ts";
import { formatExit } from "../process/format-exit.ts";
import type { Process } from "../process/process.ts";
import type { FullSpec } from "./child-spec.ts";
import { running } from "./task-protocol.ts";

/** What has become of a child. */
export type Context = "terminated" | "failed to start" | "caused shutdown" | "shut down abnormally";

/** What a supervisor is called in the log: its name, or its pid and its module. */
export function supervisorName({ name, pid }: Process, known?: unknown, module?: string): string {
  const own = known ?? name;
  if (own !== undefined) return inspect(own);
  return module === undefined ? inspect(pid) : `${inspect(pid)} (${module})`;
}

/** What a supervisor writes of a child that ended or did not start, as Elixir says it. */
export function supervisorReport(
  supervisor: string,
  { id, start }: FullSpec,
  context: Context,
  reason: unknown,
  pid?: Pid,
): string {
  const { fun, args } = running(start);
  const line = { breakLength: Infinity };
  const call =
    typeof fun === "function"
      ? inspect(fun, line)
      : `${fun.slice(0, fun.lastIndexOf("/"))}(${args.map((arg) => inspect(arg, line)).join(", ")})`;
  return [
    `Child ${inspect(id, line)} of Supervisor ${supervisor} ${context}`,
    `** (exit) ${formatExit(reason)}`,
    ...(isPid(pid) ? [`Pid: ${inspect(pid)}`] : []),
    `Start Call: ${call}`,
  ].join("\n");
}

/** Whether a child that was told to end did so in another way than it was told. */
export function endedBadly({ restart, shutdown }: FullSpec, reason: unknown): boolean {
  if (reason === (shutdown === "brutalKill" ? "killed" : "shutdown")) return false;
  const asked = reason === "normal" || reason === "shutdown" || (Array.isArray(reason) && reason[0] === "shutdown");
  return restart === "permanent" || !asked;
}
