import { describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { runAs } from "../../src/process/context.ts";
import { defmodule } from "../../src/process/kernel.ts";
import type { Process as Running } from "../../src/process/process.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import type { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { terminate } from "../../src/process/terminate.ts";
import { Cluster } from "../../src/testing.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";

/** How many walks, and the first seed: `MOEBI_SEEDS=1000`, or `MOEBI_SEEDS=1@4711` for one that failed. */
const [count = "6", first = "1"] = (process.env["MOEBI_SEEDS"] ?? "").split("@").filter((part) => part !== "");
const STEPS = 60;
const HARD_LIMIT = 64 * 1024 * 1024;

const Worker = defmodule("SimulationWorker", {
  wait: (): Promise<unknown> => receive(() => false),
  identity: (value: number): number => value,
});

/** One life of a node, and the process on it that sends and takes the numbered messages. */
interface Life {
  readonly short: string;
  readonly name: NodeName;
  readonly number: number;
  readonly runtime: Runtime;
  readonly actor: Running;
  /** What the actor got, in order. */
  readonly log: (readonly unknown[])[];
}

/** Something that must end so many times, by the process that waits for it. */
interface Expectation {
  readonly what: "monitor" | "link" | "call";
  readonly waiter: Running;
  times: number;
}

/** A seeded random walk over a cluster in virtual time. */
class Walk {
  readonly cluster: Cluster;
  readonly steps: string[] = [];
  private readonly names: string[];
  private readonly up = new Map<string, Life>();
  private readonly lives: Life[] = [];
  private readonly expectations: Expectation[] = [];
  private readonly sent = new Map<string, number>();
  private random: number;
  /** Calls that went well, and what the others gave. */
  answered = 0;
  private readonly answers: unknown[] = [];
  private readonly intrusions: unknown[] = [];

  constructor(seed: number) {
    this.random = seed >>> 0;
    this.cluster = new Cluster({ seed });
    this.names = Array.from({ length: 5 + this.below(4) }, (_, i) => `n${String(i)}`);
  }

  async run(): Promise<void> {
    await this.cluster.start("evil", { cookie: "wrong" });
    for (const name of this.names) await this.start(name);
    for (let i = 0; i < STEPS; i++) {
      await this.step();
      this.checkNow();
    }
    await this.finish();
  }

  private async start(short: string): Promise<void> {
    const { node } = await this.cluster.start(short);
    const log: (readonly unknown[])[] = [];
    const actor = node.runtime.spawn(async () => {
      Process.register(self(), "actor");
      Process.flag("trapExit", true);
      Node.monitorNodes(true);
      for (;;) log.push((await receive()) as readonly unknown[]);
    });
    const life = { short, name: node.name, number: this.lives.length, runtime: node.runtime, actor, log };
    this.lives.push(life);
    this.up.set(short, life);
    await this.cluster.settle();
  }

  private async step(): Promise<void> {
    const { cluster } = this;
    const [a, b] = [this.pick(this.names), this.pick(this.names)];
    const from = this.up.get(a);
    const kind = this.pick([
      "send",
      "send",
      "send",
      "old",
      "monitor",
      "name",
      "link",
      "call",
      "cut",
      "drop",
      "heal",
      "delay",
      "kill",
      "crash",
      "stop",
      "disconnect",
      "reset",
      "evil",
      "wait",
      "wait",
    ]);
    this.steps.push(`${kind} ${a} ${b}`);
    if (kind === "wait") return cluster.advance(this.pick([1, 100, 5000, 20_000, 80_000]));
    if (from === undefined) return this.start(a);
    const to = this.up.get(b) ?? this.lives.findLast((life) => life.short === b);
    if (to === undefined || a === b) return;
    switch (kind) {
      case "send":
        for (let n = 1 + this.below(20); n > 0; n--) this.send(from, to);
        return cluster.settle();
      case "old": {
        // Whoever lived there first: the message must reach nobody if that life is over.
        const old = this.lives.find((life) => life.short === b) ?? to;
        return this.send(from, old);
      }
      case "monitor":
        return this.monitor(from, to.actor.pid);
      case "name":
        return this.monitor(from, ["actor", to.name]);
      case "link":
        return this.link(from, to.name);
      case "call":
        return this.call(from, to.name);
      case "cut":
        return cluster.cut(a, b);
      case "drop":
        return cluster.drop(a, b);
      case "heal":
        return cluster.heal(a, b);
      case "delay":
        return cluster.delay(a, b, this.below(200), this.below(100));
      case "disconnect":
        return runAs(from.actor, () => void Node.disconnect(to.name));
      case "reset":
        return cluster.reset(a, b);
      case "evil":
        return this.evil(from.name);
      default:
        this.up.delete(a);
        await (kind === "kill" ? cluster.kill(a) : kind === "crash" ? cluster.crash(a) : cluster.stop(a));
    }
  }

  private send(from: Life, to: Life): void {
    const stream = `${String(from.number)}>${String(to.number)}`;
    const number = this.sent.get(stream) ?? 0;
    this.sent.set(stream, number + 1);
    // Some are large, so that they leave in many frames.
    const body = this.below(20) === 0 ? "x".repeat(200_000) : "";
    runAs(from.actor, () => send(to.actor.pid, ["message", from.name, stream, to.number, number, body]));
  }

  /** A process that waits for one thing, and counts how often it comes. */
  private expecting(life: Life, what: Expectation["what"], wait: (came: () => void) => Promise<unknown>): void {
    const expectation: Expectation = {
      what,
      times: 0,
      waiter: life.runtime.spawn(() => wait(() => void expectation.times++)),
    };
    this.expectations.push(expectation);
  }

  private monitor(life: Life, target: Pid | readonly [string, NodeName]): void {
    this.expecting(life, "monitor", async (came) => {
      const ref = Process.monitor(target);
      for (;;) if (((await receive()) as unknown[])[1] === ref) came();
    });
  }

  private link(life: Life, node: NodeName): void {
    this.expecting(life, "link", async (came) => {
      Process.flag("trapExit", true);
      const partner = await Node.spawnLink(node, Worker, "wait");
      for (;;) if (((await receive()) as unknown[])[1] === partner) came();
    });
  }

  private call(life: Life, node: NodeName): void {
    this.expecting(life, "call", async (came) => {
      const value = await rpc.call(node, Worker, "identity", [7], 5000);
      came();
      if (value === 7) this.answered++;
      else this.answers.push(value);
      await receive(() => false);
    });
  }

  private evil(node: NodeName): void {
    void this.cluster.at("evil").node.run(async () => this.intrusions.push(await Node.connect(node)));
  }

  /** What holds at every moment. */
  private checkNow(): void {
    for (const { runtime, name } of this.up.values()) {
      const { connections } = this.cluster.at(name.split("@")[0] as string).node;
      const connected = connections?.list("connected") ?? [];
      expect(connected, "7: nobody is connected without the cookie").not.toContain("evil@localhost");
      for (const peer of connected)
        expect(connections?.linkTo(peer)?.queuedBytes, "6: queues").toBeLessThanOrEqual(HARD_LIMIT + 1_000_000);
      expect(runtime.aliases.size, "no alias is left of a call that ended").toBeLessThan(1000);
    }
    for (const life of this.lives) this.checkStreams(life);
    expect(this.intrusions, "7: a wrong cookie connects").not.toContain(true);
    for (const answer of this.answers)
      expect(
        [
          ["badrpc", "nodedown"],
          ["badrpc", "timeout"],
        ],
        "4: how a call ends",
      ).toContainEqual(answer);
    for (const { what, times } of this.expectations) expect(times, `3, 4: a ${what} ends once`).toBeLessThanOrEqual(1);
  }

  /** 1: in order, without gaps but across a nodedown. 2: only what was meant for this life. */
  private checkStreams(life: Life): void {
    const next = new Map<string, number>();
    const lost = new Set<string>();
    for (const message of life.log) {
      if (message[0] === "nodedown") {
        for (const stream of next.keys()) lost.add(`${String(message[1])} ${stream}`);
      }
      if (message[0] !== "message") continue;
      const [, from, stream, to, number] = message as [string, string, string, number, number];
      expect(to, "2: a message reaches the life it was sent to").toBe(life.number);
      const expected = next.get(stream);
      if (expected !== undefined && number !== expected) {
        expect(number, `1: order of ${stream}`).toBeGreaterThan(expected);
        expect(
          lost.has(`${from} ${stream}`),
          `1: a gap in ${stream} before ${String(number)}, without a nodedown`,
        ).toBe(true);
      }
      lost.delete(`${from} ${stream}`);
      next.set(stream, number + 1);
    }
  }

  private async finish(): Promise<void> {
    const { cluster } = this;
    const hosts = [...this.names, "evil"];
    for (const a of hosts) for (const b of hosts) if (a !== b) cluster.heal(a, b);
    await cluster.advance(200_000);
    this.checkNow();

    const listOf = (life: Life): readonly string[] => cluster.at(life.short).node.connections?.list() ?? [];
    for (const a of this.up.values()) {
      for (const b of this.up.values()) {
        expect(listOf(a).includes(b.name), `5: ${a.name} and ${b.name} see the same`).toBe(listOf(b).includes(a.name));
      }
    }

    for (const { runtime, actor } of this.up.values()) {
      terminate(actor, "the end");
      for (const process of [...runtime.processes.values()])
        if (process.initialCall === "SimulationWorker.wait/0") terminate(process, "the end");
    }
    await cluster.advance(10_000);
    for (const { what, times, waiter } of this.expectations) {
      if (waiter.alive) expect(times, `3, 4: a ${what} ends`).toBe(1);
      else expect(times, `3, 4: a ${what} ends at most once`).toBeLessThanOrEqual(1);
    }

    await cluster[Symbol.asyncDispose]();
    await cluster.advance(10_000);
    expect(cluster.clock.pending, "8: timers left").toBe(0);
    for (const { runtime } of this.lives) {
      expect([runtime.processes.size, runtime.names.size, runtime.aliases.size], "8: entries left").toEqual([0, 0, 0]);
    }
  }

  /** Numbered messages that arrived. */
  get delivered(): number {
    return this.lives.reduce((sum, { log }) => sum + log.filter((message) => message[0] === "message").length, 0);
  }

  private below(limit: number): number {
    this.random = (this.random + 0x6d2b79f5) >>> 0;
    let word = this.random;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) % limit;
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

describe("a cluster at random", () => {
  test(
    `L3: keeps the invariants over ${count} walks`,
    async () => {
      let [delivered, answered] = [0, 0];
      for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
        const walk = new Walk(seed);
        try {
          await walk.run();
          delivered += walk.delivered;
          answered += walk.answered;
        } catch (error) {
          const trace = walk.steps.map((step, i) => `${String(i)} ${step}`).join("\n");
          throw new Error(
            `Seed ${String(seed)}: ${(error as Error).message} (MOEBI_SEEDS=1@${String(seed)})\n${trace}`,
            { cause: error },
          );
        }
      }
      // A walk that goes nowhere shows nothing.
      expect(delivered).toBeGreaterThan(20 * Number(count));
      expect(answered).toBeGreaterThan(0);
    },
    Math.max(120_000, Number(count) * 20_000),
  );
});
