/** The yardstick: the same payloads over bare `ws`, a JSON text a message, between two processes. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Figures } from "./rows.ts";

export async function rawRound(port: number, scale: number, wanted: (key: string) => boolean): Promise<Figures> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}`, { perMessageDeflate: false });
  await once(socket, "open");
  const rows: Record<string, () => Promise<number>> = {
    round_trip_small: () => roundTrip(socket, 1, 1000 * scale),
    round_trip_10k: () => roundTrip(socket, "x".repeat(10_000), 1000 * scale),
    one_way_small_1: () => oneWay(socket, 1, 40_000 * scale),
    one_way_100_1: () => oneWay(socket, "x".repeat(100), 20_000 * scale),
    one_way_10k_1: () => oneWay(socket, "x".repeat(10_000), 2000 * scale),
  };
  const figures: Figures = {};
  for (const [key, run] of Object.entries(rows)) if (wanted(key)) figures[key] = await run();
  socket.close();
  await once(socket, "close");
  return figures;
}

async function roundTrip(socket: WebSocket, payload: unknown, count: number): Promise<number> {
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    socket.send(JSON.stringify(["ping", payload]));
    const [data] = (await once(socket, "message")) as [Buffer];
    JSON.parse(data as unknown as string);
    times[i] = performance.now() - begun;
  }
  return (times.sort()[count >> 1] ?? Number.NaN) * 1000;
}

async function oneWay(socket: WebSocket, payload: unknown, count: number): Promise<number> {
  socket.send(JSON.stringify(["expect", count]));
  const begun = performance.now();
  for (let i = 0; i < count; i++) {
    socket.send(JSON.stringify(["data", payload]));
    if (socket.bufferedAmount > 1 << 20) await new Promise((resolve) => setImmediate(resolve));
  }
  await once(socket, "message");
  return (count / (performance.now() - begun)) * 1000;
}
