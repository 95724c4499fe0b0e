import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LocalNode } from "../node/local-node.ts";
import { Application } from "../otp/application.ts";
import { fullPath } from "../shell/helpers/full-path.ts";
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
 * a file whose default export is what `defineApplication` gave, or of the folder of an `application.ts`. Throws `badarg` for an unknown one and for a file that
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

/** What a folder is meant for. */
function entryOf(path: string): string {
  if (statSync(fullPath(path), { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const entry = (extension: string): string => join(fullPath(path), `application.${extension}`);
  return existsSync(entry("js")) && !existsSync(entry("ts")) ? entry("js") : entry("ts");
}

async function ownApp(node: LocalNode, named: string): Promise<string> {
  const path = entryOf(named);
  const exported = await importFile(path);
  const name: unknown = (exported["default"] as { readonly name?: unknown } | undefined)?.name;
  if (typeof name !== "string")
    throw new ArgumentError(`${path} has no application: export default defineApplication({ name, start })`);
  defineExports(node.runtime, path, exported);
  return name;
}
