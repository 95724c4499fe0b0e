import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Notice } from "./channel.ts";

/** The file that runs a peer: beside what runs here, as source or as built. */
export function programFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    for (const file of ["cli/peer.ts", "cli/peer.js"]) {
      const path = join(folder, file);
      if (existsSync(path)) return path;
    }
    if (dirname(folder) === folder) throw new Error("The program of peers is missing: install moebi anew");
  }
}

/** The pipe whose end tells the peer, however busy it is, that its owner is gone. */
const LIFELINE = 4;

/** How long what it printed last may take to arrive, in milliseconds. */
const LAST_WORDS = 500;

export interface PeerEvents {
  /** What it prints; failures and its log apart. */
  output(text: string, errors: boolean): void;
  notice(notice: Notice): void;
  /** Once: with its exit status or the signal that ended it, or why it could not be started. */
  gone(how: number | string): void;
}

/** The program of a peer, seen from its owner: ended by {@link ChildProcess.kill}, or when the owner's program ends. */
export function startProgram(
  exec: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  events: PeerEvents,
): ChildProcess {
  const child = spawn(exec, [programFile(), ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    serialization: "advanced",
    env: { ...process.env, ...env },
  });
  const lifeline = child.stdio[LIFELINE] as Socket;
  lifeline.on("error", () => undefined).resume();
  child.stdout?.setEncoding("utf8").on("data", (text: string) => events.output(text, false));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => events.output(text, true));
  child.on("message", (notice) => events.notice(notice as Notice));
  let ended = false;
  const gone = (how: number | string): void => {
    if (ended) return;
    ended = true;
    for (const stream of [child.stdout, child.stderr, lifeline]) stream?.destroy();
    if (child.connected) child.disconnect();
    events.gone(how);
  };
  const printed = Promise.all([closed(child.stdout), closed(child.stderr)]);
  child.on("error", (error) => gone(error.message));
  child.on("exit", (status, signal) => {
    const how = status ?? signal ?? "unknown";
    // A program that it has left behind may hold the pipes.
    const late = setTimeout(() => gone(how), LAST_WORDS);
    void printed.then(() => {
      clearTimeout(late);
      gone(how);
    });
  });
  return child;
}

/** Settles when all that a stream has to give has been read. */
function closed(stream: Readable | null): Promise<unknown> {
  return new Promise((resolve) => (stream === null ? resolve(undefined) : stream.once("close", resolve)));
}
