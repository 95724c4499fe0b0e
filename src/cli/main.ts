import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import "../library.ts";
import type { Device } from "../io/device.ts";
import type { LocalNode } from "../node/local-node.ts";
import { parseNodeName } from "../node/node-name.ts";
import { NameService } from "../node/name-service/name-service.ts";
import { controllerOf } from "../otp/application-controller.ts";
import { loggerOf } from "../otp/logger/state.ts";
import type { LogSink } from "../process/log.ts";
import { tellOfNodes } from "../shell/node-lines.ts";
import { parse } from "../shell/parse.ts";
import { backgroundOf, DEFAULT_SETTINGS, settingsOf, type Settings } from "../shell/settings.ts";
import type { Facts } from "../shell/status.ts";
import { startNode } from "../start-node.ts";
import { ArgumentError, hasCode } from "../term/error.ts";
import { escapeControls } from "../term/escape.ts";
import { backgroundIn, setBackground } from "../term/palette.ts";
import { type LocalOptions, LocalSession, type OpenSession } from "./local-session.ts";
import { DumbDevice, isDumb } from "./dumb-device.ts";
import { readCommandLine, type CommandLine } from "./options.ts";
import { PlainDevice } from "./plain-device.ts";
import { prepareNode, reportStray } from "./prepare-node.ts";
import { readSettings, saveSettings } from "./settings-file.ts";
import { readStartup, type Startup } from "./startup-file.ts";
import { VERSION } from "./version.ts";
import { visit, visitorOptions } from "./visitor.ts";

const commands: Readonly<Record<CommandLine["command"], (line: CommandLine) => Promise<void>>> = {
  names: printNames,
  call: callNode,
  observe: observeNode,
  stop,
  shell: runShell,
};

/** The exit status of a program that Ctrl+C ended. */
const INTERRUPTED = 130;

/** The command `moebi`. Settles when the shell has ended; the exit status is in `process.exitCode`. */
export async function main(args: readonly string[]): Promise<void> {
  // Before anything else: `ps` shows arguments, and one of them may be the cookie.
  process.title = "moebi";
  // Node opens its inspector on SIGUSR1, to anyone who may send it.
  process.on("SIGUSR1", () => undefined);
  if (isatty(1)) setBackground(backgroundIn(process.env));
  try {
    const line = readCommandLine(args, VERSION);
    if (line === undefined) return;
    await commands[line.command](line);
  } catch (error) {
    process.stderr.write(`moebi: ${escapeControls((error as Error).message, { newlines: true })}\n`);
    process.exitCode = 1;
  }
  leave();
}

async function printNames(): Promise<void> {
  const service = new NameService({});
  try {
    for (const { name, port } of await service.names()) process.stdout.write(`name ${name} at port ${String(port)}\n`);
  } finally {
    await service.close();
  }
}

async function runShell(line: CommandLine): Promise<void> {
  if (line.protocol) {
    const { serveProtocol } = await import("./protocol.ts");
    return serveProtocol(line);
  }
  const scripted = line.evaluate.length > 0 || line.files.length > 0 || !isatty(0) || !isatty(1);
  const texts = [...line.evaluate, ...line.files.map((name) => ({ name, text: readScript(name) }))];
  const startup = readStartup(line.dotMoebi, !scripted && line.remsh === undefined);
  // What a script prints does not depend on whose it is.
  const { settings, problem } = scripted ? { settings: {} } : readSettings();
  const atFirst = { ...DEFAULT_SETTINGS, ...settings };
  let node: LocalNode | undefined;
  let session: OpenSession | undefined;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const device: Device = scripted
    ? new PlainDevice({
        texts,
        input: process.stdin,
        output: process.stdout,
        errors: process.stderr,
        parse,
        onGone: stop,
      })
    : isDumb(process.env)
      ? new DumbDevice({ input: process.stdin, output: process.stdout, parse, onGone: stop })
      : await openTerminal(
          () => (node === undefined ? atFirst : settingsOf(node.runtime).current),
          (changes) => {
            if (node !== undefined) settingsOf(node.runtime).configure(changes);
          },
          {
            complete: async (before) => session?.complete(before) ?? { insert: "", candidates: [] },
            offer: async (before) => session?.offer(before) ?? { start: before.length, candidates: [] },
          },
        );
  const interrupted = (): void => {
    process.exitCode = INTERRUPTED;
    stop();
  };
  process.once("SIGTERM", stop).once("SIGHUP", stop);
  // A process that waits for a message keeps no program running, and a node without a name holds nothing else.
  const staying = setInterval(() => undefined, 2 ** 31 - 1);
  const report = (thrown: unknown): void => reportStray(node?.runtime, thrown);
  process.on("unhandledRejection", report).on("uncaughtException", report);
  try {
    const { remsh } = line;
    const options = remsh === undefined ? line.node : visitorOptions(line.node, remsh);
    node = await startNode({ ...options, device, log: logTo(device, () => node) });
    keepSettings(node, device, settings);
    controllerOf(node.runtime).onFatal = () => {
      process.exitCode = 1;
      stop();
    };
    line = await prepareNode(node, line);
    session = await openSession(node, device, line, { startup }, remsh);
    if (!scripted) session = await withMenu(node, device, line, startup, session);
    if (!scripted && remsh === undefined)
      tellOfNodes(
        node.runtime,
        (text) => void device.write(text),
        device.kind === "terminal" && process.env["NO_COLOR"] === undefined,
      );
    device.onInterrupt = scripted ? interrupted : () => session?.interrupt();
    if (!scripted) await greet(device, problem);
    const succeeded = await Promise.race([session.start(), stopped.then(() => true)]);
    if (session.interrupted && scripted) interrupted();
    // At a prompt a failure has been seen, and put right or not.
    else if (!succeeded && scripted) process.exitCode = 1;
    if (!line.halt) await stopped;
  } finally {
    clearInterval(staying);
    process.off("SIGTERM", stop).off("SIGHUP", stop);
    await node?.stop();
    await device.close();
    process.off("unhandledRejection", report).off("uncaughtException", report);
  }
}

/** What the user left running (a timer, a socket) must not keep the program once the shell has ended. */
function leave(): void {
  const wait = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((done) => void stream.write("", () => done())),
  );
  void Promise.all(wait).then(() => process.exit());
}

/** Settings hold for the node's shells, and the history is as long as they say. */
function keepSettings(node: LocalNode, { history, kind }: Device, settings: Partial<Settings>): void {
  const store = settingsOf(node.runtime);
  store.subscribe((changed) => {
    history?.keep?.(changed.historySize);
    if (kind === "terminal") setBackground(backgroundOf(changed, process.env));
  });
  store.configure(settings);
}

async function openTerminal(
  settings: () => Settings,
  change: (changes: Partial<Settings>) => void,
  asked: Pick<OpenSession, "complete" | "offer">,
): Promise<Device> {
  const [{ createTerminal }, { openHistory }] = await Promise.all([
    import("../terminal/terminal.ts"),
    import("../terminal/history.ts"),
  ]);
  // Told above the prompt: the terminal is there when something is added to the history.
  const history = openHistory({
    limit: settings().historySize,
    onWarning: (text) => process.stderr.write(`${text}\n`),
  });
  const save = async (): Promise<string> => saveSettings(settings());
  return createTerminal({ parse, ...asked, history, settings, configure: change, save });
}

/** A shell of this node, or of another. */
async function openSession(
  node: LocalNode,
  device: Device,
  line: CommandLine,
  local: LocalOptions,
  remote: string | undefined,
): Promise<OpenSession> {
  if (remote === undefined) return new LocalSession(node, device, line, local);
  const target = parseNodeName(remote);
  await visit(node, target);
  const { RemoteSession } = await import("./remote-session.ts");
  const options = {
    colors: device.kind === "terminal" && process.env["NO_COLOR"] === undefined,
    script: device.kind === "plain",
    bail: line.bail,
  };
  return new RemoteSession(node, target, options, local.leader);
}

/** The shell of a terminal, with the menu to start others beside it. */
async function withMenu(
  node: LocalNode,
  device: Device,
  line: CommandLine,
  startup: Startup | undefined,
  session: OpenSession,
): Promise<OpenSession> {
  const [{ Shells }, { RowBelow }] = await Promise.all([import("./shells.ts"), import("./row-below.ts")]);
  const row = new RowBelow(node.runtime, device, async () => shells.status());
  const first = { node: line.remsh === undefined ? undefined : parseNodeName(line.remsh), session };
  const shells: OpenSession & { status(): Promise<Facts | undefined> } = new Shells({
    node,
    device,
    onShown: (on) => row.tellOf(on),
    raw: line.node.rawOutput ?? false,
    first,
    open: (on, leader) => openSession(node, device, { ...line, require: [] }, { startup, leader }, on),
  });
  return shells;
}

/** Does one thing on another node, as a script wants it: the status is 1 if it fails, 2 if the node can't be reached. */
async function visitNode(line: CommandLine, target: string, work: (node: LocalNode) => Promise<void>): Promise<void> {
  const node = await startNode(visitorOptions(line.node, target));
  try {
    await visit(node, parseNodeName(target));
    await work(node);
  } catch (error) {
    if (!hasCode(error, "noconnection")) throw error;
    process.stderr.write(`moebi: ${(error as Error).message}\n`);
    process.exitCode = 2;
  } finally {
    await node.stop();
  }
}

async function callNode(line: CommandLine): Promise<void> {
  const [target = "", ...what] = line.operands;
  await visitNode(line, target, async (node) => {
    const { call } = await import("./call.ts");
    process.stdout.write(`${await call(node, parseNodeName(target), what, line.json)}\n`);
  });
}

async function observeNode(line: CommandLine): Promise<void> {
  const [target = ""] = line.operands;
  await visitNode(line, target, async (node) => {
    const { observe } = await import("./observe.ts");
    await observe(node, parseNodeName(target));
  });
}

async function stop(line: CommandLine): Promise<void> {
  const [target = ""] = line.operands;
  await visitNode(line, target, async (node) => {
    const { stopNode } = await import("./call.ts");
    await stopNode(node, parseNodeName(target));
  });
}

async function greet(device: Device, problem: string | undefined): Promise<void> {
  await device.write(
    `Moebi ${VERSION} on Node ${process.versions.node}. Ctrl+C twice or Ctrl+D to leave, h() for help\n`,
  );
  if (problem !== undefined) await device.write(`${escapeControls(problem, { newlines: true })}\n`);
}

function logTo(device: Device, node: () => LocalNode | undefined): LogSink {
  const colours = device.kind === "terminal" && process.env["NO_COLOR"] === undefined;
  return (entry) => {
    const at = node();
    const line = at === undefined ? entry.message : loggerOf(at.runtime).line(entry, colours);
    const text = `${line}\n`;
    void (device.writeError ?? device.write).call(device, text);
  };
}

function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ArgumentError(`Can't read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
