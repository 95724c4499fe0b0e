/** What `h()` shows without an argument: the helpers by what they are for, in as few lines as tell them apart. */

import { docPage, docTable, type PageOptions } from "../doc-page.ts";

type Rows = readonly (readonly [call: string, what: string])[];

/** Each helper stands once, beside those that are used with it; what the library has for the prompt stands among them. */
export const GROUPS: readonly (readonly [purpose: string, rows: Rows])[] = [
  [
    "Values",
    [
      ["v(), v(1)", "the last value, that of the first input"],
      ["i(x)", "what a value, a process or a node is"],
      ["more(), copy()", "a long value in pages; into the clipboard"],
      ['pid("0.73.0"), ref("0.0.0.4")', "what is printed like this"],
    ],
  ],
  [
    "Code",
    [
      ["h(x), exports(Kate)", "documentation; what a module holds"],
      ["source(Kate), open(Kate)", "how it was written; that in your editor"],
      ['c("kate.ts"), r(Kate)', "load a file's modules; the file of one again"],
      ["recompile()", "load all files again"],
      ["nl(Kate)", "load a module on all connected nodes"],
    ],
  ],
  [
    "Cluster",
    [
      ["nodes()", "connected nodes, with round trips and traffic"],
      ["observer()", "a node live, on the whole screen"],
      ["runtimeInfo()", "processes, memory and versions of this node"],
    ],
  ],
  [
    "Debugging",
    [
      ["trace(pid), untrace()", "messages and calls as they happen, on any node"],
      ["dbg(x)", "print a value with its code, and give it"],
      ["await pry(), whereami()", "in a function: stop here and look around; where"],
      ["setBreak(Kate.sayName)", "have the next call stop so"],
      ["breaks(), resetBreak(1)", "break points; one is passed from now on"],
      ["removeBreaks()", "remove them all"],
      ["bench(fn)", "how many calls a second, and how long they take"],
    ],
  ],
  [
    "Session",
    [
      ["flush()", "the messages of the shell's mailbox"],
      ['history(), save("a.ts")', "what was typed; what succeeded, into a file"],
      ["settings(), configure({ … })", "all settings, on the screen (F2); change some"],
      ['cd("src"), ls(), pwd()', "the directory the program is in"],
      ["clear(), respawn()", "an empty screen; a new process for the shell"],
    ],
  ],
];

const INTRODUCTION =
  "Helpers of the prompt; h(flush) tells more about one, h(Task.async) about a function of the library.";
const KEYS =
  "Tab completes, twice explains; Ctrl+R searches what was typed, Ctrl+G has more shells. #moebi:break on a line of its " +
  "own gives up a statement that is not complete.";

/** Where there is less room, what the helpers do is left to `h(name)`. */
const LEAST_COLUMNS = 60;

/** The lines, with a user's own commands at the end of the helpers. Safe to print. */
export function overview(own: Rows, options: PageOptions): string[] {
  const narrow = options.columns < LEAST_COLUMNS;
  const groups = own.length === 0 ? GROUPS : [...GROUPS, ["Your own", own.toSorted(byName)] as const];
  const widest = Math.max(...GROUPS.flatMap(([, rows]) => rows.map(([call]) => call.length)));
  const paragraph = (doc: string): string[] => docPage({ signature: "", doc }, options).slice(2);
  return [
    ...paragraph(INTRODUCTION),
    "",
    ...groups.flatMap(([purpose, rows]) => [
      ...docPage({ signature: purpose, doc: "" }, options),
      ...(narrow
        ? names(rows, options.columns)
        : docTable(
            rows.map(([call, what]) => [call.padEnd(widest), what] as const),
            options,
          )),
    ]),
    "",
    ...paragraph(KEYS),
  ];
}

/** How they are called alone, as many in a line as fit. */
function names(rows: Rows, width: number): string[] {
  const lines: string[] = [];
  for (const call of rows.flatMap(([calls]) => calls.split(/(?<=\)), /u))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + call.length <= width) lines[lines.length - 1] = `${last}  ${call}`;
    else lines.push(`  ${call}`);
  }
  return lines;
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
