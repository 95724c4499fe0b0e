/** The programs that the bench runs beside itself. */
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import * as pty from "node-pty";
import type { GlobalRates } from "./global-names.ts";
import type { Figures } from "./rows.ts";

const PEER = "node_modules/.cache/bench/peer.js";
const BEAM = "scripts/bench/beam.erl";

/** A second node in a process of its own; gives the port of its raw WebSocket server. */
export async function startPeer(name: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(PEER, [name], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [message] = (await once(child, "message")) as [{ ready: number }];
  return { child, port: message.ready };
}

/** Nodes that all know each other, each in a process of its own, until it is disposed of. */
interface Mesh extends AsyncDisposable {
  readonly children: readonly ChildProcess[];
  /** Milliseconds it took, from when they were told to connect to one of them. */
  readonly taken: number;
}

async function startMesh(kind: string, size: number): Promise<Mesh> {
  const name = (i: number): string => `${kind}_${String(size)}_${String(i)}`;
  const peers = await Promise.all(Array.from({ length: size }, (_, i) => startPeer(name(i))));
  const children = peers.map(({ child }) => child);
  const begun = performance.now();
  for (const child of children.slice(1)) child.send({ connect: `${name(0)}@localhost` });
  for (const child of children) {
    for (;;) {
      child.send({ count: 1 });
      const [{ count }] = (await once(child, "message")) as [{ count: number }];
      if (count >= size - 1) break;
    }
  }
  return {
    children,
    taken: performance.now() - begun,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.disconnect();
      await Promise.all(children.map((child) => once(child, "exit")));
    },
  };
}

/** Milliseconds until `size` nodes, told to connect to one, all know each other. */
export async function meshTime(size: number): Promise<number> {
  await using mesh = await startMesh("mesh", size);
  return mesh.taken;
}

/** What `count` names cost in a cluster of `size` nodes. */
export async function globalRates(size: number, count: number): Promise<Figures> {
  await using mesh = await startMesh("names", size);
  const [first] = mesh.children as [ChildProcess];
  first.send({ names: count });
  const [{ register, whereis }] = (await once(first, "message")) as [GlobalRates];
  return { [`global_register_${String(size)}`]: register, [`global_whereis_${String(size)}`]: whereis };
}

/** Bytes of heap an idle process takes, in a program of its own that can collect garbage on demand. */
export async function processBytes(): Promise<number> {
  const script = `
    const { startNode, spawn, receive } = await import(${JSON.stringify(pathToFileURL("dist/index.js").href)});
    const node = await startNode();
    const count = 100_000;
    const bytes = await node.run(async () => {
      const settled = async () => { for (let i = 0; i < 5; i++) { await new Promise(setImmediate); globalThis.gc(); } return process.memoryUsage().heapUsed; };
      const before = await settled();
      for (let i = 0; i < count; i++) spawn(() => receive());
      return ((await settled()) - before) / count;
    });
    console.log(bytes);
    process.exit();`;
  return Number(
    execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], { encoding: "utf8" }),
  );
}

/** Milliseconds from the start of a shell to its prompt, and its memory there in MB. */
export async function startTime(command: string, args: readonly string[], prompt: RegExp): Promise<Figures> {
  const begun = performance.now();
  const shell = pty.spawn(command, [...args], {
    cols: 100,
    rows: 30,
    name: "xterm-256color",
    env: process.env,
  });
  let seen = "";
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  shell.onData((data) => {
    seen += data;
    // Colours, and the words of a prompt that are drawn one by one, stand between.
    if (prompt.test(stripVTControlCharacters(seen))) resolve(performance.now() - begun);
  });
  shell.onExit(() => {
    ended.resolve();
    reject(new Error(`${command} ended before its prompt: ${seen}`));
  });
  const ms = await promise;
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(shell.pid)}/status`, "utf8"));
  shell.kill("SIGKILL");
  await ended.promise;
  return { start: ms, start_rss: Number(memory?.[1] ?? Number.NaN) / 1024 };
}

/** Whether Erlang is there to be measured beside. */
export function hasErlang(): boolean {
  try {
    execFileSync("erlc", ["-o", tmpdir(), BEAM], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** One round of Erlang's figures. */
export async function beamRound(scale: number, keys: readonly string[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "moebi-bench-"));
  execFileSync("erlc", ["-o", folder, BEAM]);
  const args = [
    "-noshell",
    "-name",
    "beam_a@127.0.0.1",
    "-setcookie",
    "bench",
    "-eval",
    `beam:main(${JSON.stringify([String(scale), ...keys])}).`,
  ];
  const child = spawn("erl", args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await once(child, "close");
  return Object.fromEntries(
    [...out.matchAll(/^(\w+) ([\d.e+-]+)$/gm)].map((match) => [match[1], Number(match[2])]),
  ) as Figures;
}
