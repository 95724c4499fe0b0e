import { setDefaultViewer, type Viewer } from "../term/inspect.ts";
import type { NodeName } from "../term/pid.ts";
import { processOrUndefined } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** One life of a node. */
export interface NodeLife {
  readonly node: NodeName;
  readonly creation: number;
}

/** A viewer that also knows its way back: which node a number stands for. */
export interface NodeViewer extends Viewer {
  /** The node (in one of its lives) that `index` was given to, the viewer's own for 0; `undefined` if none was. */
  nodeOf(index: number): NodeLife | undefined;
}

const viewers = new WeakMap<Runtime, NodeViewer>();

/**
 * How a node sees others: its own identifiers begin with 0, those of another node with the number that node got when
 * one of them was first printed here. A node that was started again is another one.
 */
export function viewerOf(runtime: Runtime): NodeViewer {
  let viewer = viewers.get(runtime);
  if (viewer === undefined) viewers.set(runtime, (viewer = createViewer(runtime.name, runtime.creation)));
  return viewer;
}

function createViewer(node: NodeName, creation: number): NodeViewer {
  const lives: NodeLife[] = [{ node, creation }];
  const indices = new Map([[keyOf(node, creation), 0]]);
  return {
    node,
    creation,
    indexOf(other, life) {
      const key = keyOf(other, life);
      let index = indices.get(key);
      if (index === undefined) {
        index = lives.push({ node: other, creation: life }) - 1;
        indices.set(key, index);
      }
      return index;
    },
    nodeOf: (index) => lives[index],
  };
}

function keyOf(node: NodeName, creation: number): string {
  return `${String(creation)} ${node}`;
}

setDefaultViewer(() => {
  const process = processOrUndefined();
  return process && viewerOf(process.runtime);
});
