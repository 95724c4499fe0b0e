import yargs from "yargs";
import { opsText, OVERVIEW } from "../shell/protocol/ops.ts";
import type { NodeOptions } from "../start-node.ts";
import { ArgumentError } from "../term/error.ts";
import { readTlsFiles } from "./tls-files.ts";

/** What the command line asks for. */
export interface CommandLine {
  readonly node: NodeOptions;
  readonly command: "shell" | "names" | "call" | "observe" | "stop";
  /** What follows the command: the node, and for a call module, function and arguments. */
  readonly operands: readonly string[];
  /** Whether the result of a call is printed as JSON. */
  readonly json: boolean;
  /** Whether a program drives the shell, by messages on standard input and output. */
  readonly protocol: boolean;
  /** The node to open a shell on, instead of one's own. */
  readonly remsh: string | undefined;
  /** Statements of `-e`, in order. */
  readonly evaluate: readonly string[];
  /** Files of statements, run before anything is read from standard input. */
  readonly files: readonly string[];
  /** Modules of `-r`, loaded before the shell starts. */
  readonly require: readonly string[];
  /** The file of statements a prompt starts with: one that was named, `false` for none, `undefined` for the usual one. */
  readonly dotMoebi: string | false | undefined;
  readonly app: string | undefined;
  /** The file of settings. */
  readonly config: string | undefined;
  readonly bail: boolean;
  /** Whether the node ends when its input does. */
  readonly halt: boolean;
}

/** Options with one value. */
const SINGLE = [
  ...(["sname", "name", "cookie", "app", "config", "remsh", "auto-connect", "net-ticktime", "net-setuptime"] as const),
  "dot-moebi",
  ...(["listen", "tls-cert", "tls-key", "tls-ca", "advertise"] as const),
];

// In the order they are first needed in, which is that of the help.
const NODE = "Node:";
const SHELL = "Shell:";
const SCRIPT = "Scripts:";
const CLUSTER = "Cluster:";
const SECURITY = "Beyond this machine:";

const EPILOGUE = `Environment:
  MOEBI_COOKIE      The cluster's secret
  MOEBI_EPMD_PORT   Port of this host's name service (default: 4370)
  MOEBI_ENV         Which settings go on top: config.prod.ts for prod
  NODES             Nodes to connect to: a@localhost,b@localhost
  NO_COLOR          Print without colours

Examples:
  moebi --sname alex                          A shell on a node
  moebi --remsh app@localhost                 A shell in a running program
  moebi call app@localhost Counter hits 1     A function of it
  echo 'Node.list()' | moebi --sname script   Statements from a script`;

/**
 * Reads the command line. Prints and ends the program for `--help` and `--version`.
 * Throws `badarg`, saying what to do, for what can't be understood.
 */
export function readCommandLine(args: readonly string[], version: string): CommandLine | undefined {
  let shown = false;
  const parser = yargs([...args])
    .scriptName("moebi")
    .usage("$0 [options] [file …]\n\nOpens a shell on a node. Nodes with names find each other and form a cluster.")
    .command("names", "List the nodes of this host", {})
    .command("call", "Call a function: moebi call NODE MODULE FUNCTION [ARG …], each argument JSON or text", {})
    .command("observe", "Show a node live, on the whole screen: moebi observe NODE", {})
    .command("stop", "Stop the program that a node runs in: moebi stop NODE", {})
    .option("sname", { type: "string", group: NODE, describe: "Short name: alex, or alex@host" })
    .option("name", { type: "string", group: NODE, describe: "Long name: n1@127.0.0.1, n1@host.example.com" })
    .option("cookie", {
      type: "string",
      group: NODE,
      describe: "The cluster's secret (default: ~/.moebi.cookie; others can see this option in ps)",
    })
    .option("hidden", { type: "boolean", default: false, group: NODE, describe: "Take no part in the mesh" })
    .option("app", {
      type: "string",
      group: NODE,
      describe: "Start an application: chat, kv, simple-cluster, or your own, by file or folder",
    })
    .option("config", {
      type: "string",
      group: NODE,
      describe: "Settings for applications (TypeScript, JavaScript, JSON)",
    })
    .option("require", {
      alias: "r",
      type: "string",
      array: true,
      default: [] as string[],
      group: NODE,
      describe: "Load a file; its capitalised exports are modules, its other functions commands",
    })
    .option("remsh", { type: "string", group: SHELL, describe: "Open the shell on another node: app@host" })
    .option("dot-moebi", {
      type: "string",
      group: SHELL,
      describe:
        "File of statements to start with (default: ~/.config/moebi/init.ts, at a prompt only; --no-dot-moebi: none)",
    })
    .option("raw-output", {
      type: "boolean",
      default: false,
      group: SHELL,
      describe: "Print other nodes' control characters",
    })
    .option("protocol", {
      type: "boolean",
      default: false,
      group: SHELL,
      describe: "Be driven by a program: JSON on standard input and output (moebi --protocol --help)",
    })
    .option("eval", {
      alias: "e",
      type: "string",
      array: true,
      default: [] as string[],
      group: SCRIPT,
      describe: "Evaluate a statement and end",
    })
    .option("bail", {
      type: "boolean",
      default: false,
      group: SCRIPT,
      describe: "End at the first statement that fails",
    })
    .option("halt", {
      type: "boolean",
      default: true,
      group: SCRIPT,
      describe: "End when the input does (default; --no-halt keeps the node running)",
    })
    .option("json", { type: "boolean", default: false, group: SCRIPT, describe: "Print the result of a call as JSON" })
    .option("auto-connect", {
      choices: ["always", "once", "never"] as const,
      group: CLUSTER,
      describe: "When first use connects: always (default), once or never",
    })
    .option("net-ticktime", {
      type: "number",
      group: CLUSTER,
      describe: "Seconds of silence after which a node is taken for gone (default: 60)",
    })
    .option("net-setuptime", {
      type: "number",
      group: CLUSTER,
      describe: "Milliseconds a connection may take to be made (default: 7000)",
    })
    .option("prevent-overlapping-partitions", {
      type: "boolean",
      default: true,
      group: CLUSTER,
      describe: "Keep full meshes when connections between some nodes are lost (default; --no-prevent-… does not)",
    })
    .option("listen", {
      type: "string",
      group: SECURITY,
      describe: "Address to listen on, or address:port (default: 127.0.0.1, a free port)",
    })
    .option("tls-cert", { type: "string", group: SECURITY, describe: "Certificate file (PEM)" })
    .option("tls-key", { type: "string", group: SECURITY, describe: "Its private key (PEM)" })
    .option("tls-ca", {
      type: "string",
      group: SECURITY,
      describe: "Authority that peers' certificates must be signed by (PEM)",
    })
    .option("advertise", {
      type: "string",
      group: SECURITY,
      describe: "host:port this node is reached as through a forwarder",
    })
    .option("insecure", {
      type: "boolean",
      default: false,
      group: SECURITY,
      describe: "Listen beyond loopback without TLS: anyone on the way can read",
    })
    .epilogue(EPILOGUE)
    .version(version)
    .alias("help", "h")
    .strictOptions()
    .nargs("e", 1)
    .nargs("r", 1)
    .parserConfiguration({
      "boolean-negation": true,
      // What is called is given its arguments as they are written: 1e3, 007.
      "parse-positional-numbers": false,
      "duplicate-arguments-array": true,
      "greedy-arrays": false,
    })
    .exitProcess(false)
    .requiresArg([...SINGLE])
    .fail((message: string | null, error: Error | undefined) => {
      throw new ArgumentError(`${message ?? error?.message ?? "Bad options"}. See moebi --help`, { cause: error });
    });
  // Types and defaults that say nothing would take a third of the page. yargs has it, its types have not.
  (parser as unknown as { usageConfiguration(config: object): void }).usageConfiguration({ "hide-types": true });
  const parsed = parser.parseSync([...args], {}, (_error, argv, output) => {
    if (output === "") return;
    shown = true;
    const aboutProtocol = argv["protocol"] === true && argv["help"] === true;
    process.stdout.write(aboutProtocol ? `${OVERVIEW}\n\n${opsText()}\n` : `${output}\n`);
  });
  if (shown) return undefined;

  for (const option of SINGLE) {
    const value: unknown = parsed[option];
    if (Array.isArray(value)) throw new ArgumentError(`Give --${option} once`);
    if (value === "") throw new ArgumentError(`--${option} needs a value`);
  }
  const positional = parsed._.map(String);
  const [command, operands] = commandIn(positional);
  if (parsed.sname !== undefined && parsed.name !== undefined)
    throw new ArgumentError("Give --sname or --name, not both");
  if ((parsed.tlsCert === undefined) !== (parsed.tlsKey === undefined))
    throw new ArgumentError("TLS needs both --tls-cert and --tls-key");
  const [host, port] = splitAddress(parsed.listen);
  const unnamed = parsed.sname === undefined && parsed.name === undefined;
  if (unnamed && parsed.listen !== undefined && parsed.remsh === undefined && command === "shell")
    throw new ArgumentError("Only a node with a name listens: give --sname or --name beside --listen");
  return {
    command,
    operands,
    json: parsed.json,
    protocol: checkedProtocol(parsed.protocol, command, [...positional, ...parsed.eval]),
    remsh: parsed.remsh,
    node: {
      sname: parsed.sname,
      name: parsed.name,
      cookie: parsed.cookie,
      hidden: parsed.hidden,
      autoConnect: parsed.autoConnect,
      netTicktime: positive("net-ticktime", parsed.netTicktime),
      netSetuptime: positive("net-setuptime", parsed.netSetuptime),
      host,
      port,
      tls:
        parsed.tlsCert === undefined || parsed.tlsKey === undefined
          ? undefined
          : readTlsFiles(parsed.tlsCert, parsed.tlsKey, parsed.tlsCa),
      advertise: parsed.advertise,
      preventOverlappingPartitions: parsed.preventOverlappingPartitions,
      insecure: parsed.insecure,
      rawOutput: parsed.rawOutput,
    },
    evaluate: parsed.eval,
    files: command === "shell" ? positional : [],
    require: parsed.require,
    dotMoebi: startupOf(parsed.dotMoebi, parsed.remsh),
    app: parsed.app,
    config: parsed.config,
    bail: parsed.bail,
    halt: parsed.halt,
  };
}

/** The command that the line names, the shell's if none, and what follows it. Throws `badarg` if that is not what it takes. */
function commandIn([first = "", ...operands]: readonly string[]): [CommandLine["command"], readonly string[]] {
  switch (first) {
    case "names":
      return ["names", []];
    case "call":
      if (operands.length >= 3) return ["call", operands];
      throw new ArgumentError("Say what to call: moebi call NODE MODULE FUNCTION [ARG …]");
    case "observe":
      if (operands.length === 1) return ["observe", operands];
      throw new ArgumentError("Say which node to observe: moebi observe NODE");
    case "stop":
      if (operands.length === 1) return ["stop", operands];
      throw new ArgumentError("Say which node to stop: moebi stop NODE");
    default:
      return ["shell", []];
  }
}

/** What is evaluated comes from the program alone. */
function checkedProtocol(asked: boolean, command: CommandLine["command"], statements: readonly string[]): boolean {
  if (asked && (command !== "shell" || statements.length > 0))
    throw new ArgumentError("With --protocol what is evaluated comes from the program: give no command, files or -e");
  return asked;
}

/** `--no-dot-moebi` is `false`, which the types of yargs know nothing of. */
function startupOf(given: unknown, remsh: string | undefined): string | false | undefined {
  if (typeof given === "string" && remsh !== undefined)
    throw new ArgumentError("--dot-moebi is for a shell of one's own, not for one on another node (--remsh)");
  return typeof given === "string" || given === false ? given : undefined;
}

function splitAddress(text: string | undefined): [host: string | undefined, port: number | undefined] {
  if (text === undefined) return [undefined, undefined];
  const match = /^(.*?)(?::(\d{1,5}))?$/.exec(text);
  const bracketed = text.startsWith("[");
  if (!bracketed && text.split(":").length > 2) return [text, undefined];
  const host = match?.[1]?.replace(/^\[|\]$/g, "");
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && port > 65_535)
    throw new ArgumentError(`--listen takes a port up to 65535, not ${String(port)}`);
  return [host === "" ? undefined : host, port];
}

function positive(option: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return value;
  throw new ArgumentError(`--${option} takes a number above 0`);
}
