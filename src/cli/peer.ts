/** The program of a peer node. Started by its owner alone, over whose channel it is told all that is no option. */
import { Worker } from "node:worker_threads";
import "../library.ts";
import type { LocalNode } from "../node/local-node.ts";
import { type Ipc, type Notice, notify } from "../node/peer/channel.ts";
import { type PeerServer, servePeer } from "../node/peer/served.ts";
import { loggerOf } from "../otp/logger/state.ts";
import type { LogEntry } from "../process/log.ts";
import { loadFile } from "../shell/helpers/load-file.ts";
import { startNode } from "../start-node.ts";
import type { NodeName } from "../term/pid.ts";
import { startApp } from "./apps.ts";
import { readCommandLine } from "./options.ts";
import { VERSION } from "./version.ts";

/**
 * Ends the program when the owner's has ended, and this one is too busy to see it: in a thread of its own, which sees
 * the end of a pipe that nobody writes to.
 */
const LIFELINE = `
const { Socket } = require("node:net");
const end = () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 2000);
new Socket({ fd: 4, readable: true, writable: false }).on("error", () => undefined).on("close", end).resume();
`;

const ipc = process as unknown as Ipc;
let node: LocalNode | undefined;
let server: PeerServer | undefined;

async function boot({ cookie, owner, creation }: Extract<Notice, { boot: unknown }>["boot"]): Promise<void> {
  const line = readCommandLine(process.argv.slice(2), VERSION);
  if (line === undefined) throw new Error("A peer takes the options of a node");
  const log = (entry: LogEntry): void => logFor(owner, entry);
  const started = await startNode({ ...line.node, log, ...(cookie !== undefined && { cookie }) });
  node = started;
  for (const file of line.require) await loadFile(started.runtime, file);
  if (line.app !== undefined) await startApp(started, line.app);
  server = servePeer(started, ipc, { node: owner, creation });
  notify(ipc, { ready: { node: started.name, creation: started.runtime.creation } });
}

/** The owner's terminal is this node's too. What is logged for a group leader there appears there anyway. */
function logFor(owner: NodeName, entry: LogEntry): void {
  if (node === undefined) {
    process.stderr.write(`${entry.message}\n`);
    return;
  }
  const { runtime, connections } = node;
  const { pid } = entry;
  const leader = pid === undefined ? undefined : runtime.find(pid)?.leader;
  if (leader?.node === owner && connections?.linkTo(owner) !== undefined) return;
  process.stderr.write(`${loggerOf(runtime).line(entry, false, owner)}\n`);
}

function hear(notice: Notice): void {
  if ("boot" in notice) {
    boot(notice.boot).catch((error: unknown) => {
      notify(ipc, { failed: (error as Error).message });
      process.disconnect();
    });
  } else if ("term" in notice) server?.handle(notice.term);
  else if ("end" in notice) {
    const ended = notice.end === "stop" ? node?.stop() : undefined;
    void Promise.resolve(ended).finally(() => process.exit());
  }
}

process.title = "moebi";
// A terminal's Ctrl+C is for the owner; and Node opens its inspector on SIGUSR1, to anyone who may send it.
process.on("SIGINT", () => undefined).on("SIGUSR1", () => undefined);
// Whoever printed to has gone: so will we.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (notice) => hear(notice as Notice));
new Worker(LIFELINE, { eval: true }).unref();
