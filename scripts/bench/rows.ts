/** The figures of the bench: what each measures, and what it is to reach beside Erlang in the same run. */

/**
 * One figure, with what it is to reach, if anything: all of what it names. `per` says what the number is: a rate (more is
 * better), or a time or size (less is better).
 */
export interface Row {
  readonly key: string;
  readonly title: string;
  readonly per: "/s" | "µs" | "ms" | "bytes" | "MB";
  /** How many times Erlang's figure it is to be: at least for a rate, at most for a time. */
  readonly ofBeam?: number;
  /** What it is to be whatever Erlang does. */
  readonly limit?: number;
}

/** The sizes of clusters whose names are measured: nodes in processes of their own, over WebSockets on loopback. */
export const CLUSTERS = [1, 2, 4, 8] as const;

/** The sizes of meshes whose forming is measured. */
export const MESHES = [4, 8, 16] as const;

export const ROWS: readonly Row[] = [
  { key: "round_trip_small", title: "round trip, small", per: "µs", ofBeam: 1.15 },
  { key: "round_trip_10k", title: "round trip, 10 KB", per: "µs", ofBeam: 1.3 },
  { key: "one_way_small_1", title: "one way, small, 1 sender", per: "/s", ofBeam: 3 },
  { key: "one_way_small_16", title: "one way, small, 16 senders", per: "/s", ofBeam: 5 },
  { key: "one_way_100_1", title: "one way, 100 B, 1 sender", per: "/s", ofBeam: 2 },
  { key: "one_way_10k_1", title: "one way, 10 KB, 1 sender", per: "/s", ofBeam: 1 },
  { key: "call_1", title: "remote call, one after another", per: "/s", ofBeam: 1 },
  { key: "call_64", title: "remote call, 64 in flight", per: "/s", ofBeam: 6 },
  { key: "gen_call_1", title: "remote GenServer call, one after another", per: "/s", ofBeam: 1 },
  { key: "gen_call_64", title: "the same, 64 in flight", per: "/s", ofBeam: 6 },
  { key: "task_1", title: "Task.Supervisor.async + await, remote", per: "/s", ofBeam: 2 },
  { key: "task_64", title: "the same, 64 in flight", per: "/s", ofBeam: 8 },
  { key: "spawn_1", title: "remote spawn, each awaited", per: "/s", ofBeam: 1.2 },
  { key: "spawn_64", title: "remote spawn, 64 in flight", per: "/s", ofBeam: 4 },
  { key: "local_spawn", title: "local spawn with a message back", per: "/s", ofBeam: 1.5 },
  { key: "local_send", title: "local send", per: "/s", ofBeam: 1 },
  { key: "local_ping_pong", title: "local ping-pong", per: "/s", ofBeam: 1.5 },
  { key: "local_gen_call", title: "local GenServer call", per: "/s", ofBeam: 1 },
  { key: "registry_lookup", title: "Registry look-up", per: "/s", ofBeam: 1 },
  ...CLUSTERS.flatMap((size): Row[] => [
    {
      key: `global_register_${String(size)}`,
      title: `global name given, nodes: ${String(size)}`,
      per: "/s",
      ...(size === 8 ? { ofBeam: 2 } : {}),
    },
    {
      key: `global_whereis_${String(size)}`,
      title: `global name looked up, nodes: ${String(size)}`,
      per: "/s",
      ofBeam: 1,
    },
  ]),
  { key: "process_bytes", title: "an idle process", per: "bytes", limit: 2000 },
  ...MESHES.map((size): Row => ({
    key: `mesh_${String(size)}`,
    title: `full mesh of ${String(size)}`,
    per: "ms",
    ofBeam: 1,
  })),
  { key: "start", title: "start to prompt", per: "ms", limit: 200, ofBeam: 0.5 },
  { key: "start_rss", title: "memory at the prompt", per: "MB", limit: 80 },
  { key: "enter_first", title: "Enter on 1+1 to the result, the first", per: "ms", limit: 10 },
  { key: "enter_later", title: "the same, later", per: "ms", limit: 2 },
];

/** Figures by row. */
export type Figures = Record<string, number>;

/** The best of several rounds: what else the machine does only ever makes them worse. */
export function best(values: readonly number[], { per }: Row): number {
  if (values.length === 0) return Number.NaN;
  return per === "/s" ? Math.max(...values) : Math.min(...values);
}
