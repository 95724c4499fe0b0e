/** Moebi's side: two nodes in two processes, on loopback. */
import type { LocalNode } from "../../src/node/local-node.ts";
import {
  erpc,
  GenServer,
  Node,
  type NodeName,
  type Pid,
  Process,
  receive,
  Registry,
  self,
  send,
  spawn,
  spawnLink,
  Task,
} from "../../src/index.ts";
import type { Figures } from "./rows.ts";
import { Bench, BenchServer } from "./peer.ts";

const B: NodeName = "bench_b@localhost";

/** One round of everything that needs the two nodes. Sizes are small enough for a slow machine, and repeated by rounds. */
export async function moebiRound(node: LocalNode, scale: number, wanted: (key: string) => boolean): Promise<Figures> {
  const one = () => erpc.call(B, Bench, "one", [1]);
  const spawnOne = () => Node.spawn(B, Bench, "one", [1]);
  const rows: Record<string, () => Promise<number>> = {
    round_trip_small: () => roundTrip(["ping", 1], 1000 * scale),
    round_trip_10k: () => roundTrip("x".repeat(10_000), 300 * scale),
    one_way_small_1: () => oneWay(["ping", 1], 40_000 * scale, 1),
    one_way_small_16: () => oneWay(["ping", 1], 40_000 * scale, 16),
    one_way_100_1: () => oneWay("x".repeat(100), 20_000 * scale, 1),
    one_way_10k_1: () => oneWay("x".repeat(10_000), 2000 * scale, 1),
    call_1: () => rate(500 * scale, 1, one),
    call_64: () => rate(6400 * scale, 64, one),
    gen_call_1: () => rate(500 * scale, 1, remoteGenCall),
    gen_call_64: () => rate(6400 * scale, 64, remoteGenCall),
    task_1: () => rate(300 * scale, 1, remoteTask),
    task_64: () => rate(1920 * scale, 64, remoteTask),
    spawn_1: () => rate(500 * scale, 1, spawnOne),
    spawn_64: () => rate(6400 * scale, 64, spawnOne),
    local_spawn: () => localSpawn(20_000 * scale),
    local_send: () => localSend(50_000 * scale),
    local_ping_pong: () => localPingPong(40_000 * scale),
    local_gen_call: () => localGenCall(20_000 * scale),
    registry_lookup: () => registryLookup(50_000 * scale),
  };
  const figures: Figures = {};
  for (const [key, run] of Object.entries(rows)) if (wanted(key)) figures[key] = await node.run(run);
  return figures;
}

async function remoteTask(): Promise<unknown> {
  return Task.await(await Task.Supervisor.async(["Bench.Tasks", B], Bench, "one", [1]));
}

function remoteGenCall(): Promise<unknown> {
  return GenServer.call(["Bench.Server", B], 1);
}

async function localGenCall(count: number): Promise<number> {
  const server = await GenServer.start(BenchServer);
  const result = await rate(count, 1, () => GenServer.call(server, 1));
  await GenServer.stop(server);
  return result;
}

/** Among a thousand keys. */
async function registryLookup(count: number): Promise<number> {
  const registry = await Registry.startLink({ keys: "unique", name: "Bench.Registry" });
  for (let i = 0; i < 1000; i++) Registry.register("Bench.Registry", ["key", i], i);
  const begun = performance.now();
  for (let i = 0; i < count; i++) Registry.lookup("Bench.Registry", ["key", i % 1000]);
  const result = (count / (performance.now() - begun)) * 1000;
  await GenServer.stop(registry);
  return result;
}

/** Microseconds, the middle of all. */
async function roundTrip(message: unknown, count: number): Promise<number> {
  const echo = await Node.spawnLink(B, Bench, "echo");
  const times = new Float64Array(count);
  const me = self();
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    send(echo, [me, message]);
    await receive();
    times[i] = performance.now() - begun;
  }
  Process.unlink(echo);
  Process.exit(echo, "kill");
  return (times.sort()[count >> 1] ?? Number.NaN) * 1000;
}

async function oneWay(message: unknown, count: number, senders: number): Promise<number> {
  const me = self();
  const sink = await Node.spawn(B, Bench, "sink", [me, count]);
  const each = count / senders;
  const begun = performance.now();
  for (let s = 0; s < senders; s++) {
    spawnLink(async () => {
      for (let i = 0; i < each; i++) {
        // As a program that must not flood its peer would.
        if (Process.send(sink, message, { nosuspend: true }) === "nosuspend") {
          i--;
          await Process.yield();
        }
      }
    });
  }
  await receive((answer) => answer === "done");
  return (count / (performance.now() - begun)) * 1000;
}

async function rate(count: number, inFlight: number, one: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await one();
    }),
  );
  return (count / (performance.now() - begun)) * 1000;
}

async function localSpawn(count: number): Promise<number> {
  const me = self();
  const begun = performance.now();
  for (let i = 0; i < count; i++) spawn(() => send(me, "here"));
  for (let i = 0; i < count; i++) await receive();
  return (count / (performance.now() - begun)) * 1000;
}

async function localSend(count: number): Promise<number> {
  const me = self();
  const sink = spawn(() => Bench.sink(me, count));
  const begun = performance.now();
  for (let i = 0; i < count; i++) send(sink, ["ping", i]);
  await receive((answer) => answer === "done");
  return (count / (performance.now() - begun)) * 1000;
}

async function localPingPong(count: number): Promise<number> {
  const me = self();
  const echo: Pid = spawn(() => Bench.echo());
  const begun = performance.now();
  for (let i = 0; i < count; i++) {
    send(echo, [me, i]);
    await receive();
  }
  const result = (count / (performance.now() - begun)) * 1000;
  Process.exit(echo, "kill");
  return result;
}
