import { current, runAs } from "../../process/context.ts";
import { type Destination, sendFrom } from "../../process/destination.ts";
import { reasonOfThrown } from "../../process/exit.ts";
import { applicationOf, apply } from "../erpc.ts";
import type { LocalNode } from "../local-node.ts";
import { type Ipc, notify, peerMeans, Terms } from "./channel.ts";

/** What the owner of a peer asks of it. */
export interface PeerServer {
  /** A call, a cast or a message came. */
  handle(bytes: Uint8Array): void;
}

/** Serves the owner of a peer: in the peer's own program. */
export function servePeer(node: LocalNode, ipc: Ipc, owner: ConstructorParameters<typeof Terms>[2]): PeerServer {
  const { runtime } = node;
  const means = peerMeans(runtime);
  if (means === undefined) throw new Error("This node can't be a peer");
  const terms = new Terms(runtime, means, owner);

  const evaluate = (rest: readonly unknown[]): Promise<unknown> =>
    node.run(() => apply(current(), runtime.name, applicationOf(runtime.name, rest).application, Infinity), {
      initialCall: "peer.call/4",
    });
  const answer = (id: number, value: unknown): void => {
    try {
      notify(ipc, terms.encode(["reply", id, value]));
    } catch (error) {
      notify(ipc, terms.encode(["reply", id, ["error", new Error((error as Error).message)]]));
    }
  };

  return {
    handle(bytes) {
      const [tag, ...rest] = terms.decode(bytes) as readonly unknown[];
      if (tag === "call") {
        const [id, ...what] = rest as [number, ...unknown[]];
        evaluate(what).then(
          (value) => answer(id, value),
          (thrown: unknown) => answer(id, ["error", reasonOfThrown(thrown)]),
        );
      } else if (tag === "cast") evaluate(rest).catch(() => undefined);
      else if (tag === "send") {
        const user = runtime.names.get("user");
        // By the pair, since a bare name that nobody holds throws.
        const to = typeof rest[0] === "string" ? [rest[0], runtime.name] : rest[0];
        if (user !== undefined) runAs(user, () => sendFrom(user, to as Destination, rest[1]));
      }
    },
  };
}
