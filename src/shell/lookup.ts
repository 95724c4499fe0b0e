/** What h() and i() say of a name, for a program: found by looking, so that no code of the user's runs. */
import { escapeControls } from "../term/escape.ts";
import { docPage } from "./doc-page.ts";
import type { HelperContext } from "./helpers/context.ts";
import { valueAt } from "./helpers/h.ts";
import { infoLines } from "./helpers/i.ts";
import { documentFor } from "./helpers/index.ts";

export interface Found {
  /** How it is called and its documentation. */
  readonly doc?: string;
  /** What its value is. */
  readonly info?: string;
}

const COLUMNS = 80;

/** Looks a name up: `Task.async`, `flush`, a variable. In a process, which asks other nodes about pids and names of theirs. */
export async function lookup(context: Pick<HelperContext, "runtime" | "session">, name: string): Promise<Found> {
  const path = name.trim();
  const page = documentFor(context, path);
  const value = valueAt(context, path);
  return {
    ...(page !== undefined && { doc: docPage(page, { columns: COLUMNS }).join("\n") }),
    ...(value !== undefined && {
      info: escapeControls((await infoLines(context.runtime, value, COLUMNS)).join("\n"), { newlines: true }),
    }),
  };
}
