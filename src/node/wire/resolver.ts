import type { NodeName } from "../../term/pid.ts";
import type { NameService } from "../name-service/name-service.ts";
import { shortNameOf } from "../node-name.ts";
import type { Address } from "./transport.ts";

/** Finds where to dial a node. Only a hint: the handshake decides who answers there. */
export interface Resolver {
  /** Makes a node findable until {@link close}. Rejects with `name_taken` or `epmd`. */
  register(node: NodeName, address: Address): Promise<void>;
  /** `undefined` if nobody knows the node. Rejects with `epmd`. */
  lookup(node: NodeName): Promise<Address | undefined>;
  close(): Promise<void>;
}

/** Finds nodes through the name services of their hosts. */
export function nameServiceResolver(service: NameService): Resolver {
  return {
    register: (node, { port }) => service.register({ name: shortNameOf(node), port }),
    lookup: (node) => service.lookup(node),
    close: () => service.close(),
  };
}
