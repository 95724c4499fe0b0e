import { tagOf } from "../term/atom.ts";
import { inspect } from "../term/inspect.ts";
import { type FullSpec, orList } from "./child-spec.ts";
import { StartError } from "./start-error.ts";

/**
 * Which children are started again when one is: that one, that and those started after it, or all. Those that still run
 * are ended first, the last started first.
 */
export type Strategy = "oneForOne" | "restForOne" | "oneForAll";

/** Whether a supervisor ends when a significant child, or the last of them, ends by itself. */
export type AutoShutdown = "never" | "anySignificant" | "allSignificant";

/** What a supervisor does about the ends of its children. */
export interface SupervisorFlags {
  readonly strategy: Strategy;
  readonly maxRestarts: number;
  readonly maxSeconds: number;
  readonly autoShutdown: AutoShutdown;
}

const STRATEGIES: readonly unknown[] = ["oneForOne", "restForOne", "oneForAll"];
const AUTO_SHUTDOWNS: readonly unknown[] = ["never", "anySignificant", "allSignificant"];

/**
 * The flags in `options`, with 3 restarts in 5 seconds unless told. Throws `invalid_strategy`, `invalid_intensity`,
 * `invalid_period`, `invalid_auto_shutdown`.
 */
export function supervisorFlags(options: Readonly<Record<string, unknown>>): SupervisorFlags {
  const { strategy, maxRestarts = 3, maxSeconds = 5, autoShutdown = "never" } = options;
  const [strategyTag, autoTag] = [tagOf(strategy), tagOf(autoShutdown)];
  if (!STRATEGIES.includes(strategyTag)) throw invalidFlag("strategy", "strategy", orList(STRATEGIES), strategy);
  if (!isCount(maxRestarts)) throw invalidFlag("intensity", "maxRestarts", "a whole number, zero or more", maxRestarts);
  if (!isPeriod(maxSeconds)) throw invalidFlag("period", "maxSeconds", "a number above zero", maxSeconds);
  if (!AUTO_SHUTDOWNS.includes(autoTag))
    throw invalidFlag("auto_shutdown", "autoShutdown", orList(AUTO_SHUTDOWNS), autoShutdown);
  return {
    strategy: strategyTag as Strategy,
    maxRestarts,
    maxSeconds,
    autoShutdown: autoTag as AutoShutdown,
  };
}

/** Throws `invalid_significant` for a significant child of a supervisor that never ends with its children. */
export function checkSignificant({ id, significant }: FullSpec, { autoShutdown }: SupervisorFlags): void {
  if (!significant || autoShutdown !== "never") return;
  throw new StartError(
    "invalid_significant",
    `The child ${inspect(id)} is significant, which needs a supervisor with autoShutdown "anySignificant" or "allSignificant"`,
    [
      "start_spec",
      [
        "bad_combination",
        [
          ["auto_shutdown", "never"],
          ["significant", true],
        ],
      ],
    ],
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && (Number.isInteger(value) || value === Infinity);
}

function isPeriod(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}

/** The error for a flag that is wrong: its code is `invalid_` and the flag. */
export function invalidFlag(flag: string, option: string, wanted: string, value: unknown): StartError {
  const tag = `invalid_${flag}`;
  return new StartError(tag, `The option ${option} is ${wanted}, not ${inspect(value)}`, [
    "supervisor_data",
    [tag, value],
  ]);
}
