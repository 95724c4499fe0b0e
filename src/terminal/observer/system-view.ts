/** The program of the observed node: its time, its memory, and how both went lately. */
import { bytes, short, since, sparkline } from "../../shell/units.ts";
import type { Model, Traffic } from "./model.ts";
import { cell, type Colour, type Row, span } from "./rows.ts";

const TITLE_WIDTH = 13;
const TEXT_WIDTH = 36;
/** Bars narrower than this tell nothing. */
const LEAST_BARS = 8;
const MOST_BARS = 60;

interface Fact {
  readonly title: string;
  readonly text: string;
  readonly values?: readonly number[] | undefined;
  readonly colour?: Colour;
}

const percent = (share: number | undefined): string =>
  share === undefined ? "…" : `${String(Math.round(share * 100))}%`;
const ms = (delay: number): string => `${delay < 9.95 ? delay.toFixed(1) : delay.toFixed(0)} ms`;

export function systemRows(model: Model): Row[] {
  const { summary, screen } = model;
  if (summary === undefined) return [[span("…", { dim: true })]];
  const room = Math.min(MOST_BARS, screen.columns - TITLE_WIDTH - TEXT_WIDTH - 1);
  return facts(model, summary).map(({ title, text, values, colour }) => {
    const row = [span(cell(title, TITLE_WIDTH), { dim: true })];
    if (values === undefined || room < LEAST_BARS) return [...row, span(text)];
    return [...row, span(`${cell(text, TEXT_WIDTH)} `), span(sparkline(values, room), { colour })];
  });
}

function facts({ history, traffic, busy }: Model, summary: NonNullable<Model["summary"]>): Fact[] {
  const { vitals, health, peers, system } = summary;
  const rates = (way: "in" | "out"): readonly number[] => sums([...traffic.values()].map((one) => one[way]));
  const carried = (way: "bytesIn" | "bytesOut"): string =>
    bytes([...traffic.values()].reduce((sum: number, one: Traffic) => sum + one[way], 0));
  const now = (values: readonly number[]): string => `${bytes(values.at(-1) ?? 0)}/s`;
  return [
    { title: "Event loop", text: `busy ${percent(busy)}`, values: history?.busy, colour: "green" },
    {
      title: "Delay",
      text: `${ms(health.delay.median)}, at most ${ms(health.delay.most)}`,
      values: history?.delay,
      colour: "yellow",
    },
    { title: "Processor", text: percent(history?.cpu.at(-1)), values: history?.cpu, colour: "green" },
    { title: "Memory", text: bytes(vitals.rss), values: history?.rss, colour: "magenta" },
    {
      title: "Heap",
      text: `${bytes(vitals.heapUsed)} of at most ${bytes(health.heapLimit)}`,
      values: history?.heap,
      colour: "magenta",
    },
    { title: "Outside it", text: `${bytes(health.external)}, ${bytes(health.arrayBuffers)} of it buffers` },
    {
      title: "Processes",
      text: `${short(vitals.processes)}, ${short(health.names)} with a name`,
      values: history?.processes,
      colour: "cyan",
    },
    {
      title: "Received",
      text: `${now(rates("in"))}, ${carried("bytesIn")} in all`,
      values: rates("in"),
      colour: "green",
    },
    {
      title: "Sent",
      text: `${now(rates("out"))}, ${carried("bytesOut")} in all`,
      values: rates("out"),
      colour: "cyan",
    },
    { title: "Waiting", text: `${bytes(peers.reduce((sum, { queued }) => sum + queued, 0))} for slow connections` },
    { title: "Up", text: since(vitals.uptime) },
    { title: "Program", text: `${system}, pid ${String(health.pid)}` },
  ];
}

/** All connections together, as of the same second: the latest are the last of each. */
function sums(lists: readonly (readonly number[])[]): readonly number[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) =>
    lists.reduce((sum, list) => sum + (list[index - (length - list.length)] ?? 0), 0),
  );
}
