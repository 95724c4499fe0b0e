import { describe, expect, test } from "vitest";
import { nameServerOf } from "../../src/node/global/name-server.ts";
import { global } from "../../src/node/global.ts";
import { Node } from "../../src/node/node-module.ts";
import { receive } from "../../src/process/receive.ts";
import { spawn } from "../../src/process/spawn.ts";
import { sendExit } from "../../src/process/terminate.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { Cluster } from "../../src/testing.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";

/** How many walks, and the first seed: `MOEBI_SEEDS=1000`, or `MOEBI_SEEDS=1@4711` for one that failed. */
const [count = "8", first = "1"] = (process.env["MOEBI_SEEDS"] ?? "").split("@").filter((part) => part !== "");
const STEPS = 60;
const NAMES = ["x", "y", "z"];

const fullName = (short: string): NodeName => `${short}@localhost`;

/** A seeded random walk of names over a cluster in virtual time. */
class Walk {
  readonly cluster: Cluster;
  readonly steps: string[] = [];
  /** How many names were given, and how many checks saw one. */
  given = 0;
  seen = 0;
  private readonly names: string[];
  private random: number;

  constructor(seed: number) {
    this.random = seed >>> 0;
    this.cluster = new Cluster({ seed });
    this.names = Array.from({ length: 3 + this.below(4) }, (_, i) => `n${String(i)}`);
  }

  async run(): Promise<void> {
    for (const name of this.names) await this.cluster.start(name);
    for (let i = 0; i < STEPS; i++) await this.step();
    await this.finish();
  }

  private async step(): Promise<void> {
    const { cluster } = this;
    const [a, b, name] = [this.pick(this.names), this.pick(this.names), this.pick(NAMES)];
    const kind = this.pick([
      ...["register", "register", "register", "again", "unregister", "end", "connect", "connect", "connect"],
      ...["cut", "heal", "heal", "reset", "delay", "kill", "crash", "stop", "wait", "wait", "check"],
    ]);
    this.steps.push(`${kind} ${a} ${b} ${name}`);
    if (kind === "wait") return cluster.advance(this.pick([1, 20, 300, 5000, 80_000]));
    if (kind === "check") return this.check();
    const node = cluster.members.get(a)?.node;
    if (node === undefined) return void (await cluster.start(a));
    switch (kind) {
      case "register":
      case "again":
        return this.register(node, b, name, kind === "again");
      case "unregister":
        return this.background(node, () => global.unregisterName(name));
      case "end": {
        const pid = nameServerOf(node.runtime)?.table.holder(name);
        if (pid !== undefined) this.background(node, () => pid.node === Node.self() && end(node, pid));
        return;
      }
      case "connect":
        return this.background(node, () => Node.connect(fullName(b)));
      case "delay":
        if (a !== b) cluster.delay(a, b, this.below(200), this.below(100));
        return;
      case "cut":
      case "heal":
      case "reset":
        if (a !== b) cluster[kind](a, b);
        return;
      default:
        await cluster[kind as "kill" | "crash" | "stop"](a);
    }
  }

  /** Starts something and goes on: what it does takes virtual time, and its node may end meanwhile. */
  private background(node: LocalNode, body: () => unknown): void {
    node.run(body).catch(() => undefined);
  }

  private register(node: LocalNode, other: string, name: string, again: boolean): void {
    const elsewhere = this.below(3) === 0 ? this.cluster.members.get(other)?.node : undefined;
    const rule = this.pick([global.randomExitName, global.randomNotifyName, global.notifyAllName]);
    this.background(node, async () => {
      const holder = await (elsewhere ?? node).run(() => spawn(() => receive(() => false)));
      const answer = await (again
        ? global.reRegisterName(name, holder, rule)
        : global.registerName(name, holder, rule));
      if (answer === "yes") this.given++;
    });
  }

  /** At rest, whatever is cut: the parts of the cluster do not overlap, and each agrees. */
  private async check(): Promise<void> {
    await this.cluster.advance(400_000);
    const members = [...this.cluster.members.values()];
    const listOf = (name: NodeName): string[] =>
      [name, ...(members.find((member) => member.name === name)?.node.connections?.list() ?? [])].sort();
    for (const { name, node } of members) {
      const part = listOf(name);
      for (const peer of part) expect(listOf(peer as NodeName), `${name} and ${peer} see the same`).toEqual(part);
      const table = nameServerOf(node.runtime)?.table;
      for (const what of NAMES) {
        const holders = table?.holders(what) ?? [];
        expect(holders.length, `${what} has one holder on ${name}`).toBeLessThan(2);
        const [pid] = holders;
        if (pid !== undefined) {
          this.seen++;
          expect(part, `the holder of ${what} is of the part of ${name}`).toContain(pid.node);
          const there = members.find((member) => member.name === pid.node)?.node.runtime;
          expect(there?.find(pid)?.alive, `the holder of ${what} on ${name} is alive`).toBe(true);
        }
        for (const peer of part) {
          const theirs = nameServerOf(members.find((member) => member.name === peer)?.node.runtime as never)?.table;
          expect(theirs?.holders(what), `${name} and ${peer} agree on ${what}`).toEqual(holders);
        }
      }
    }
  }

  private async finish(): Promise<void> {
    const { cluster, names } = this;
    for (const a of names) for (const b of names) if (a !== b) cluster.heal(a, b);
    await cluster.advance(200_000);
    for (const a of cluster.members.keys())
      for (const b of cluster.members.keys())
        if (a < b) expect(await cluster.run(a, () => Node.connect(fullName(b))), `${a} connects to ${b}`).toBe(true);
    await this.check();
    for (const { node } of cluster.members.values())
      expect(node.connections?.list().length, "all are connected").toBe(cluster.members.size - 1);
    // Nothing holds a lock that is over.
    const node = cluster.members.values().next().value?.node;
    if (node !== undefined) {
      const given = cluster.drive(node.run(() => global.trans(["global", 1], () => "free", undefined, 0)));
      expect(await given, "no lock is left").toBe("free");
    }
    await cluster[Symbol.asyncDispose]();
    await cluster.advance(10_000);
    expect(cluster.clock.pending, "timers left").toBe(0);
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

function end(node: LocalNode, pid: Pid): void {
  const server = node.runtime.names.get("global_name_server");
  if (server !== undefined) sendExit(server, pid, "kill");
}

describe("names over a cluster at random", () => {
  test(
    `are the same for all who are connected, over ${count} walks`,
    async () => {
      let [given, seen] = [0, 0];
      for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
        const walk = new Walk(seed);
        try {
          await walk.run();
          given += walk.given;
          seen += walk.seen;
        } catch (error) {
          const trace = walk.steps.map((step, i) => `${String(i)} ${step}`).join("\n");
          throw new Error(
            `Seed ${String(seed)}: ${(error as Error).message} (MOEBI_SEEDS=1@${String(seed)})\n${trace}`,
            { cause: error },
          );
        }
      }
      // A walk that goes nowhere shows nothing.
      expect(given).toBeGreaterThan(2 * Number(count));
      expect(seen).toBeGreaterThan(Number(count));
    },
    Math.max(120_000, Number(count) * 20_000),
  );
});
