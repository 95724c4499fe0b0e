import type { NodeName } from "../../term/pid.ts";

/** A pair of nodes that lost each other, and which of them said so. */
interface Loss {
  readonly nodes: readonly [NodeName, NodeName];
  readonly reporters: Set<NodeName>;
}

/**
 * Decides whom to leave so that no two partitions overlap. Whoever is connected to both of two nodes that lost each
 * other leaves one of them: the one that is silent, as it is the one that is out of reach; of two that both speak, the
 * later in the order of names, so that all decide alike. It takes a while to hear from both, and to see for oneself
 * that a node has ended.
 */
export class OverlapGuard {
  private readonly losses = new Map<string, Loss>();

  /** `reporter` has lost `node`. Gives the key to {@link decide} with later, if it is news. */
  lost(reporter: NodeName, node: NodeName): string | undefined {
    const key = keyOf(reporter, node);
    const known = this.losses.get(key);
    if (known !== undefined) {
      known.reporters.add(reporter);
      return undefined;
    }
    this.losses.set(key, { nodes: [reporter, node], reporters: new Set([reporter]) });
    return key;
  }

  /** The two have found each other again. */
  restored(reporter: NodeName, node: NodeName): void {
    this.losses.delete(keyOf(reporter, node));
  }

  /** One that is gone from here can't be between two others. */
  gone(node: NodeName): void {
    for (const [key, { nodes }] of this.losses) if (nodes.includes(node)) this.losses.delete(key);
  }

  /** Whom to leave, if anybody still. */
  decide(key: string): NodeName | undefined {
    const loss = this.losses.get(key);
    if (loss === undefined) return undefined;
    this.losses.delete(key);
    const [a, b] = loss.nodes;
    if (loss.reporters.size === 2) return a > b ? a : b;
    return loss.reporters.has(a) ? b : a;
  }
}

function keyOf(a: NodeName, b: NodeName): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
