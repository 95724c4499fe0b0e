import type { LocalNode } from "../node/local-node.ts";
import { Application } from "../otp/application.ts";
import { defineExports, importFile } from "../shell/helpers/load-file.ts";
import { ArgumentError } from "../term/error.ts";

/** Applications that come with moebi, loaded when they are first named: each defines itself. */
const apps: Readonly<Record<string, () => Promise<unknown>>> = {
  chat: () => import("../examples/chat/application.ts"),
  kv: () => import("../examples/kv/application.ts"),
  "simple-cluster": () => import("../examples/simple-cluster/application.ts"),
};

/**
 * Starts an application on a node, and all that it needs: one that comes with moebi, by name, or one's own, by the path of
 * a file whose default export is what `defineApplication` gave. Throws `badarg` for an unknown one and for a file that
 * defines none, what the file throws, and what its start throws.
 */
export async function startApp(node: LocalNode, name: string): Promise<void> {
  const app = isPath(name) ? await ownApp(node, name) : name;
  // All, if it is none of them, so that an unknown one is told those there are.
  if (app === name) for (const load of Object.hasOwn(apps, app) ? [apps[app]] : Object.values(apps)) await load?.();
  await node.run(() => Application.ensureAllStarted(app), { initialCall: "Application.ensureAllStarted/1" });
}

function isPath(name: string): boolean {
  return name.includes("/") || /\.[cm]?[jt]s$/.test(name);
}

async function ownApp(node: LocalNode, path: string): Promise<string> {
  const exported = await importFile(path);
  const name: unknown = (exported["default"] as { readonly name?: unknown } | undefined)?.name;
  if (typeof name !== "string")
    throw new ArgumentError(`${path} has no application: export default defineApplication({ name, start })`);
  defineExports(node.runtime, path, exported);
  return name;
}
