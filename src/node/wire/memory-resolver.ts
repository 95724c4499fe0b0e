import { MoebiError } from "../../term/error.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Resolver } from "./resolver.ts";
import type { Address } from "./transport.ts";

/** The names of a cluster in one program. Each node takes a resolver of its own, so that closing one releases its name. */
export class MemoryNames {
  readonly #addresses = new Map<NodeName, Address>();

  resolver(): Resolver {
    const own = new Set<NodeName>();
    return {
      register: (node, address) => {
        if (this.#addresses.has(node))
          return Promise.reject(new MoebiError("name_taken", `The name "${node}" is taken`));
        this.#addresses.set(node, address);
        own.add(node);
        return Promise.resolve();
      },
      lookup: (node) => Promise.resolve(this.#addresses.get(node)),
      close: () => {
        for (const node of own) this.#addresses.delete(node);
        own.clear();
        return Promise.resolve();
      },
    };
  }

  /** The name goes without its node's doing, as when its host crashes. */
  forget(node: NodeName): void {
    this.#addresses.delete(node);
  }
}
