import { Readable, Writable } from "node:stream";
import "../../src/library.ts";
import { PlainDevice } from "../../src/cli/plain-device.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { parse } from "../../src/shell/parse.ts";
import { Shell, type ShellOptions } from "../../src/shell/server.ts";
import { type NodeOptions, startNode } from "../../src/start-node.ts";

export interface Captured {
  /** What was printed, in order; failures apart. */
  readonly out: string;
  readonly err: string;
  /** Whether every statement succeeded. */
  readonly ok: boolean;
  readonly log: readonly LogEntry[];
}

export interface CaptureOptions {
  readonly node?: NodeOptions;
  readonly shell?: Partial<ShellOptions>;
  /** What `IO.gets` reads. */
  readonly input?: string;
  /** Files for `-r`. */
  readonly require?: readonly string[];
}

/** Runs a session on a node of its own, text in and text out, as a file given to the command is run. */
export async function captureShell(
  statements: string,
  { node: options, shell: shellOptions, input = "", require = [] }: CaptureOptions = {},
): Promise<Captured> {
  const output = new Text();
  const errors = new Text();
  const log: LogEntry[] = [];
  const device = new PlainDevice({ texts: [statements], input: Readable.from([input]), output, errors, parse });
  const node = await startNode({ device, log: (entry) => log.push(entry), ...options });
  const leader = node.runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  try {
    const shell = new Shell({ runtime: node.runtime, scope: node.scope, leader, ...shellOptions });
    for (const file of require) shell.load(file);
    const ok = await shell.start();
    return { out: output.text, err: errors.text, ok, log };
  } finally {
    await node.stop();
    await device.close();
  }
}

class Text extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
