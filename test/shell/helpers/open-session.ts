/** A session with the helpers of the prompt on a node of its own, whose output is kept. */
import { onTestFinished } from "vitest";
import type { Device } from "../../../src/io/device.ts";
import { startGroup } from "../../../src/io/group.ts";
import { StringDevice } from "../../../src/io/string-device.ts";
import "../../../src/library.ts";
import { LocalNode } from "../../../src/node/local-node.ts";
import { makeHelpers } from "../../../src/shell/helpers/index.ts";
import { Session } from "../../../src/shell/session.ts";
import { settingsOf } from "../../../src/shell/settings.ts";

export interface Options {
  readonly device?: Device;
  readonly entries?: readonly string[];
  readonly colors?: boolean;
}

export function openSession({ device, entries = [], colors = false }: Options = {}) {
  const node = new LocalNode({ name: "alex@localhost", log: () => undefined });
  onTestFinished(() => node.stop());
  const kept = new StringDevice();
  const leader = startGroup(node.runtime, device ?? kept).pid;
  const context = {
    runtime: node.runtime,
    session: (): Session => session,
    settings: settingsOf(node.runtime),
    respawn: () => undefined,
    entries: () => entries,
    colors: () => colors,
  };
  const session: Session = new Session({ scope: node.scope, helpers: makeHelpers(context) });
  /** Evaluates one input in a process of its own and gives its value. */
  const run = async (source: string): Promise<unknown> => {
    const prepared = await session.prepare(source);
    return node.run(async () => (await prepared.run()).value, { leader });
  };
  /** What an input prints. */
  const printed = async (source: string): Promise<string> => {
    kept.output = "";
    await run(source);
    return kept.output;
  };
  return { node, leader, session, run, printed, context };
}
