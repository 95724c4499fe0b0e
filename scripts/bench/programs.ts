/** The programs that the bench runs beside itself. */
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
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
  /** Milliseconds it took, from when they were told to connect to one of them until the last said that it knows all. */
  readonly taken: number;
}

async function startMesh(kind: string, size: number): Promise<Mesh> {
  const name = (i: number): string => `${kind}_${String(size)}_${String(i)}`;
  const peers = await Promise.all(Array.from({ length: size }, (_, i) => startPeer(name(i))));
  const children = peers.map(({ child }) => child);
  const begun = performance.now();
  await Promise.all(
    children.map(async (child, i) => {
      child.send({ mesh: size - 1, connect: i === 0 ? undefined : `${name(0)}@localhost` });
      await once(child, "message");
    }),
  );
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

/** Whether Erlang is there to be measured beside. */
export function hasErlang(): boolean {
  try {
    execFileSync("erlc", ["-o", tmpdir(), BEAM], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Where Elixir's own modules are, if it is installed. */
function elixir(): readonly string[] {
  try {
    const code = "IO.puts(:code.lib_dir(:elixir, :ebin))";
    return [execFileSync("elixir", ["-e", code], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()];
  } catch {
    return [];
  }
}

/** One round of Erlang's figures, and of Elixir's where those are of its own behaviours. */
export async function beamRound(scale: number, keys: readonly string[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "moebi-bench-"));
  execFileSync("erlc", ["-o", folder, BEAM]);
  const ebin = keys.some((key) => key.startsWith("task_")) ? elixir() : [];
  const measured = keys.filter((key) => ebin.length > 0 || !key.startsWith("task_"));
  const args = [
    "-noshell",
    ...ebin.flatMap((path) => ["-pa", path]),
    "-name",
    "beam_a@127.0.0.1",
    "-setcookie",
    "bench",
    "-eval",
    `beam:main(${JSON.stringify([String(scale), ...measured])}).`,
  ];
  const child = spawn("erl", args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await once(child, "close");
  return Object.fromEntries(
    [...out.matchAll(/^(\w+) ([\d.e+-]+)$/gm)].map((match) => [match[1], Number(match[2])]),
  ) as Figures;
}
