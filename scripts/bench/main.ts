/** The rounds of the bench, and the table they give. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNode } from "../../src/index.ts";
import { NameService } from "../../src/node/name-service/name-service.ts";
import { moebiRound } from "./moebi.ts";
import { beamRound, globalRates, hasErlang, meshTime, processBytes, startPeer } from "./programs.ts";
import { rawRound } from "./raw-ws.ts";
import { best, CLUSTERS, type Figures, MESHES, ROWS, type Row } from "./rows.ts";
import { shellTimes, startOnce } from "./shell.ts";

export interface Options {
  readonly rounds: number;
  /** How many times the usual work. */
  readonly scale: number;
  readonly wanted: (key: string) => boolean;
}

type Taken = Record<"moebi" | "ws" | "beam", Figures[]>;

export async function main({ rounds, scale, wanted }: Options): Promise<void> {
  const erlang = hasErlang();
  process.env["HOME"] = mkdtempSync(join(tmpdir(), "moebi-bench-home-"));
  process.env["MOEBI_EPMD_PORT"] ??= "24370";
  const taken: Taken = { moebi: [], ws: [], beam: [] };
  // Holds the port, so that the nodes measured are not also serving names.
  const names = new NameService({});
  await names.names();
  const { child, port } = await startPeer("bench_b");
  const node = await startNode({ sname: "bench_a", cookie: "bench" });
  const iex = ["--sname", "iex@localhost"];
  const moebi = ["dist/bin/moebi.js", "--sname", "start"];
  const moebiPrompt = (n: number): string => `moebi(start@localhost)${String(n)}>`;
  const shell = ["start", "enter"].some((part) => ROWS.some(({ key }) => key.startsWith(part) && wanted(key)));
  // Not counted: whoever sends a million messages sends most of them with compiled code.
  await moebiRound(node, scale, wanted);
  await rawRound(port, scale, wanted);
  if (shell) await startOnce(process.execPath, moebi, moebiPrompt(1));
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${String(round + 1)} of ${String(rounds)}\n`);
    const figures = await moebiRound(node, scale, wanted);
    for (const size of MESHES)
      if (wanted(`mesh_${String(size)}`)) figures[`mesh_${String(size)}`] = await meshTime(size);
    for (const size of CLUSTERS) {
      if (wanted(`global_register_${String(size)}`) || wanted(`global_whereis_${String(size)}`))
        Object.assign(figures, await globalRates(size, 200 * scale));
    }
    if (wanted("process_bytes")) figures["process_bytes"] = await processBytes();
    if (shell) Object.assign(figures, await shellTimes(process.execPath, moebi, moebiPrompt));
    taken.moebi.push(figures);
    taken.ws.push(await rawRound(port, scale, wanted));
    if (!erlang) continue;
    const beam = await beamRound(scale, ROWS.map(({ key }) => key).filter(wanted));
    if (shell)
      Object.assign(beam, await shellTimes("iex", iex, (n) => `iex(iex@localhost)${String(n)}>`).catch(() => ({})));
    taken.beam.push(beam);
  }
  child.disconnect();
  await node.stop();
  await names.close();
  print(
    taken,
    ROWS.filter(({ key }) => wanted(key)),
  );
  const beside = erlang ? "Erlang (tasks and the shell: Elixir) in the same rounds" : "Erlang is not installed";
  process.stdout.write(
    `\nbest of ${String(rounds)} rounds after one that is not counted; ${beside}; Node ${process.versions.node}\n`,
  );
}

function print(taken: Taken, rows: readonly Row[]): void {
  const cells = rows.map((row) => {
    const of = (side: Figures[]): number =>
      best(
        side.map((figures) => figures[row.key]).filter((value) => value !== undefined),
        row,
      );
    const [moebi, ws, beam] = [of(taken.moebi), of(taken.ws), of(taken.beam)];
    return [
      row.title,
      shown(moebi, row),
      shown(ws, row),
      shown(beam, row),
      ratio(moebi, beam),
      target(row),
      verdict(row, moebi, beam),
    ];
  });
  const head = ["", "moebi", "raw ws", "Erlang", "× Erlang", "to reach", ""];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? "").length)));
  for (const row of [head, ...cells]) {
    const line = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${line.join("  ")}\n`);
  }
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
  const sign = per === "/s" ? "≥" : "≤";
  const bars = [
    ...(limit === undefined ? [] : [`${sign} ${String(limit)} ${per}`]),
    ...(ofBeam === undefined ? [] : [`${sign} ${String(ofBeam)} ×`]),
  ];
  return bars.join(", ");
}

/** Whether it reached all that it was to, of what was measured. */
function verdict({ per, ofBeam, limit }: Row, moebi: number, beam: number): string {
  const judged = [
    [moebi, limit],
    [moebi / beam, ofBeam],
  ].filter((pair): pair is [number, number] => pair[1] !== undefined && !Number.isNaN(pair[0]));
  if (judged.length === 0) return "";
  return judged.every(([value, bar]) => (per === "/s" ? value >= bar : value <= bar)) ? "reached" : "missed";
}
