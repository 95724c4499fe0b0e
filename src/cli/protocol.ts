import "../library.ts";
import type { LocalNode } from "../node/local-node.ts";
import { connectionsOf } from "../node/node-module.ts";
import { parseNodeName } from "../node/node-name.ts";
import { IO } from "../io/io.ts";
import { controllerOf } from "../otp/application-controller.ts";
import { loggerOf } from "../otp/logger/state.ts";
import { processOrUndefined } from "../process/context.ts";
import { Input, SessionDevice } from "../shell/protocol/devices.ts";
import { Outbox } from "../shell/protocol/outbox.ts";
import { Protocol } from "../shell/protocol/protocol.ts";
import type { DrivenShell } from "../shell/protocol/session.ts";
import { startNode } from "../start-node.ts";
import type { Pid } from "../term/pid.ts";
import { capture } from "../terminal/capture.ts";
import { LocalSession } from "./local-session.ts";
import { messageLines } from "./message-lines.ts";
import type { CommandLine } from "./options.ts";
import { prepareNode, reportStray } from "./prepare-node.ts";
import { RemoteSession } from "./remote-session.ts";
import { readStartup, type Startup } from "./startup-file.ts";
import { VERSION } from "./version.ts";
import { visit, visitorOptions } from "./visitor.ts";

/** A message may have so many characters. */
const MOST_MESSAGE = 64 * 1024 * 1024;

/**
 * `moebi --protocol`: a shell that a program drives by messages on standard input and output. Settles when input has ended and
 * what it asked for is done, when nobody reads the answers any more, or at a signal to end.
 */
export async function serveProtocol(given: CommandLine): Promise<void> {
  const { remsh } = given;
  const startup = readStartup(given.dotMoebi, false);
  const outbox = new Outbox(standardOutput());
  const device = new SessionDevice({}, outbox, new Input(), () => Promise.resolve(null));
  const release = capture(process.stdout, (text) =>
    processOrUndefined() === undefined ? device.write(text) : void IO.write(text),
  );
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  let node: LocalNode | undefined;
  let protocol: Protocol | undefined;
  const interrupt = (): void => protocol?.interrupt();
  const gone = (): void => {
    outbox.close();
    stop();
  };
  const report = (thrown: unknown): void => reportStray(node?.runtime, thrown);
  process.on("SIGINT", interrupt).once("SIGTERM", stop).once("SIGHUP", stop);
  process.on("unhandledRejection", report).on("uncaughtException", report);
  process.stdout.on("error", gone);
  // A process that waits for a message keeps no program running, and a node without a name holds nothing else.
  const staying = setInterval(() => undefined, 2 ** 31 - 1);
  try {
    const options = remsh === undefined ? given.node : visitorOptions(given.node, remsh);
    const log = ({ level, ...entry }: Parameters<NonNullable<typeof options.log>>[0]): void => {
      const text = node === undefined ? entry.message : loggerOf(node.runtime).line({ level, ...entry }, false);
      outbox.send({ event: "log", level, text });
    };
    node = await startNode({ ...options, device, log });
    controllerOf(node.runtime).onFatal = () => {
      process.exitCode = 1;
      stop();
    };
    const line = await prepareNode(node, given);
    if (remsh !== undefined) await visit(node, parseNodeName(remsh));
    protocol = new Protocol({
      runtime: node.runtime,
      outbox,
      raw: line.node.rawOutput,
      node: remsh === undefined ? node.name : parseNodeName(remsh),
      versions: { moebi: VERSION, node: process.versions.node },
      open: shellsOf(node, device, line, startup),
    });
    if (remsh === undefined) tellOfNodes(node, protocol);
    const driven = protocol.start();
    void hear(protocol);
    await Promise.race([driven, stopped]);
    if (!given.halt) await stopped;
  } finally {
    clearInterval(staying);
    protocol?.stop();
    await node?.stop();
    await outbox.flushed();
    release();
    process.off("SIGINT", interrupt).off("SIGTERM", stop).off("SIGHUP", stop);
    process.off("unhandledRejection", report).off("uncaughtException", report);
    process.stdin.destroy();
  }
}

/** Opens shells of the node, or of the one that is visited. The files of `-r` are loaded for the first. */
function shellsOf(
  node: LocalNode,
  device: SessionDevice,
  line: CommandLine,
  startup: Startup | undefined,
): (leader: Pid) => DrivenShell {
  let first = true;
  return (leader) => {
    if (line.remsh !== undefined) return new RemoteSession(node, parseNodeName(line.remsh), { driven: true }, leader);
    const loaded = first ? line : { ...line, require: [] };
    first = false;
    return new LocalSession(node, device, loaded, { startup, leader, driven: true });
  };
}

/** Takes lines as they come, until there are no more. */
async function hear(protocol: Protocol): Promise<void> {
  try {
    for await (const line of messageLines(process.stdin, MOST_MESSAGE)) {
      if ("text" in line) protocol.hear(line.text);
      else
        protocol.refuse(undefined, {
          code: "too_large",
          message: `A message has at most ${String(MOST_MESSAGE)} characters`,
        });
      await protocol.room();
    }
  } catch {
    // An input that can't be read has ended.
  }
  protocol.end();
}

/** The stream itself, whatever takes its place for those who print. */
function standardOutput(): { write(text: string): boolean; once(event: "drain", listener: () => void): unknown } {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  return { write: (text) => write(text), once: (event, listener) => stdout.once(event, listener) };
}

function tellOfNodes(node: LocalNode, protocol: Protocol): void {
  connectionsOf(node.runtime)?.events.listen((event, { name, hidden }, reason) => {
    if (!hidden) protocol.tell(event, { node: name, ...(reason !== undefined && { reason }) });
  });
}
