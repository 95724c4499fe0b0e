import type { LocalNode } from "../node/local-node.ts";
import { ArgumentError } from "../term/error.ts";

/** An application: modules that come with it, and what it starts. */
export interface App {
  /** Starts its processes. Called in a process of the node, which stays: what is linked to it lives as long as the node. */
  start(): Promise<unknown>;
}

const apps: Readonly<Record<string, () => Promise<App>>> = {
  chat: () => import("../examples/chat/application.ts"),
};

/** Loads an application and starts it. Throws `badarg` for an unknown one, and what its start throws. */
export async function startApp(node: LocalNode, name: string): Promise<void> {
  const load = Object.hasOwn(apps, name) ? apps[name] : undefined;
  if (load === undefined)
    throw new ArgumentError(`There is no application "${name}"; there is: ${Object.keys(apps).join(", ")}`);
  const app = await load();
  await new Promise<void>((resolve, reject) => {
    node.runtime.spawn(
      async () => {
        try {
          await app.start();
          resolve();
        } catch (error) {
          reject(error);
          return;
        }
        await new Promise(() => undefined);
      },
      { leader: node.runtime.names.get("user")?.pid, initialCall: `Application.${name}/0` },
    );
  });
}
