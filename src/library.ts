/** The names that code finds on every node: what a person types at the prompt is what a program imports. */
import { capture } from "./code/closure.ts";
import { captureIO } from "./io/capture-io.ts";
import { IO } from "./io/io.ts";
import { Discovery } from "./node/discovery.ts";
import { erpc } from "./node/erpc.ts";
import { global } from "./node/global.ts";
import { Node } from "./node/node-module.ts";
import { Peer } from "./node/peer.ts";
import { pg } from "./node/pg.ts";
import { rpc } from "./node/rpc.ts";
import type { ProcessQuery } from "./node/observed/types.ts";
import { System } from "./node/system.ts";
import type { TraceRequest } from "./node/trace/trace-types.ts";
import { Tracker } from "./node/tracker.ts";
import { vitals } from "./node/vitals.ts";
import { Agent } from "./otp/agent.ts";
import { GenServer } from "./otp/gen-server.ts";
import { Logger } from "./otp/logger.ts";
import { Registry } from "./otp/registry.ts";
import { sys } from "./otp/sys.ts";
import { Application } from "./otp/application.ts";
import { defineApplication } from "./otp/application-spec.ts";
import { DynamicSupervisor } from "./otp/dynamic-supervisor.ts";
import { PartitionSupervisor } from "./otp/partition-supervisor.ts";
import { Supervisor } from "./otp/supervisor.ts";
import { Task } from "./otp/task.ts";
import { exit } from "./process/exit.ts";
import { defmodule, Kernel, makeRef, node } from "./process/kernel.ts";
import { defineProgramModule, provideLibrary } from "./process/modules.ts";
import { Process } from "./process/process-module.ts";
import { receive } from "./process/receive.ts";
import { self, send, spawn, spawnLink, spawnMonitor } from "./process/spawn.ts";
import "./process/viewer.ts";
import { dbg } from "./shell/dbg.ts";
import { pry } from "./shell/pry.ts";
import type { RemoteShellOptions } from "./shell/remote-shell.ts";
import { atom } from "./term/atom.ts";
import { inspect } from "./term/inspect.ts";
import type { Pid } from "./term/pid.ts";
import { tuple } from "./term/tuple.ts";

const modules = {
  Agent,
  Application,
  Discovery,
  DynamicSupervisor,
  GenServer,
  IO,
  Kernel,
  Logger,
  Node,
  PartitionSupervisor,
  Peer,
  Process,
  System,
  Registry,
  Supervisor,
  Task,
  Tracker,
};
const functions = {
  atom,
  capture,
  captureIO,
  dbg,
  defineApplication,
  defmodule,
  exit,
  inspect,
  makeRef,
  node,
  pry,
  receive,
  self,
  send,
  spawn,
  spawnLink,
  spawnMonitor,
  tuple,
};
/** How a shell is opened here from another node: see `moebi --remsh`. Loaded when it is. */
const Moebi = {};
const MoebiShell = {
  async serve(options?: RemoteShellOptions) {
    const { serveShell } = await import("./shell/remote-shell.ts");
    await serveShell(options);
  },
};

/** How a module is loaded here from another node: see the prompt's `nl`. */
const MoebiCode = {
  async expect(name: string) {
    (await import("./shell/load-functions.ts")).expectModule(name);
  },
  async load(name: string, functions: Readonly<Record<string, unknown>>) {
    (await import("./shell/load-functions.ts")).loadFunctions(name, functions);
  },
};

/** What other nodes ask when they observe this one. All but the cheapest is loaded when it is asked for. */
const MoebiObserved = {
  vitals,
  async summary() {
    return (await import("./node/observed.ts")).summary();
  },
  async processes(query?: ProcessQuery) {
    return (await import("./node/observed.ts")).processes(query);
  },
  async tree(open?: readonly Pid[]) {
    return (await import("./node/observed.ts")).tree(open);
  },
  async process(pid: Pid) {
    return (await import("./node/observed.ts")).processDetails(pid);
  },
  async events(after?: number) {
    return (await import("./node/observed.ts")).events(after);
  },
};

/** How other nodes trace this one: see the prompt's `trace`. */
const MoebiTrace = {
  async start(request: TraceRequest) {
    return (await import("./node/trace.ts")).start(request);
  },
};

/** Erlang's modules keep their small letters. */
const erlang = { erpc, global, pg, rpc, sys };

for (const [name, module] of Object.entries({
  ...modules,
  Moebi,
  "Moebi.Shell": MoebiShell,
  "Moebi.Code": MoebiCode,
  "Moebi.Observed": MoebiObserved,
  "Moebi.Trace": MoebiTrace,
}))
  defineProgramModule(name, module);
provideLibrary({ ...functions, ...erlang });
