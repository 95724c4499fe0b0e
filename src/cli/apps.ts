import type { LocalNode } from "../node/local-node.ts";
import { Application } from "../otp/application.ts";

/** Applications that come with moebi, loaded when they are first named: each defines itself. */
const apps: Readonly<Record<string, () => Promise<unknown>>> = {
  chat: () => import("../examples/chat/application.ts"),
};

/** Starts an application on a node, and all that it needs. Throws `badarg` for an unknown one, and what its start throws. */
export async function startApp(node: LocalNode, name: string): Promise<void> {
  // All, if it is none of them, so that an unknown one is told those there are.
  for (const load of Object.hasOwn(apps, name) ? [apps[name]] : Object.values(apps)) await load?.();
  await node.run(() => Application.ensureAllStarted(name), { initialCall: "Application.ensureAllStarted/1" });
}
