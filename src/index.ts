/** The library: what a program imports from `moebi`. */
import "./library.ts";

export { capture } from "./code/closure.ts";
export { captureIO } from "./io/capture-io.ts";
export type { Device } from "./io/device.ts";
export { IO } from "./io/io.ts";
export { Discovery, type Topologies, type TopologyOptions } from "./node/discovery.ts";
export type { Strategy, Topology } from "./node/discovery/strategy.ts";
export { type CallResult, erpc, ErpcError } from "./node/erpc.ts";
export { global, type LockId, type Resolve, type ResolveRule } from "./node/global.ts";
export type { LocalNode, RunOptions } from "./node/local-node.ts";
export type { MonitorNodesOptions } from "./node/node-events.ts";
export { Node } from "./node/node-module.ts";
export { Peer, type PeerOptions, type PeerState } from "./node/peer.ts";
export { pg, type PgOptions } from "./node/pg.ts";
export { type BadRpc, rpc } from "./node/rpc.ts";
export { System } from "./node/system.ts";
export { type Presence, Tracker, type TrackerName, type TrackerOptions } from "./node/tracker.ts";
export { Agent, type AgentOptions, type AgentPid, type AgentRef } from "./otp/agent.ts";
export {
  type Callbacks,
  GenServer,
  type GenServerOptions,
  type MultiReplies,
  type RequestId,
  type ServerPid,
  type Status,
} from "./otp/gen-server.ts";
export { AlreadyRegisteredError, Registry, type RegistryOptions } from "./otp/registry.ts";
export type { ServerName, ServerRef, ViaModule } from "./otp/server-name.ts";
export { StartError } from "./otp/start-error.ts";
export { Logger } from "./otp/logger.ts";
export { sys } from "./otp/sys.ts";
export {
  DynamicSupervisor,
  type DynamicSupervisorInit,
  type DynamicSupervisorOptions,
} from "./otp/dynamic-supervisor.ts";
export { Application, type ApplicationInfo, type EnvOptions } from "./otp/application.ts";
export { type ApplicationSpec, type ApplicationType, defineApplication } from "./otp/application-spec.ts";
export type { Child, ChildSpec } from "./otp/child-spec.ts";
export { PartitionSupervisor, type PartitionSupervisorOptions } from "./otp/partition-supervisor.ts";
export {
  Supervisor,
  type SupervisorInit,
  type SupervisorInitOptions,
  type SupervisorOptions,
} from "./otp/supervisor.ts";
export { Task } from "./otp/task.ts";
export type { From } from "./process/call.ts";
export type { Clock } from "./process/clock.ts";
export type { Destination } from "./process/destination.ts";
export { exit, Exit, isExit } from "./process/exit.ts";
export { defmodule, Kernel, makeRef, node } from "./process/kernel.ts";
export type { LogEntry, LogSink } from "./process/log.ts";
export { Process } from "./process/process-module.ts";
export type { Awaits, ProcessInfo } from "./process/process-info.ts";
export { type Clauses, receive } from "./process/receive.ts";
export { self, send, spawn, spawnLink, spawnMonitor } from "./process/spawn.ts";
export { dbg } from "./shell/dbg.ts";
export { pry, type PryResult } from "./shell/pry.ts";
export { type NodeOptions, startNode } from "./start-node.ts";
export { type Atom, atom } from "./term/atom.ts";
export { ArgumentError, type ErrorCode, hasCode, MoebiError } from "./term/error.ts";
export { inspect, type InspectOptions } from "./term/inspect.ts";
export { isPid, type NodeName, type Pid } from "./term/pid.ts";
export { isRef, type Ref } from "./term/ref.ts";
export { type Tuple, tuple } from "./term/tuple.ts";
