import { printPid, printRef, type Viewer } from "../../term/inspect-identifier.ts";
import { escapeControls } from "../../term/escape.ts";
import type { NodeName, Pid } from "../../term/pid.ts";
import type { Ref } from "../../term/ref.ts";

/**
 * Text about values that stay on their node, to be read on another: what `#PID<1.73.0>` is depends on who looks. Such text has
 * numbers for nodes that no viewer gives, and whoever shows it puts in its own.
 */

/** Which node, and in which of its lives, a number of such a text stands for. */
export type Lives = readonly (readonly [node: NodeName, creation: number])[];

/** Beyond all numbers that a viewer gives to nodes, and followed by four digits. */
const FIRST = 900_000_000_000_000;
const MOST = 9999;
const NUMBERED = /#(PID|Ref)<90000000000(\d{4})\./g;

/** The viewer with which such text is made. It keeps what its numbers stand for, anew after each {@link PortableViewer.take}. */
export class PortableViewer implements Viewer {
  /** None is this viewer's own: each node has its number. */
  readonly node = "" as NodeName;
  readonly creation = 0;
  private lives: [NodeName, number][] = [];

  indexOf(node: NodeName, creation: number): number {
    let index = this.lives.findIndex(([name, life]) => name === node && life === creation);
    if (index < 0) index = this.lives.push([node, creation]) - 1;
    return FIRST + Math.min(index, MOST);
  }

  /** What the numbers given so far stand for. */
  take(): Lives {
    const { lives } = this;
    this.lives = [];
    return lives;
  }

  pid(pid: Pid): string {
    return printPid(pid, this);
  }

  ref(ref: Ref): string {
    return printRef(ref, this);
  }
}

/** The text as `viewer` sees it, safe to print: all that could steer a terminal is escaped, but for colours. */
export function readPortable(text: string, lives: Lives, viewer: Viewer): string {
  const numbered = text.replace(NUMBERED, (whole, kind: string, digits: string) => {
    const [node, creation] = lives[Number(digits)] ?? [];
    if (node === undefined || creation === undefined) return whole;
    const own = node === viewer.node && creation === viewer.creation;
    return `#${kind}<${String(own ? 0 : viewer.indexOf(node, creation))}.`;
  });
  let coloured = false;
  const safe = escapeControls(numbered, {
    newlines: true,
    onColour: () => {
      coloured = true;
    },
  });
  return coloured ? `${safe}\u001b[0m` : safe;
}
