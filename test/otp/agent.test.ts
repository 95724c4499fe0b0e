import { beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { capture } from "../../src/code/closure.ts";
import { Agent, type AgentPid } from "../../src/otp/agent.ts";
import { sys } from "../../src/otp/sys.ts";
import { Node } from "../../src/node/node-module.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { startCluster } from "../../src/testing/cluster.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  log = [];
  runtime = new Runtime({ log: (entry) => void log.push(entry) });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

const Stack = {
  create: (...items: number[]) => items,
  top: (items: readonly number[]) => items.at(-1),
  push: (items: readonly number[], item: number) => [...items, item],
  pop: (items: readonly number[]) => [items.at(-1), items.slice(0, -1)] as const,
};

describe("Agent", () => {
  test("keeps a state that functions read and change", async () => {
    await run(async () => {
      const agent = await Agent.startLink(() => 42);
      expectTypeOf(agent).toEqualTypeOf<AgentPid<number>>();
      expect(await Agent.get(agent, (n) => n + 1)).toBe(43);
      expect(await Agent.update(agent, (n) => n * 2)).toBe("ok");
      expect(await Agent.getAndUpdate(agent, (n) => [`was ${n}`, 0])).toBe("was 84");
      expect(await Agent.get(agent, (n) => n)).toBe(0);
      expect(Process.info(agent)).toMatchObject({ initialCall: "Agent.init/1", links: [self()] });
      expect(await Agent.stop(agent)).toBe("ok");
      expect(Process.alive(agent)).toBe(false);
    });
  });

  test("by module, function, and arguments after the state", async () => {
    runtime.modules.define("Stack", Stack);
    await run(async () => {
      const agent = await Agent.start(Stack, "create", [1, 2], { name: "Stack" });
      expect(await Agent.update("Stack", Stack, "push", [3])).toBe("ok");
      expect(await Agent.get(agent, "Stack", "top")).toBe(3);
      expect(await Agent.getAndUpdate(agent, Stack, "pop")).toBe(3);
      expect(Agent.cast(agent, Stack, "push", [4])).toBe("ok");
      expect(await Agent.get(["Stack", runtime.name], (items: number[]) => items)).toEqual([1, 2, 4]);
      expect(() => Agent.cast(agent, undefined as never)).toThrow("Give a function");
    });
  });

  test("AGENT-002: an update that awaits is over before the next begins", async () => {
    await run(async () => {
      const agent = await Agent.startLink(() => [] as string[]);
      const add = (name: string) => async (seen: string[]) => {
        await Process.yield();
        return [...seen, name];
      };
      await Promise.all([Agent.update(agent, add("a")), Agent.update(agent, add("b"))]);
      expect(await Agent.get(agent, (seen) => seen)).toEqual(["a", "b"]);
    });
  });

  test("AGENT-003: an agent on another node runs functions there", async () => {
    await using cluster = await startCluster(["alex", "kate"]);
    const at = ["Store", "kate@localhost"] as const;
    cluster.at("kate").node.runtime.modules.define("Where", { node: () => self().node });
    await cluster.run("kate", async () => void (await Agent.start(() => 1, { name: "Store" })));
    await cluster.run("alex", async () => {
      await Node.connect("kate@localhost");
      const by = 5;
      expect(
        await Agent.update(
          at,
          capture({ by }, (n: number) => n + by),
        ),
      ).toBe("ok");
      expect(await Agent.get(at, (n: number) => n)).toBe(6);
      expect(await Agent.get(at, "Where", "node")).toBe("kate@localhost");
      expect(Agent.cast(at, (n: number) => n + 1)).toBe("ok");
      expect(await Agent.getAndUpdate(at, (n: number) => [n, 0])).toBe(7);
    });
  });

  test("AGENT-005: a cast is ok at once, and seen by the next read", async () => {
    await run(async () => {
      await Agent.startLink(() => 1, { name: "Counter" });
      expect(Agent.cast("Counter", (n: number) => n + 1)).toBe("ok");
      expect(await Agent.get("Counter", (n: number) => n)).toBe(2);
      expect(Agent.cast("Nobody", (n: number) => n)).toBe("ok");
    });
  });

  test("AGENT-010: suspended, and changed by a function that throws, it goes on with the old state", async () => {
    await run(async () => {
      const agent = await Agent.startLink(() => 1);
      await sys.suspend(agent);
      const wrong = sys.replaceState(agent, () => {
        throw new Error("wrong");
      });
      await expect(wrong).rejects.toThrow("wrong");
      await sys.resume(agent);
      expect(await Agent.get(agent, (state) => state)).toBe(1);
    });
  });

  test("AGENT-008: what it gave, and what it was given, can be changed without changing the state", async () => {
    await run(async () => {
      const own = { list: [1] };
      const agent = await Agent.startLink(() => own);
      own.list.push(2);
      (await Agent.get(agent, (state) => state)).list.push(3);
      (await Agent.getAndUpdate(agent, (state) => [state.list, state])).push(4);
      expect(await Agent.get(agent, (state) => state)).toEqual({ list: [1] });
      const other = { list: [5] };
      await Agent.update(agent, () => other);
      other.list.push(6);
      expect(await Agent.get(agent, (state) => state)).toEqual({ list: [5] });
      // In place is the agent's own affair.
      await Agent.update(agent, (state) => {
        state.list.push(7);
        return state;
      });
      expect(await Agent.get(agent, ({ list }) => list)).toEqual([5, 7]);
    });
  });

  test("AGENT-009: its child spec", () => {
    const fn = (): number => 1;
    expect(Agent.childSpec(fn)).toEqual({ id: "Agent", start: ["Agent", "startLink", [fn]] });
    expect(Agent.childSpec([Stack, "create", [1]], { id: 7, restart: "temporary", shutdown: 1 })).toEqual({
      id: 7,
      start: ["Agent", "startLink", [Stack, "create", [1]]],
      restart: "temporary",
      shutdown: 1,
    });
  });

  test("an error of a function ends the agent, and is its caller's exit", async () => {
    await run(async () => {
      const agent = await Agent.start(() => 1, { name: "Counter" });
      const fn = (): never => {
        throw new TypeError("boom");
      };
      await expect(Agent.update(agent, fn)).rejects.toMatchObject({
        reason: [{ message: "boom" }, ["Agent", "update", [agent, fn, 5000]]],
      });
      expect(log[0]?.message).toMatch(/^GenServer "Counter" terminating\n\*\* \(TypeError\) boom/);
      await expect(Agent.get(agent, (n) => n)).rejects.toMatchObject({ reason: ["noproc", {}] });
      await expect(Agent.start(fn)).rejects.toThrow("boom");
      const odd = await Agent.start(() => 1);
      await expect(Agent.getAndUpdate(odd, () => 7 as never)).rejects.toMatchObject({
        reason: [["bad_return_value", 7], {}],
      });
    });
  });

  test("a message that is none of its own is logged, and harms nothing", async () => {
    await run(async () => {
      const agent = await Agent.startLink(() => ({ a: 1 }));
      send(agent, "hello");
      expect(await sys.getState(agent)).toEqual({ a: 1 });
      expect(log[0]?.message).toMatch(/^Agent #PID<.*> received an unexpected message: "hello"$/);
    });
  });
});
