import { connectionsOf } from "../../node/node-module.ts";
import { measured } from "../../node/observed/measured.ts";
import type { PeerReport } from "../../node/observed/types.ts";
import { vitalsOf } from "../../node/vitals.ts";
import { current } from "../../process/context.ts";
import type { Process } from "../../process/process.ts";
import type { NodeName } from "../../term/pid.ts";
import { escapeControls } from "../../term/escape.ts";
import { coloured } from "../node-colour.ts";
import type { Helper } from "./context.ts";
import { print, printSafe, width } from "./print.ts";

const PATIENCE_MS = 1000;

/** The nodes that this one is connected to. */
export const nodes: Helper = {
  name: "nodes",
  usage: ["nodes()"],
  doc:
    "Prints the connected nodes, hidden ones included, with round trips, traffic, processes and how long they are up, " +
    "and gives what Node.list() gives. A node that does not answer within a second is shown as such.",
  make:
    ({ runtime, colors }) =>
    async () => {
      const process = current();
      const connections = connectionsOf(runtime);
      const peers = await Promise.all((connections?.list("connected") ?? []).map((node) => peerOf(process, node)));
      const { nodeLines } = await import("../observer-text.ts");
      const lines = nodeLines({ node: runtime.name, vitals: vitalsOf(runtime), peers: peers.flat() }, await width());
      const names = peers.flat().map(({ node }) => node);
      await (colors?.() === true
        ? printSafe(...lines.map((line, index) => inColour(line, names[index - 2])))
        : print(...lines));
      return connections?.list() ?? [];
    },
};

/** A row that begins with a node's name, which gets the colour that its lines have. */
function inColour(line: string, node: NodeName | undefined): string {
  const safe = escapeControls(line);
  return node === undefined ? safe : safe.replace(/^\S+/, (name) => coloured(node, name));
}

async function peerOf(process: Process, node: NodeName): Promise<PeerReport[]> {
  const connections = connectionsOf(process.runtime);
  const measure = await measured(process, node, PATIENCE_MS);
  const link = connections?.linkTo(node);
  if (link === undefined) return [];
  const busy = connections?.state(node) === "busy";
  const { roundTrip, vitals } = measure ?? {};
  return [
    {
      node,
      hidden: connections?.hides(link.peer) ?? false,
      busy,
      ...link.stats,
      queued: link.queuedBytes,
      roundTrip,
      vitals,
    },
  ];
}
