import { connectionsOf } from "../../node/node-module.ts";
import type { Runtime } from "../../process/runtime.ts";
import type { Helper } from "./context.ts";
import { print, table } from "./print.ts";

/** How the node is. */
export const runtimeInfo: Helper = {
  name: "runtimeInfo",
  usage: ["runtimeInfo()"],
  doc: "Prints how the node is: its name and connections, processes, memory and versions. Uptime and memory are the whole program's.",
  make:
    ({ runtime }) =>
    () =>
      print(...table(rowsOf(runtime))),
};

function rowsOf(runtime: Runtime): [string, string][] {
  const { rss, heapUsed } = process.memoryUsage();
  const connected = connectionsOf(runtime)?.list("connected") ?? [];
  return [
    ["Node", runtime.name],
    ["Connected nodes", connected.length === 0 ? "none" : connected.join(", ")],
    ["Processes", String(runtime.processes.size)],
    ["Registered names", String(runtime.names.size)],
    ["Modules", String(runtime.modules.names().length)],
    ["Uptime", duration(process.uptime())],
    ["Memory", `${megabytes(rss)} (heap in use ${megabytes(heapUsed)})`],
    ["Node.js", process.version],
    ["System", `${process.platform} ${process.arch}, pid ${String(process.pid)}`],
  ];
}

/** `1 d 2 h 3 min 4 s`, from the largest unit that is needed. */
export function duration(seconds: number): string {
  const all = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(all / 86_400), "d"],
    [Math.floor(all / 3600) % 24, "h"],
    [Math.floor(all / 60) % 60, "min"],
    [all % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first)
    .map(([count, unit]) => `${String(count)} ${unit}`)
    .join(" ");
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
