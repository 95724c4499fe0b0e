/**
 * Measures what the design is for, side by side in one run: moebi between two processes, bare `ws` with the same
 * payloads, and Erlang where it is installed. Machines are noisy: read the ratios, not the figures.
 *
 *     npm run bench              three rounds
 *     npm run bench -- 5 4       five rounds of four times the work
 *     npm run bench -- 3 1 local only what its key matches
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startNode } from "../src/index.ts";
import { NameService } from "../src/node/name-service/name-service.ts";
import { moebiRound } from "./bench/moebi.ts";
import { beamRound, hasErlang, meshTime, processBytes, startPeer, startTime } from "./bench/programs.ts";
import { rawRound } from "./bench/raw-ws.ts";
import { type Figures, median, ROWS, type Row } from "./bench/rows.ts";

const rounds = Number(process.argv[2] ?? 3);
const scale = Number(process.argv[3] ?? 1);
const erlang = hasErlang();
process.env["HOME"] = mkdtempSync(join(tmpdir(), "moebi-bench-home-"));
process.env["MOEBI_EPMD_PORT"] ??= "45370";
const bin = fileURLToPath(new URL("../dist/bin/moebi.js", import.meta.url));

const taken: Record<"moebi" | "ws" | "beam", Figures[]> = { moebi: [], ws: [], beam: [] };
// Holds the port, so that the nodes measured are not also serving names.
const names = new NameService({});
await names.names();
const { child, port } = await startPeer("bench_b");
const node = await startNode({ sname: "bench_a", cookie: "bench" });
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${String(round + 1)} of ${String(rounds)}\n`);
  const figures = await moebiRound(node, scale);
  for (const size of [4, 8, 16]) figures[`mesh_${String(size)}`] = await meshTime(size);
  const { ms, mb } = await startTime(process.execPath, [bin, "--sname", `start_${String(round)}`], /moebi\(start_\d@localhost\)1>/, process.env);
  taken.moebi.push({ ...figures, start: ms, start_rss: mb, process_bytes: await processBytes() });
  taken.ws.push(await rawRound(port, scale));
  if (!erlang) continue;
  const beam = await beamRound(scale);
  const iex = await startTime("iex", ["--sname", `iex_${String(round)}@localhost`], /iex\(iex_\d@localhost\)1>/, process.env).catch(() => undefined);
  taken.beam.push({ ...beam, ...(iex && { start: iex.ms, start_rss: iex.mb }) });
}
child.disconnect();
await node.stop();
await names.close();
print();
process.exit();

function print(): void {
  const cells = ROWS.map((row) => {
    const of = (side: Figures[]): number => median(side.map((figures) => figures[row.key]).filter((value) => value !== undefined));
    const [moebi, ws, beam] = [of(taken.moebi), of(taken.ws), of(taken.beam)];
    return [row.title, shown(moebi, row), shown(ws, row), shown(beam, row), ratio(moebi, beam), target(row), verdict(row, moebi, beam)];
  });
  const head = ["", "moebi", "raw ws", "Erlang", "× Erlang", "to reach", ""];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? "").length)));
  for (const row of [head, ...cells]) {
    process.stdout.write(`${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}\n`);
  }
  process.stdout.write(`\nmedian of ${String(rounds)} rounds; ${erlang ? "Erlang measured in the same rounds" : "Erlang is not installed"}; Node ${process.versions.node}\n`);
}

function shown(value: number, row: Row): string {
  if (Number.isNaN(value)) return "-";
  const digits = value < 100 && row.per !== "/s" ? 1 : 0;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })} ${row.per}`;
}

function ratio(moebi: number, beam: number): string {
  return Number.isNaN(moebi / beam) ? "-" : (moebi / beam).toFixed(2);
}

function target({ per, ofBeam, limit }: Row): string {
  if (limit !== undefined) return `≤ ${String(limit)} ${per}`;
  return `${per === "/s" ? "≥" : "≤"} ${String(ofBeam)} ×`;
}

function verdict({ per, ofBeam, limit }: Row, moebi: number, beam: number): string {
  const value = limit === undefined ? moebi / beam : moebi;
  const bar = limit ?? ofBeam ?? Number.NaN;
  if (Number.isNaN(value)) return "";
  return (limit === undefined && per === "/s" ? value >= bar : value <= bar) ? "reached" : "missed";
}
