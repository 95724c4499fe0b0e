import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { escapeControls } from "../term/escape.ts";
import { errorMessage } from "../term/inspect-error.ts";

/** One line of a stack. */
export interface StackFrame {
  /** The line as it is printed, escaped: `at sayName (moebi(3):2:5)`, or `on kate@localhost`. */
  readonly text: string;
  /** The function's name, escaped, `undefined` where it has none. */
  readonly fun: string | undefined;
  /** Path of the file, or `moebi(3)` for what was typed at the third prompt; `undefined` on a line that names a node. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The node that the frames below it ran on, on the line that says so. */
  readonly node: string | undefined;
}

const MAX_FRAMES = 10;
const MAX_STACK = 65_536;
const MAX_LINE = 500;

const NODE_LINE = /^\s*(?:at )?on ([^\s@]{1,255}@[^\s@]{1,255})$/u;
const POSITION = /^(.+?):(\d{1,9})(?::(\d{1,9}))?$/u;

/**
 * The frames of an error that its author can do something about, nearest first: not those of Node.js and not this
 * library's own. Lines `on kate@localhost`, which an error has that crossed from another node, are kept. At most ten
 * frames and ten such lines. Empty if the error has no stack. Never throws.
 */
export function cleanStack(error: Error): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of stackLines(error)) {
    const frame = parse(line);
    if (frame === undefined) continue;
    const count = frames.filter(({ node }) => (node === undefined) === (frame.node === undefined)).length;
    if (count < MAX_FRAMES) frames.push(frame);
  }
  return frames;
}

function stackLines(error: Error): string[] {
  let stack: unknown;
  try {
    stack = types.isProxy(error) ? undefined : error.stack;
  } catch {
    return [];
  }
  if (typeof stack !== "string") return [];
  const message = errorMessage(error) ?? "";
  // The head repeats the message, whose lines may look like frames.
  const head = message === "" ? -1 : stack.indexOf(message);
  const start = head === -1 || head > 256 ? 0 : head + message.length;
  return stack
    .slice(start, start + MAX_STACK)
    .split("\n")
    .filter((line) => line.length <= MAX_LINE);
}

function parse(line: string): StackFrame | undefined {
  const node = NODE_LINE.exec(line)?.[1];
  if (node !== undefined) {
    const shown = escapeControls(node);
    return { text: `on ${shown}`, fun: undefined, file: undefined, line: undefined, column: undefined, node: shown };
  }
  const call = line.trimStart();
  if (!call.startsWith("at ")) return undefined;
  const at = call.slice("at ".length).replace(/^async /u, "");
  // A function's name has no parenthesis after a blank; a path may have.
  const open = at.endsWith(")") ? at.indexOf(" (") : -1;
  const called = open === -1 ? "<anonymous>" : at.slice(0, open);
  const position = POSITION.exec(open === -1 ? at : at.slice(open + 2, -1));
  if (position === null) return undefined;
  const file = pathOf(position[1] ?? "");
  if (file === undefined || isOwn(file)) return undefined;
  // What is typed while a process is looked into runs with its `this`, which V8 names.
  const top = /^pry\(\d+\)$/u.test(file) && called.endsWith("<anonymous>");
  const fun = called === "<anonymous>" || top ? undefined : escapeControls(called);
  const shown = escapeControls(file);
  const numbers = [position[2], position[3]].filter((part) => part !== undefined);
  const where = [shown, ...numbers].join(":");
  return {
    text: fun === undefined ? `at ${where}` : `at ${fun} (${where})`,
    fun,
    file: shown,
    line: Number(position[2]),
    column: position[3] === undefined ? undefined : Number(position[3]),
    node: undefined,
  };
}

/** A frame's place as a path, `undefined` for what has no file a user could open. */
function pathOf(location: string): string | undefined {
  if (
    location.startsWith("node:") ||
    location === "native" ||
    location === "<anonymous>" ||
    location.startsWith("eval at ")
  )
    return undefined;
  if (!location.startsWith("file:")) return location;
  try {
    return fileURLToPath(location);
  } catch {
    return location;
  }
}

const OWN = fileURLToPath(import.meta.url).replaceAll("\\", "/");
// The package's folder, whether this file runs from its sources or as built.
const ROOT = OWN.slice(0, Math.max(OWN.lastIndexOf("/src/"), OWN.lastIndexOf("/dist/")));

/** Whether a file belongs to this library. Its examples are programs like any other. */
function isOwn(file: string): boolean {
  const path = file.replaceAll("\\", "/");
  if (!path.startsWith(`${ROOT}/`)) return false;
  const inside = path.slice(ROOT.length + 1);
  return /^(?:src|dist)\/(?!examples\/)/u.test(inside);
}
