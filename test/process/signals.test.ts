import { beforeEach, describe, expect, test } from "vitest";
import { runAs } from "../../src/process/context.ts";
import { link, unlink } from "../../src/process/links.ts";
import { monitor } from "../../src/process/monitors.ts";
import type { Process } from "../../src/process/process.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import type { Signal } from "../../src/process/signal.ts";
import { connectionLost, type ProcessSignal, receiveSignal, undeliverable } from "../../src/process/signals.ts";
import { pidOf } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";

const FAR = pidOf("there@localhost", 1, 0, 1);
const ref = new Ref("there@localhost", 1, 1);

let runtime: Runtime;
let routed: Signal[];
let process: Process;
beforeEach(() => {
  runtime = new Runtime({ name: "here@localhost", creation: 1, log: () => undefined });
  routed = [];
  runtime.router = { route: (_, signal) => routed.push(signal), state: () => "up", drained: () => undefined };
  process = runtime.spawn(() => receive(() => false));
});

/** Gives what is answered. */
function arrives(signal: ProcessSignal): Signal[] {
  const replies: Signal[] = [];
  receiveSignal(runtime, signal, (reply) => replies.push(reply));
  return replies;
}

describe("receiveSignal()", () => {
  test("delivers by pid, name and alias; to nobody it is silent", () => {
    runtime.register(process, "name");
    const alias = runtime.makeRef();
    runtime.addAlias(alias, { process, mode: "explicit", sinks: undefined });
    arrives({ op: "send", from: FAR, to: process.pid, message: 1 });
    arrives({ op: "sendName", from: FAR, name: "name", message: 2 });
    arrives({ op: "sendAlias", from: FAR, alias, message: 3 });
    expect(process.mailbox.toArray()).toEqual([1, 2, 3]);
    const gone = pidOf("here@localhost", 99, 0, 1);
    for (const signal of [
      { op: "send", from: FAR, to: gone, message: 1 },
      { op: "sendName", from: FAR, name: "nobody", message: 1 },
      { op: "sendAlias", from: FAR, alias: new Ref("here@localhost", 9, alias.id), message: 1 },
      { op: "exit", from: FAR, to: gone, reason: 1 },
      { op: "exit2", from: FAR, to: gone, reason: 1 },
      { op: "down", from: FAR, to: gone, ref, reason: 1 },
      { op: "groupLeader", from: FAR, to: gone, leader: FAR },
    ] as const) {
      expect(arrives(signal)).toEqual([]);
    }
    expect(process.mailbox.length).toBe(3);
  });

  test("DIST-025: a pid of an earlier life is noproc to links and monitors", () => {
    const old = pidOf("here@localhost", process.pid.id, 0, 9);
    expect(arrives({ op: "link", from: FAR, to: old })).toEqual([{ op: "exit", from: old, to: FAR, reason: "noproc" }]);
    expect(arrives({ op: "monitor", from: FAR, to: old, ref })).toEqual([
      { op: "down", from: old, to: FAR, ref, reason: "noproc" },
    ]);
  });

  test("DIST-017: a name nobody holds is noproc", () => {
    expect(arrives({ op: "monitor", from: FAR, to: "nobody", ref })).toEqual([
      { op: "down", from: "nobody", to: FAR, ref, reason: "noproc" },
    ]);
  });

  test("a link made from afar fires once at the end", () => {
    arrives({ op: "link", from: FAR, to: process.pid });
    arrives({ op: "link", from: FAR, to: process.pid });
    arrives({ op: "exit2", from: FAR, to: process.pid, reason: "end" });
    expect(routed).toEqual([{ op: "exit", from: process.pid, to: FAR, reason: "end" }]);
  });

  test("after unlink an exit on its way does nothing; a new link is not ended by the old answer", () => {
    link(process, FAR);
    unlink(process, FAR);
    arrives({ op: "exit", from: FAR, to: process.pid, reason: "end" });
    expect(process.alive).toBe(true);
    const [, unlinked] = routed as [Signal, Extract<Signal, { op: "unlink" }>];
    link(process, FAR);
    arrives({ op: "unlinkAck", from: FAR, to: process.pid, id: unlinked.id });
    expect(process.links?.get(FAR)).toMatchObject({ active: true });
    unlink(process, FAR);
    const again = routed.at(-1) as Extract<Signal, { op: "unlink" }>;
    arrives({ op: "unlinkAck", from: FAR, to: process.pid, id: again.id });
    expect(process.links?.size).toBe(0);
  });

  test("unlink is always answered, also for the dead", () => {
    const gone = pidOf("here@localhost", 99, 0, 1);
    for (const to of [process.pid, gone]) {
      expect(arrives({ op: "unlink", from: FAR, to, id: 4 })).toEqual([{ op: "unlinkAck", from: to, to: FAR, id: 4 }]);
    }
  });

  test("demonitor by name finds the watched process though the name has gone to another", () => {
    runtime.register(process, "name");
    arrives({ op: "monitor", from: FAR, to: "name", ref });
    runtime.unregister("name");
    arrives({ op: "demonitor", from: FAR, to: "name", ref });
    expect(process.watchers?.size).toBe(0);
  });

  test("sets the leader, and tells an exit signal from a link's end", () => {
    arrives({ op: "groupLeader", from: FAR, to: process.pid, leader: FAR });
    expect(process.leader).toBe(FAR);
    arrives({ op: "exit", from: FAR, to: process.pid, reason: "not linked" });
    arrives({ op: "exit2", from: FAR, to: process.pid, reason: "normal" });
    expect(process.alive).toBe(true);
    arrives({ op: "exit2", from: FAR, to: process.pid, reason: "kill" });
    expect(process.exitReason).toBe("killed");
  });
});

describe("connectionLost()", () => {
  test("fires every link and monitor over it, each once, and forgets who watched from there", () => {
    process.trapExit = true;
    const refs = runAs(process, () => [monitor(process, FAR), monitor(process, ["name", "there@localhost"])]);
    link(process, FAR);
    arrives({ op: "monitor", from: FAR, to: process.pid, ref });
    connectionLost(runtime, "there@localhost");
    connectionLost(runtime, "there@localhost");
    expect(process.mailbox.toArray()).toEqual([
      ["DOWN", refs[0], "process", FAR, "noconnection"],
      ["DOWN", refs[1], "process", ["name", "there@localhost"], "noconnection"],
      ["EXIT", FAR, "noconnection"],
    ]);
    expect(process.watchers?.size).toBe(0);
  });
});

describe("undeliverable()", () => {
  test("answers a link and a monitor with noconnection, and ends an unlink", () => {
    process.trapExit = true;
    link(process, FAR);
    const watched = monitor(process, FAR);
    for (const signal of routed) undeliverable(runtime, signal);
    expect(process.mailbox.toArray()).toEqual([
      ["EXIT", FAR, "noconnection"],
      ["DOWN", watched, "process", FAR, "noconnection"],
    ]);
    link(process, FAR);
    unlink(process, FAR);
    undeliverable(runtime, routed.at(-1) as Signal);
    undeliverable(runtime, { op: "send", from: process.pid, to: FAR, message: 1 });
    expect(process.links?.size).toBe(0);
  });
});
