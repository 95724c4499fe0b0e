/** What a string is expected to be, by the call or literal it stands in. */
import { callAt, commasBelow, type Cursor, type OpenBracket } from "./cursor.ts";

/** What is wanted inside quotes. */
export type Expected =
  | {
      readonly kind:
        | "node"
        | "name"
        | "global"
        | "path"
        | "folder"
        | "module"
        | "documented"
        | "anything"
        | "text"
        | "application"
        | "import";
    }
  /** A function of the module that `module` names, as written. */
  | { readonly kind: "function"; readonly module: string };

type Kind = Exclude<Expected["kind"], "function"> | "function";

/** What the arguments of calls are, in order; the last counts for those behind it as well. */
const CALLS: Readonly<Record<string, readonly Kind[]>> = {
  ...all(["connect", "disconnect", "ping", "monitor", "setCookie"], "Node.", ["node", "text"]),
  ...all(["spawn", "spawnLink", "spawnMonitor", "spawnRequest"], "Node.", ["node", "module", "function", "anything"]),
  ...all(["call", "cast", "asyncCall", "blockCall"], "rpc.", ["node", "module", "function", "anything"]),
  ...all(["call", "cast", "sendRequest"], "erpc.", ["node", "module", "function", "anything"]),
  ...all(["multicall", "multicast"], "rpc.", ["node", "module", "function", "anything"]),
  ...all(["multicall", "multicast"], "erpc.", ["node", "module", "function", "anything"]),
  ...all(["call", "cast", "stop", "sendRequest"], "GenServer.", ["name", "text"]),
  ...all(["abcast", "multiCall"], "GenServer.", ["node", "name", "text"]),
  ...all(["get", "update", "getAndUpdate", "cast", "stop"], "Agent.", ["name", "anything"]),
  ...all(["whereis", "unregister", "monitor", "sendAfter", "link", "exit", "info", "alive"], "Process.", [
    "name",
    "text",
  ]),
  "Process.sendAfter": ["name", "text"],
  ...all(["whichChildren", "countChildren", "stop", "terminateChild", "startChild"], "Supervisor.", ["name", "text"]),
  ...all(["whichChildren", "countChildren", "stop", "terminateChild", "startChild"], "DynamicSupervisor.", [
    "name",
    "text",
  ]),
  ...all(["async", "asyncNolink", "startChild", "asyncStream", "children"], "Task.Supervisor.", [
    "name",
    "module",
    "function",
    "anything",
  ]),
  ...all(["lookup", "register", "unregister", "keys", "dispatch", "count", "match", "select"], "Registry.", [
    "name",
    "text",
  ]),
  ...all(
    [
      ...["getState", "getStatus", "suspend", "resume", "replaceState", "trace", "log", "logToFile", "statistics"],
      ...["install", "remove", "noDebug", "terminate"],
    ],
    "sys.",
    ["name", "text"],
  ),
  ...all(["whereisName", "unregisterName", "send", "registerName"], "global.", ["global", "text"]),
  ...all(["async", "start", "startLink"], "Task.", ["module", "function", "anything"]),
  send: ["name", "text"],
  exports: ["module"],
  h: ["documented"],
  i: ["node"],
  ...all(
    [
      "start",
      "stop",
      "ensureStarted",
      "ensureAllStarted",
      "load",
      "unload",
      "ensureLoaded",
      "spec",
      "getEnv",
      "putEnv",
    ],
    "Application.",
    ["application", "text"],
  ),
  ...all(["fetchEnv", "getAllEnv", "deleteEnv", "fetchEnvBang"], "Application.", ["application", "text"]),
  ...all(["trace", "untrace"], "", ["name", "anything"]),
  c: ["path"],
  save: ["path"],
  nl: ["module"],
  r: ["module"],
  ls: ["folder"],
  cd: ["folder"],
  import: ["import"],
  ...all(["puts", "write", "inspect", "gets"], "IO.", ["text"]),
  ...all(["log", "error", "warn", "info", "debug"], "console.", ["text"]),
  ...all(["debug", "info", "notice", "warning", "error"], "Logger.", ["text"]),
};

/** Arguments of functions where a list of two is a name and the node it is registered on. */
const NAME_AND_NODE: readonly Kind[] = ["name", "node"];

/** What the keys of option objects hold. */
const KEYS: Readonly<Record<string, Kind>> = {
  node: "node",
  nodes: "node",
  global: "global",
  name: "text",
  module: "module",
};

function all(names: readonly string[], prefix: string, kinds: readonly Kind[]): Record<string, readonly Kind[]> {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}`, kinds]));
}

/** What the string that is open at the cursor is expected to be. */
export function expectedIn(cursor: Cursor): Expected {
  const { quoted, open } = cursor;
  const [innermost, around] = [open.at(-1), open.at(-2)];
  if (
    quoted !== undefined &&
    /(?:^|[;\n])\s*(?:import\s+|(?:import|export)\s[^;]*\bfrom\s*)$/u.test(cursor.masked.slice(0, quoted.at))
  )
    return { kind: "import" };
  if (quoted === undefined || innermost === undefined) return { kind: "anything" };
  if (innermost.bracket === "(") return ofArgument(cursor, innermost);
  if (innermost.bracket === "{") {
    const key = /(?:[{,]|^)\s*["']?(?<key>[\p{ID_Continue}$]+)["']?\s*:\s*$/u.exec(
      cursor.masked.slice(innermost.at, quoted.at),
    );
    return { kind: KEYS[key?.groups?.["key"] ?? ""] ?? "anything" } as Expected;
  }
  // In a list: of nodes where nodes are wanted, else a name and its node.
  const index = commasBelow(cursor.masked.slice(0, quoted.at), innermost.at + 1).length;
  const outer = around?.bracket === "(" ? ofArgument(cursor, around) : undefined;
  if (outer?.kind === "node") return outer;
  if (around?.bracket === "{" && /\bnodes\s*:\s*$/u.test(cursor.masked.slice(around.at, innermost.at)))
    return { kind: "node" };
  if (outer?.kind === "text") return outer;
  const second =
    index === 1 &&
    /\[\s*(?:[\p{ID_Start}$_][\p{ID_Continue}$.]*)?\s*,\s*$/u.test(cursor.masked.slice(innermost.at, quoted.at));
  if (outer?.kind === "name") return { kind: NAME_AND_NODE[index] ?? "anything" } as Expected;
  return { kind: second ? "node" : "anything" };
}

function ofArgument(cursor: Cursor, bracket: OpenBracket): Expected {
  const call = callAt(cursor, bracket);
  if (call === undefined) return { kind: "anything" };
  const kinds = Object.hasOwn(CALLS, call.callee) ? CALLS[call.callee] : undefined;
  const kind = kinds?.[Math.min(call.argument, kinds.length - 1)] ?? "anything";
  if (kind !== "function") return { kind };
  const previous = call.argument - 1;
  const [from = 0, to = 0] = [call.starts[previous], call.starts[call.argument]];
  return { kind, module: moduleIn(cursor, from, to - 1) };
}

/** The module an argument names, by itself or in quotes. Quoted text is blank in the masked one, so it is read apart. */
function moduleIn(cursor: Cursor, from: number, to: number): string {
  return cursor.source
    .slice(from, to)
    .trim()
    .replace(/^(["'`])(.*)\1$/u, "$2");
}
