import type { NodeName } from "../../term/pid.ts";

/** What a topology does to the cluster: its own functions, or `Node`'s. */
export interface ConnectFunctions {
  /** As `Node.connect`. */
  readonly connect: (node: NodeName) => unknown;
  /** As `Node.disconnect`. */
  readonly disconnect: (node: NodeName) => unknown;
  /** As `Node.list`. */
  readonly listNodes: () => unknown;
}

/** Connects a topology's nodes, remembers what came of it, and warns once per change and not per attempt. */
export class Connector {
  private readonly self: NodeName;
  private readonly functions: ConnectFunctions;
  private readonly log: (text: string) => void;
  private readonly warned = new Map<string, string>();
  /** Those that the last answer named: what is not in the next is to be disconnected. */
  private wanted: ReadonlySet<NodeName> = new Set();

  constructor(self: NodeName, functions: ConnectFunctions, log: (text: string) => void) {
    this.self = self;
    this.functions = functions;
    this.log = log;
  }

  async connect(nodes: Iterable<NodeName>): Promise<void> {
    const connected = new Set((await this.functions.listNodes()) as NodeName[]);
    const missing = [...new Set(nodes)].filter((node) => node !== this.self);
    await Promise.all(
      missing.map(async (node) => {
        if (connected.has(node)) this.settle(node);
        else await this.dial(node);
      }),
    );
  }

  async replace(nodes: Iterable<NodeName>): Promise<void> {
    const before = this.wanted;
    this.wanted = new Set([...nodes].filter((node) => node !== this.self));
    const connected = new Set((await this.functions.listNodes()) as NodeName[]);
    for (const node of before) {
      if (this.wanted.has(node)) continue;
      this.settle(node);
      if (connected.has(node) && (await this.functions.disconnect(node)) !== true)
        this.warn(node, `unable to disconnect from ${node}`);
    }
    await this.connect(this.wanted);
  }

  warn(subject: string, text: string): void {
    if (this.warned.get(subject) === text) return;
    this.warned.set(subject, text);
    this.log(text);
  }

  settle(subject: string): void {
    this.warned.delete(subject);
  }

  private async dial(node: NodeName): Promise<void> {
    let result: unknown;
    try {
      result = await this.functions.connect(node);
    } catch (error) {
      this.warn(node, `unable to connect to ${node}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (result === true) this.settle(node);
    else if (result === "ignored") this.warn(node, `unable to connect to ${node}: this node has no name`);
    else this.warn(node, `unable to connect to ${node}`);
  }
}
