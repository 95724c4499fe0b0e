import { beforeEach, describe, expect, test } from "vitest";
import { DynamicSupervisor } from "../../src/otp/dynamic-supervisor.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import { PartitionSupervisor } from "../../src/otp/partition-supervisor.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ended, exitOf, numbers } from "../support/processes.ts";

class Shard extends GenServer {
  arg: unknown;
  init(arg: unknown): void {
    this.arg = arg;
  }
  handleCall(): unknown {
    return this.arg;
  }
}

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> =>
  inProcess(runtime, () => {
    Process.flag("trapExit", true);
    return body();
  });
const at = (key: unknown) => ({ via: [PartitionSupervisor, ["Shards", key]] as const });
const start = (partitions: number): Promise<Pid> =>
  PartitionSupervisor.startLink({
    name: "Shards",
    childSpec: [Shard, "shard"],
    partitions,
    withArguments: ([module, arg], partition) => [module, `${String(arg)} ${partition}`],
  });

describe("PartitionSupervisor.startLink()", () => {
  test("SUP-046: runs n copies, addressed by any key, an integer modulo n", async () => {
    await run(async () => {
      await start(3);
      expect(PartitionSupervisor.partitions("Shards")).toBe(3);
      expect(await PartitionSupervisor.countChildren("Shards")).toMatchObject({ active: 3, workers: 3 });
      expect((await PartitionSupervisor.whichChildren("Shards")).map(([id]) => id)).toEqual([2, 1, 0]);
      for (const key of [0, 1, 2, 3, -4, 300_000]) {
        expect(await GenServer.call(at(key), "get")).toBe(`shard ${Math.abs(key) % 3}`);
      }
      const room = await GenServer.call(at(["room", 7]), "get");
      expect(await GenServer.call(at(["room", 7]), "get")).toBe(room);
      const reached = new Set<unknown>();
      for (const n of numbers(50)) reached.add(await GenServer.call(at(`key ${n}`), "get"));
      expect(reached.size).toBe(3);
    });
  });

  test("routes to dynamic supervisors, as one of a tree", async () => {
    await run(async () => {
      const spec = { name: "Shards", childSpec: DynamicSupervisor, partitions: 2 };
      await Supervisor.startLink([[PartitionSupervisor, spec]], { strategy: "oneForOne" });
      await DynamicSupervisor.startChild(at(0), [Task, () => receive()]);
      expect(await DynamicSupervisor.countChildren(at(0))).toMatchObject({ active: 1 });
      expect(await DynamicSupervisor.countChildren(at(1))).toMatchObject({ active: 0 });
    });
  });

  test("a partition that ends is found again as the new one", async () => {
    await run(async () => {
      await start(1);
      const pid = PartitionSupervisor.whereisName(["Shards", 0]) as Pid;
      Process.exit(pid, "kill");
      await ended(pid);
      await PartitionSupervisor.countChildren("Shards");
      expect(PartitionSupervisor.whereisName(["Shards", 0])).not.toBe(pid);
      expect(await GenServer.call(at(0), "get")).toBe("shard 0");
    });
  });

  test.each([
    [{ childSpec: Shard }, "name"],
    [{ name: "Shards" }, "childSpec"],
    [{ name: "Shards", childSpec: Shard, partitions: 0 }, "partitions"],
    [{ name: "Shards", childSpec: Shard, withArguments: 1 }, "withArguments"],
    [{ name: "Shards", childSpec: Shard, withArguments: () => 1 }, "withArguments"],
  ])("SUP-048: %o is told by the option's name", async (options, option) => {
    await inProcess(runtime, async () => {
      await expect(PartitionSupervisor.startLink(options as never)).rejects.toMatchObject({
        code: "badarg",
        message: expect.stringContaining(`option ${option}`) as string,
      });
    });
  });
});

describe("PartitionSupervisor.resize()", () => {
  test("SUP-047: fewer, none and as many as before; more than at its start are refused", async () => {
    await run(async () => {
      await start(3);
      expect(await PartitionSupervisor.resize("Shards", 1)).toBe(1);
      expect(PartitionSupervisor.partitions("Shards")).toBe(1);
      expect(await PartitionSupervisor.countChildren("Shards")).toMatchObject({ specs: 3, active: 1 });
      for (const key of numbers(4)) expect(await GenServer.call(at(key), "get")).toBe("shard 0");

      expect(await PartitionSupervisor.resize("Shards", 0)).toBe(0);
      await expect(GenServer.call(at(0), "get")).rejects.toMatchObject({ code: "badarg" });

      expect(await PartitionSupervisor.resize("Shards", 3)).toBe(3);
      expect(await GenServer.call(at(2), "get")).toBe("shard 2");
      for (const size of [4, -1, 0.5]) {
        await expect(PartitionSupervisor.resize("Shards", size)).rejects.toMatchObject({ code: "badarg" });
      }
    });
  });
});

test("is forgotten with its supervisor, and nobody is started as a partition", async () => {
  await run(async () => {
    await start(1);
    await PartitionSupervisor.stop("Shards");
    expect(() => PartitionSupervisor.partitions("Shards")).toThrow("no PartitionSupervisor");
    expect(await exitOf(() => GenServer.call(at(0), "get"))).toMatchObject([
      "noproc",
      ["GenServer", "call", [at(0), "get", 5000]],
    ]);
    await start(1);
    await expect(GenServer.startLink(Shard, 1, { name: at(0) })).rejects.toMatchObject({ code: "already_started" });
    await expect(PartitionSupervisor.resize("Nothing", 1)).rejects.toMatchObject({ code: "badarg" });
    expect(() => PartitionSupervisor.registerName()).toThrow("nobody can be started as one");
    expect(() => PartitionSupervisor.whereisName("Shards")).toThrow("is addressed as");
    expect(PartitionSupervisor.send(["Shards", 5], "hello")).toBe(PartitionSupervisor.whereisName(["Shards", 0]));
  });
});

test("a class can name a PartitionSupervisor, and addresses its partitions", async () => {
  await run(async () => {
    class Rooms extends GenServer {}
    const supervisor = await Supervisor.startLink(
      [[PartitionSupervisor, { name: Rooms, childSpec: [Shard, "room"], partitions: 2 }]],
      { strategy: "oneForOne" },
    );
    expect(await Supervisor.whichChildren(supervisor)).toMatchObject([
      ["Rooms", Process.whereis("Rooms"), "supervisor", ["PartitionSupervisor"]],
    ]);
    expect([PartitionSupervisor.partitions(Rooms), PartitionSupervisor.partitions("Rooms")]).toEqual([2, 2]);
    expect(await GenServer.call({ via: [PartitionSupervisor, [Rooms, 3]] }, "get")).toBe("room");
    expect(await PartitionSupervisor.resize(Rooms, 1)).toBe(1);
    expect(await PartitionSupervisor.countChildren(Rooms)).toMatchObject({ active: 1 });
    expect(PartitionSupervisor.whereisName([Rooms, 3])).toBe(PartitionSupervisor.whereisName(["Rooms", 0]));
  });
});
