/** A result as a terminal shows it: in lines that fit, and of one that is longer than the screen its beginning. */
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { fold } from "./fold.ts";

/** A result shorter than this fits on any screen, so that nobody need be asked how large it is. */
const LEAST_FOLDED = 300;
/** A line is no longer than this where there is room for it, and no terminal that counts is narrower than that. */
const MOST_COLUMNS = 80;
const LEAST_COLUMNS = 30;

export interface FittedOptions {
  readonly inspect: InspectOptions;
  /** Whether what is longer than the screen is folded. */
  readonly pager: boolean;
  /** The size of the terminal, `undefined` where there is none. Asked for only if it matters. */
  geometry(of: "rows" | "columns"): Promise<number | undefined>;
}

/** The text of a result, without its last newline. */
export async function fitted(value: unknown, { inspect: options, pager, geometry }: FittedOptions): Promise<string> {
  let text = inspect(value, options);
  if (text.length <= LEAST_COLUMNS) return text;
  const columns = await geometry("columns");
  if (columns !== undefined && columns < MOST_COLUMNS)
    text = inspect(value, { ...options, breakLength: Math.max(LEAST_COLUMNS, columns) });
  const rows = pager && text.length > LEAST_FOLDED ? await geometry("rows") : undefined;
  if (rows === undefined) return text;
  const { shown, left, unit } = fold(text, { rows, columns: columns ?? MOST_COLUMNS });
  if (left === 0) return text;
  const notice = `… ${String(left)} more ${unit}${left === 1 ? "" : "s"}: more() shows all of it`;
  return `${shown}\n${options.colors === true ? `\u001b[2m${notice}\u001b[22m` : notice}`;
}
