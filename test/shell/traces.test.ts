import { afterEach, describe, expect, test } from "vitest";
import "../../src/node/trace.ts";
import { Node } from "../../src/node/node-module.ts";
import type { TraceRequest } from "../../src/node/trace/trace-types.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Logger } from "../../src/otp/logger.ts";
import { defmodule } from "../../src/process/kernel.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import type { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink } from "../../src/process/spawn.ts";
import { Traces } from "../../src/shell/traces.ts";
import type { Pid } from "../../src/term/pid.ts";
import { Cluster } from "../../src/testing.ts";

let cluster: Cluster;
let traces: Traces;

async function begin(): Promise<void> {
  cluster = new Cluster({ seed: 1 });
  await cluster.start("a");
  await cluster.start("b");
  await cluster.run("a", () => Node.connect("b@localhost"));
  const { runtime } = cluster.at("a").node;
  traces = new Traces({ runtime, leader: runtime.names.get("user")?.pid as Pid, colors: () => false });
}

afterEach(() => cluster[Symbol.asyncDispose]());

const runtimeOf = (name: string): Runtime => cluster.at(name).node.runtime;
const tracer = (name: string): unknown => runtimeOf(name).tracer;

type Wanted = Partial<TraceRequest> & Pick<TraceRequest, "target">;

/** Traces something of `b` from `a`. */
const trace = (wanted: Wanted, key = "key", node = "b"): Promise<string> =>
  cluster.run("a", () => traces.start(`${node}@localhost`, key, { rate: 1000, length: 400, ...wanted }));

/** What has been printed at a's terminal since it was last asked. */
async function printed(): Promise<string[]> {
  await cluster.advance(1500);
  const { device } = cluster.at("a");
  const lines = device.output.split("\n").slice(0, -1);
  device.output = "";
  return lines;
}

/** The process answers `[from, value]` with `["got", value]`, and ends with the reason in `["end", reason]`. */
const echo = (name = "Echo"): Promise<Pid> =>
  cluster.run("b", () => {
    const pid = spawn(async () => {
      for (;;) {
        const [from, value] = (await receive()) as [Pid | string, unknown];
        if (from === "end") return Process.exit(self(), value);
        send(from as Pid, ["got", value]);
      }
    });
    Process.register(pid, name);
    return pid;
  });

describe("Traces", () => {
  test("shows what a process of another node gets and sends, with pids as they are seen here", async () => {
    await begin();
    const pid = await echo();
    expect(tracer("b")).toBeUndefined();
    const what = await trace({ target: ["pid", pid] });
    expect(what).toMatch(/^#PID<[1-9]\d*\.\d+\.0> on b@localhost: "send", "receive", "procs"$/);
    const me = await cluster.run("a", () => {
      send(pid, [self(), { n: 1 }]);
      return self();
    });
    const [there, here] = [/#PID<\S+>/.exec(what)?.[0] ?? "", `#PID<0.${String(me.id)}.0>`];
    expect(await printed()).toEqual([
      `b@localhost (${there}) << [${here}, { n: 1 }]`,
      `b@localhost (${there}) ${here} ! ["got", { n: 1 }]`,
    ]);
  });

  test("shows links, names, spawns and the end, with which the trace ends", async () => {
    await begin();
    const pid = await cluster.run("b", () =>
      spawn(async () => {
        await receive();
        Process.register(self(), "Busy");
        Process.unlink(spawnLink(() => undefined));
        Process.unregister("Busy");
        await receive();
      }),
    );
    await trace({ target: ["pid", pid], flags: ["procs"] });
    await cluster.run("a", () => {
      send(pid, 1);
      Process.link(pid);
      Process.unlink(pid);
      send(pid, 2);
    });
    const lines = (await printed()).map((line) => line.replace(/#PID<\S+>/g, "#"));
    expect(lines).toEqual([
      // Signals take effect at once, and what the process does in its next turn.
      "b@localhost (#) getting linked #",
      "b@localhost (#) getting unlinked #",
      'b@localhost (#) register "Busy"',
      "b@localhost (#) spawn # as (anonymous)",
      "b@localhost (#) link #",
      "b@localhost (#) unlink #",
      'b@localhost (#) unregister "Busy"',
      'b@localhost (#) exit "normal"',
      "The trace of # on b@localhost has ended: the process has exited",
    ]);
    expect(tracer("b")).toBeUndefined();
    expect(traces.list()).toEqual([]);
  });

  test("shows the answers to a process's calls, and those that end before", async () => {
    await begin();
    class Counter extends GenServer {
      handleCall(request: unknown): unknown {
        return request === "stop" ? this.stop("normal") : 42;
      }
    }
    const pid = await cluster.run("b", async () => {
      const server = await GenServer.start(Counter);
      return spawn(async () => {
        await receive();
        await GenServer.call(server, "next");
        await GenServer.call(server, "stop").catch(() => undefined);
        await receive();
      });
    });
    await trace({ target: ["pid", pid], flags: ["receive"] });
    await cluster.run("a", () => send(pid, 1));
    const lines = (await printed()).map((line) => line.replace(/#(PID|Ref)<\S+>/g, "#"));
    expect(lines).toEqual([
      "b@localhost (#) << 1",
      "b@localhost (#) << [#, 42]",
      'b@localhost (#) << ["DOWN", #, "process", #, "normal"]',
    ]);
  });

  test("follows a name to whoever gets it next", async () => {
    await begin();
    await echo();
    expect(await trace({ target: ["name", "Echo"], flags: ["receive", "procs"] })).toMatch(/^"Echo" on b@localhost: /);
    await cluster.run("a", () => send(["Echo", "b@localhost"], ["end", "normal"]));
    await cluster.settle();
    await echo();
    await cluster.run("a", () => send(["Echo", "b@localhost"], ["end", "normal"]));
    const lines = (await printed()).map((line) => line.replace(/#PID<\S+>/g, "#"));
    expect(lines).toEqual([
      'b@localhost (#) << ["end", "normal"]',
      'b@localhost (#) exit "normal"',
      'b@localhost (#) register "Echo"',
      'b@localhost (#) << ["end", "normal"]',
      'b@localhost (#) exit "normal"',
    ]);
    expect(traces.list()).toHaveLength(1);
  });

  test("shows the calls of a module there, also of one that is defined anew meanwhile", async () => {
    await begin();
    const Kate = (greeting: string) => ({ say: (name: string) => `${greeting} ${name}` });
    const define = (greeting: string): Promise<unknown> =>
      cluster.run("b", () => defmodule("Kate", Kate(greeting)) && "ok");
    const call = (): Promise<unknown> =>
      cluster.run("b", () => (runtimeOf("b").modules.get("Kate") as ReturnType<typeof Kate>).say("Ada"));
    await define("Hi");
    await trace({ target: ["module", "Kate"] });
    await call();
    await define("Hello");
    await call();
    const lines = (await printed()).map((line) => line.replace(/#PID<\S+>/g, "#"));
    expect(lines).toEqual([
      'b@localhost (#) call Kate.say("Ada")',
      'b@localhost (#) returned from Kate.say/1 -> "Hi Ada"',
      'b@localhost (#) call Kate.say("Ada")',
      'b@localhost (#) returned from Kate.say/1 -> "Hello Ada"',
    ]);
    traces.stop();
    await cluster.settle();
    await call();
    expect(await printed()).toEqual([]);
    expect(runtimeOf("b").modules.listeners.size).toBe(0);
  });

  test("shows what another node logs, and which nodes it sees come and go", async () => {
    await begin();
    await trace({ target: ["node"] });
    await cluster.run("b", () => Logger.warning("hot\u001b[2J"));
    await cluster.start("c");
    await cluster.run("b", () => Node.connect("c@localhost"));
    await cluster.run("b", () => Node.disconnect("c@localhost"));
    const lines = await printed();
    expect(lines).toContainEqual(expect.stringMatching(/^b@localhost .*\[warning\] hot\\x1b\[2J$/));
    expect(lines).toContain("b@localhost nodeup c@localhost");
    expect(lines).toContainEqual(expect.stringMatching(/^b@localhost nodedown c@localhost/));
  });

  test("a flood is counted, not shown, and holds little", async () => {
    await begin();
    const pid = await echo();
    await trace({ target: ["pid", pid], flags: ["receive"], rate: 5 });
    await cluster.run("a", () => {
      for (let n = 0; n < 5000; n++) send(pid, [self(), n]);
    });
    const lines = await printed();
    expect(lines.filter((line) => line.includes("<<"))).toHaveLength(10);
    expect(lines).toContain("b@localhost … 4990 more events left out");
  });

  test("one batch is under way at a time: a terminal that stands still holds no more", async () => {
    await begin();
    const pid = await echo();
    const { device } = cluster.at("a");
    const stands = Promise.withResolvers<void>();
    const write = device.write.bind(device);
    let writes = 0;
    device.write = (text) => {
      writes++;
      void write(text);
      return stands.promise;
    };
    await trace({ target: ["pid", pid], flags: ["receive"], rate: 1e9 });
    for (let n = 0; n < 5; n++) {
      await cluster.run("a", () => {
        for (let i = 0; i < 1000; i++) send(pid, [self(), i]);
      });
      await cluster.advance(2000);
    }
    expect(writes).toBe(1);
    stands.resolve();
    device.write = write;
    const lines = await printed();
    const shown = lines.filter((line) => line.includes("<<")).length;
    const left = lines.flatMap((line) => /… (\d+) more/.exec(line)?.[1] ?? []).reduce((sum, n) => sum + Number(n), 0);
    expect(shown).toBeLessThanOrEqual(800);
    expect(shown + left).toBe(5000);
  });

  test("is gone from the node with the shell, with the connection, and with the node that asked", async () => {
    await begin();
    const pid = await echo();
    const left = (): string[] =>
      [...runtimeOf("b").processes.values()]
        .map(({ initialCall }) => initialCall)
        .filter((name) => name.includes("Trace"));
    await trace({ target: ["pid", pid] });
    expect([left().length, tracer("b") !== undefined]).toEqual([1, true]);
    traces.end();
    await cluster.settle();
    expect([left(), tracer("b")]).toEqual([[], undefined]);

    await trace({ target: ["pid", pid] });
    expect(left()).toHaveLength(1);
    await cluster.run("a", () => Node.disconnect("b@localhost"));
    await cluster.settle();
    expect([left(), tracer("b")]).toEqual([[], undefined]);
    expect(await printed()).toContainEqual(expect.stringMatching(/^The trace of #PID.* has ended: no connection$/));

    await trace({ target: ["pid", pid] });
    await cluster.drive(cluster.at("a").node.stop());
    await cluster.settle();
    expect([left(), tracer("b")]).toEqual([[], undefined]);
  });

  test("one that a node begins only after it was given up is ended at once", async () => {
    await begin();
    const pid = await echo();
    cluster.stall("b");
    await expect(trace({ target: ["pid", pid] })).rejects.toMatchObject({ code: "timeout" });
    cluster.unstall("b");
    expect(await printed()).toEqual([]);
    expect(tracer("b")).toBeUndefined();
    await cluster.run("a", () => send(pid, ["x", 1]));
    expect(await printed()).toEqual([]);
  });

  test("a second trace of the same replaces the first; an interrupt ends all, and says so", async () => {
    await begin();
    const pid = await echo();
    await trace({ target: ["pid", pid] });
    await trace({ target: ["pid", pid], flags: ["receive"] });
    await trace({ target: ["node"] }, "other");
    expect(traces.list()).toHaveLength(2);
    await cluster.run("a", () => send(pid, ["x", 1]));
    expect((await printed()).filter((line) => line.includes("<<"))).toHaveLength(1);
    traces.interrupt();
    expect(await printed()).toEqual(["Tracing has ended"]);
    expect([traces.list(), tracer("b")]).toEqual([[], undefined]);
    traces.interrupt();
    expect(await printed()).toEqual([]);
  });

  test("what is not there is an error that says so, and leaves nothing", async () => {
    await begin();
    const failing = (wanted: Wanted, node = "b"): Promise<string> =>
      trace(wanted, "key", node).then(
        () => "none",
        (error: Error) => error.message,
      );
    expect(await failing({ target: ["name", "Nobody"] })).toContain('Nobody is registered as "Nobody" on b@localhost');
    expect(await failing({ target: ["module", "Nothing"] })).toContain("There is no module Nothing on b@localhost");
    expect(await failing({ target: ["module", "IO", "nothing"] })).toContain("no functions that can be traced");
    expect(await failing({ target: ["node"], flags: ["send"] })).toContain('the flags are "log", "nodes"');
    expect(await failing({ target: ["node"], flags: [] })).toContain('the flags are "log", "nodes"');
    const leader = runtimeOf("a").names.get("user")?.pid as Pid;
    expect(await failing({ target: ["pid", leader] }, "a")).toContain("to trace it would have no end");
    expect([tracer("a"), tracer("b")]).toEqual([undefined, undefined]);
  });
});
