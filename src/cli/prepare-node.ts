import type { LocalNode } from "../node/local-node.ts";
import { formatThrown } from "../process/format-exit.ts";
import type { Runtime } from "../process/runtime.ts";
import { loadFile } from "../shell/helpers/load-file.ts";
import { hasCode } from "../term/error.ts";
import { startApp } from "./apps.ts";
import { readConfig } from "./config-file.ts";
import { configure } from "./configure.ts";
import type { CommandLine } from "./options.ts";

/**
 * Gives a node that has just started its settings and its application. Gives the command line without what has been done of
 * it: an application may be defined by one of the files of `-r`, which are then loaded here.
 */
export async function prepareNode(node: LocalNode, line: CommandLine): Promise<CommandLine> {
  await configure(node, line.config === undefined ? {} : await readConfig(line.config));
  if (line.app === undefined) return line;
  for (const file of line.require) await node.run(() => loadFile(node.runtime, file));
  await startApp(node, line.app);
  return { ...line, require: [] };
}

/** What was evaluated and failed later, where nobody waits for it, is a line in the log and never the end of the node. */
export function reportStray(runtime: Runtime | undefined, thrown: unknown): void {
  if (hasCode(thrown, "dead") || hasCode(thrown, "interrupted")) return;
  const text = `A failure that nothing handled\n${formatThrown(thrown)}`;
  if (runtime === undefined) process.stderr.write(`${text}\n`);
  else runtime.log("error", text);
}
