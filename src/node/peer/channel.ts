import { decodeTerm, encodeTerm, type FunctionCodec, type ModuleCodec, type TermContext } from "../../term/codec.ts";
import type { Label } from "../../term/codec-refusal.ts";
import { Reader } from "../../term/reader.ts";
import { Writer } from "../../term/writer.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Runtime } from "../../process/runtime.ts";

/** What a node needs to start peers and to talk with them; provided with the node. */
export interface PeerMeans {
  readonly functions: FunctionCodec;
  readonly modules: ModuleCodec;
  /** The cookie that the node was given by its starter, for peers that can't find it otherwise. */
  cookie(): string | undefined;
  /** Files loaded on the node, which its peers are to load as well. */
  readonly files: Set<string>;
}

const means = new WeakMap<Runtime, PeerMeans>();

export function providePeers(runtime: Runtime, provided: PeerMeans): void {
  means.set(runtime, provided);
}

export function peerMeans(runtime: Runtime): PeerMeans | undefined {
  return means.get(runtime);
}

/** A file has been loaded on this node: peers it starts from now on load it too. */
export function rememberFile(runtime: Runtime, file: string): void {
  means.get(runtime)?.files.add(file);
}

/** What the two programs say to each other before there are terms, and beside them. */
export type Notice =
  | { readonly boot: { readonly cookie: string | undefined; readonly owner: NodeName; readonly creation: number } }
  | { readonly ready: { readonly node: NodeName; readonly creation: number } }
  | { readonly failed: string }
  /** End at once, or in good order. */
  | { readonly end: "halt" | "stop" }
  | { readonly term: Uint8Array };

/** One end of the way between the two: how Node's own channel between programs looks from either. */
export interface Ipc {
  readonly connected: boolean;
  send?(message: Notice, callback: (error: Error | null) => void): boolean;
}

/** Sends a notice; lost if the other is gone. */
export function notify(ipc: Ipc, notice: Notice): void {
  if (ipc.connected) ipc.send?.(notice, () => undefined);
}

/** Terms as bytes, both ways. */
export class Terms {
  private readonly context: TermContext;

  constructor(runtime: Runtime, provided: PeerMeans, peer: { readonly node: NodeName; readonly creation: number }) {
    this.context = {
      localNode: runtime.name,
      localCreation: runtime.creation,
      peerNode: peer.node,
      peerCreation: peer.creation,
      functions: provided.functions,
      modules: provided.modules,
    };
  }

  /** Throws `not_sendable`, with the path to the value, and `too_large`. */
  encode(term: unknown, label: Label = "args"): Notice {
    const writer = new Writer();
    encodeTerm(term, writer, this.context, label);
    return { term: Uint8Array.from(writer.view()) };
  }

  decode(bytes: Uint8Array): unknown {
    return decodeTerm(new Reader(bytes), this.context);
  }
}
