import { apply, erpc, valueOf } from "../node/erpc.ts";
import type { LocalNode } from "../node/local-node.ts";
import { Node } from "../node/node-module.ts";
import { current } from "../process/context.ts";
import { formatThrown } from "../process/format-exit.ts";
import { receive } from "../process/receive.ts";
import { hasCode } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { NodeName } from "../term/pid.ts";
import { jsonText } from "../shell/json-text.ts";

/** How long a node may take to stop. */
const PATIENCE_MS = 30_000;

/** An argument of the command line: what is JSON is that value, anything else the text as it is. */
export function argumentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** How a result is printed for scripts: texts as they are, the rest as at a prompt, or all as JSON. */
export function resultText(value: unknown, json: boolean): string {
  if (json) return jsonText(value);
  return typeof value === "string" ? value : inspect(value);
}

/**
 * Calls a function on a node. Gives the text to print, or throws an error whose message is what went wrong there. What runs
 * there ends with this program, however that ends: whoever interrupts it has no other hold on it.
 */
export async function call(
  node: LocalNode,
  target: NodeName,
  [module, fun, ...args]: readonly string[],
  json: boolean,
): Promise<string> {
  return node.run(async () => {
    const process = current();
    // The link tells of the end that the call tells of.
    process.trapExit = true;
    const application = { what: String(module), fun: String(fun), args: args.map(argumentOf) };
    let value: unknown;
    try {
      value = valueOf(await apply(process, target, application, Infinity, { link: true }), target);
    } catch (error) {
      throw new Error(failureText(error), { cause: error });
    }
    return resultText(value, json);
  });
}

/** What went wrong there. The error that stands for it here has the same message, and a stack that is nobody's but ours. */
export function failureText(error: unknown): string {
  const there = hasCode(error, "exception") ? (error as Error).cause : undefined;
  return formatThrown(there instanceof Error ? there : error);
}

/** Stops the program that a node runs in, and waits until the node is gone. Rejects if it is not within 30 s. */
export async function stopNode(node: LocalNode, target: NodeName): Promise<void> {
  await node.run(async () => {
    Node.monitor(target, true);
    await erpc.call(target, "System", "stop", []);
    const gone = await receive((m) => Array.isArray(m) && m[0] === "nodedown", PATIENCE_MS).catch(() => undefined);
    if (gone === undefined) throw new Error(`"${target}" was told to stop, and is still there after 30 s`);
  });
}
