import { inspect } from "../../term/inspect.ts";
import { isPid, type Pid } from "../../term/pid.ts";
import { ArgumentError } from "../../term/error.ts";
import { current } from "../../process/context.ts";
import { sendFrom } from "../../process/destination.ts";
import { defineProgramModule, type Module, nameOfModule } from "../../process/modules.ts";
import type { Process } from "../../process/process.ts";
import { sendExit } from "../../process/terminate.ts";
import { apply } from "../erpc.ts";

/**
 * Decides who keeps a name that two processes hold when two parts of a cluster meet: gives one of the two, or anything
 * else for neither. Runs once, on the node of one of them.
 */
export type Resolve = (name: unknown, pid1: Pid, pid2: Pid) => unknown;

/** A rule for clashes: a function, which takes along what it uses, or `[module, "fun"]` of the node that decides. */
export type ResolveRule = Resolve | readonly [module: Module | string, fun: string];

/** How long a rule may take, in milliseconds, while nobody else can register: then it counts as failed. */
const LIMIT = 30_000;

/** One of the two, whichever asks and wherever: that of the earlier node. */
function byNode(pid1: Pid, pid2: Pid): readonly [stays: Pid, goes: Pid] {
  return pid1.node < pid2.node ? [pid1, pid2] : [pid2, pid1];
}

/** Kills one of the two; the other keeps the name. The rule where none is given. */
export function randomExitName(name: unknown, pid1: Pid, pid2: Pid): Pid {
  const process = current();
  const [stays, goes] = byNode(pid1, pid2);
  process.runtime.log("info", `global: Name conflict terminating ${inspect([name, goes])}`);
  sendExit(process, goes, "kill");
  return stays;
}

/** One of the two keeps the name; the other is told: `["global_name_conflict", name]`. */
export function randomNotifyName(name: unknown, pid1: Pid, pid2: Pid): Pid {
  const [stays, goes] = byNode(pid1, pid2);
  sendFrom(current(), goes, ["global_name_conflict", name]);
  return stays;
}

/** Nobody keeps the name; both are told, with the other: `["global_name_conflict", name, pid]`. */
export function notifyAllName(name: unknown, pid1: Pid, pid2: Pid): "none" {
  const process = current();
  sendFrom(process, pid1, ["global_name_conflict", name, pid2]);
  sendFrom(process, pid2, ["global_name_conflict", name, pid1]);
  return "none";
}

const RULES = "Moebi.Global";
const rules = { randomExitName, randomNotifyName, notifyAllName };
defineProgramModule(RULES, rules);

/** The rule as it goes to the node of the process: the library's own are there already. */
export function portable(rule: ResolveRule): ResolveRule {
  const known = Object.entries(rules).find(([, own]) => own === rule);
  return known === undefined ? rule : [RULES, known[0]];
}

/** Throws `badarg` unless it can be a rule for clashes. */
export function checkRule(rule: unknown): asserts rule is ResolveRule {
  if (typeof rule === "function" || (Array.isArray(rule) && rule.length === 2 && typeof rule[1] === "string")) return;
  throw new ArgumentError('A rule for clashes is a function of (name, pid1, pid2), or [module, "fun"]');
}

/**
 * Asks the rule, in a process of its own: one that throws, ends its process or never comes to an end frees the name, as
 * one does that picks neither.
 */
export async function settle(
  process: Process,
  rule: ResolveRule,
  name: unknown,
  pid1: Pid,
  pid2: Pid,
): Promise<Pid | undefined> {
  const { runtime } = process;
  const application =
    typeof rule === "function"
      ? { what: () => rule(name, pid1, pid2), fun: "", args: [] }
      : { what: nameOfModule(rule[0]), fun: rule[1], args: [name, pid1, pid2] };
  const outcome = await apply(process, runtime.name, application, LIMIT);
  if ("failed" in outcome || outcome[0] !== "ok") {
    const why = "failed" in outcome ? outcome.failed : inspect(outcome[1]);
    runtime.log("error", `global: The rule for the name ${inspect(name)} failed (${why}); the name is free`);
    return undefined;
  }
  const chosen = outcome[1];
  return isPid(chosen) && (chosen === pid1 || chosen === pid2) ? chosen : undefined;
}
