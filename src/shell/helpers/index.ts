import { bench } from "./bench.ts";
import { breaks } from "./breaks.ts";
import { c } from "./c.ts";
import { cd } from "./cd.ts";
import { clear } from "./clear.ts";
import { configure } from "./configure.ts";
import type { Helper, HelperContext } from "./context.ts";
import { copy } from "./copy.ts";
import { exports } from "./exports.ts";
import { flush } from "./flush.ts";
import type { Documentation } from "../docs.ts";
import { documentOfHelper, find, makeH, nameHelper, nameOfHelper } from "./h.ts";
import { history } from "./history.ts";
import { i } from "./i.ts";
import { ls } from "./ls.ts";
import { more } from "./more.ts";
import { nodes } from "./nodes.ts";
import { observer } from "./observer.ts";
import { open } from "./open.ts";
import { nl } from "./nl.ts";
import { pid } from "./pid.ts";
import { pwd } from "./pwd.ts";
import { r } from "./r.ts";
import { recompile } from "./recompile.ts";
import { ref } from "./ref.ts";
import { removeBreaks } from "./remove-breaks.ts";
import { resetBreak } from "./reset-break.ts";
import { respawn } from "./respawn.ts";
import { runtimeInfo } from "./runtime-info.ts";
import { save } from "./save.ts";
import { setBreak } from "./set-break.ts";
import { settings } from "./settings.ts";
import { source } from "./source.ts";
import { whereami } from "./whereami.ts";
import { trace, untrace } from "./trace.ts";

const all: readonly Helper[] = [
  bench,
  breaks,
  c,
  cd,
  clear,
  configure,
  copy,
  exports,
  flush,
  makeH(() => all),
  history,
  i,
  ls,
  more,
  nodes,
  observer,
  open,
  nl,
  pid,
  pwd,
  r,
  recompile,
  ref,
  removeBreaks,
  resetBreak,
  respawn,
  runtimeInfo,
  save,
  setBreak,
  settings,
  source,
  whereami,
  trace,
  untrace,
];

/** The functions of the prompt, by name, for one session. */
export function makeHelpers(context: HelperContext): object {
  const made: Record<string, unknown> = {};
  for (const helper of all) {
    const fn = helper.make(context);
    Object.defineProperty(fn, "name", { value: helper.name, configurable: true });
    nameHelper(fn, helper.name);
    made[helper.name] = fn;
  }
  return made;
}

/** What `h()` would show of a name, in the words of its signature and documentation. */
export function documentFor(
  context: Pick<HelperContext, "runtime" | "session">,
  name: string,
): Documentation | undefined {
  const helper = all.find((one) => one.name === name);
  return helper === undefined ? find(context, name) : documentOfHelper(helper);
}

/** The same of a function by itself. */
export function documentOfValue(
  context: Pick<HelperContext, "runtime" | "session">,
  value: object,
): Documentation | undefined {
  const name = nameOfHelper(value);
  return name === undefined ? find(context, value) : documentFor(context, name);
}

/** The names of the helpers. */
export function helperNames(): string[] {
  return all.map(({ name }) => name);
}
