import { escapeControls } from "./escape.ts";
import { NONODE, type NodeName, type Pid } from "./pid.ts";
import type { Ref } from "./ref.ts";

/** The node on whose behalf identifiers are printed: the first number of `#PID<0.73.0>` is the node as seen from it. */
export interface Viewer {
  readonly node: NodeName;
  readonly creation: number;
  /** A small number for another node, the same one each time; above 0, which is the viewer itself. */
  indexOf(node: NodeName, creation: number): number;
}

let defaultViewer: () => Viewer | undefined = () => undefined;

/** Says who looks when a caller of `inspect` does not: the node of the current process. */
export function setDefaultViewer(find: () => Viewer | undefined): void {
  defaultViewer = find;
}

/** `#PID<0.73.0>`: node, id, serial. */
export function printPid(pid: Pid, viewer: Viewer | undefined): string {
  return `#PID<${nodePart(pid, viewer)}.${pid.id}.${pid.serial}>`;
}

/** `#Ref<0.0.0.400>`: node, then the words, most significant first. */
export function printRef(ref: Ref, viewer: Viewer | undefined): string {
  return `#Ref<${nodePart(ref, viewer)}.${[...ref.words].reverse().join(".")}>`;
}

function nodePart({ node, creation }: Pid | Ref, given: Viewer | undefined): string {
  const viewer = given ?? defaultViewer();
  if (viewer !== undefined) {
    return String(node === viewer.node && creation === viewer.creation ? 0 : viewer.indexOf(node, creation));
  }
  // Nobody is there to number the nodes, so the name stands for itself.
  return node === NONODE ? "0" : escapeControls(node);
}
