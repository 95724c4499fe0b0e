import "../../src/library.ts";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileClosure } from "../../src/code/closure.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { global } from "../../src/node/global.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { Node } from "../../src/node/node-module.ts";
import { Peer, type PeerOptions } from "../../src/node/peer.ts";
import { rpc } from "../../src/node/rpc.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { spawnMonitor } from "../../src/process/spawn.ts";
import { loadFile } from "../../src/shell/helpers/load-file.ts";
import { startNode } from "../../src/start-node.ts";
import type { LogEntry } from "../../src/process/log.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";
import { downOf, exitOf } from "../support/processes.ts";

let origin: LocalNode;
let device: StringDevice;
const logged: LogEntry[] = [];

beforeAll(async () => {
  device = new StringDevice();
  origin = await startNode({
    sname: "origin",
    cookie: "only for peers",
    device,
    log: (entry) => void logged.push(entry),
  });
});

afterAll(() => origin.stop());

const CHANNEL = "standardIo";

/** A function as a person types it: what it names is found where it runs. */
const fn = (source: string): (() => unknown) => compileClosure(source, {}, origin.scope) as () => unknown;
const start = (options: PeerOptions = {}): Promise<[Pid, NodeName]> => Peer.startLink({ waitBoot: 50_000, ...options });

/** Whether a program runs. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for the end of a program that no child of ours tells us about. */
async function endOf(pid: number): Promise<void> {
  while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Settles when the origin's device shows such a text. */
function told(wanted: (text: string) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const write = device.write.bind(device);
  device.write = (text) => {
    if (wanted(text)) resolve();
    return write(text);
  };
  return promise;
}

const osPid = (peer: Pid): Promise<number> => Peer.call(peer, () => process.pid) as Promise<number>;

describe("a connected peer", () => {
  test("PEER-002: is a node like others, and gone when stop() returns", () =>
    origin.run(async () => {
      Node.monitorNodes(true);
      const file = join(homedir(), "peer-module.ts");
      await writeFile(file, "export const PeerModule = { twice: (n: number): number => 2 * n };\n");
      await loadFile(origin.runtime, file);
      const [peer, node] = await start();
      expect(node).toMatch(/^peer-\d+-\d+@localhost$/);
      expect(await receive()).toEqual(["nodeup", node]);
      expect([Node.list(), await Peer.getState(peer)]).toEqual([[node], "running"]);
      // Over the network, and over the channel; here is another program.
      const there = (await rpc.call(node, () => process.pid)) as number;
      expect(there).not.toBe(process.pid);
      expect(await osPid(peer)).toBe(there);
      expect(await rpc.call(node, "PeerModule", "twice", [21])).toBe(42);
      expect(await global.sync()).toBe("ok");
      await rpc.call(node, fn('() => IO.puts("printed there")'));
      expect(device.output).toContain("printed there\n");
      expect(await Peer.stop(peer)).toBe("ok");
      expect([Node.list(), runs(there)]).toEqual([[], false]);
      expect(await receive()).toEqual(["nodedown", node]);
      expect(await exitOf(() => Peer.getState(peer))).toMatchObject(["noproc", ["Peer", "getState", [peer]]]);
    }));

  test("logs at its owner's terminal, each line once and with the name of the peer", () =>
    origin.run(async () => {
      const [peer, node] = await start();
      await Node.spawn(node, fn('() => { Logger.error("for who spawned it"); throw new Error("seen once") }'));
      Peer.cast(peer, fn('() => { Logger.error("for the peer") }'));
      await told((text) => text.includes("for the peer"));
      await Peer.stop(peer);
      const forwarded = logged.filter((entry) => entry.node === node).map(({ message }) => message.split("\n")[0]);
      expect(forwarded).toEqual(["for who spawned it", expect.stringMatching(/^Process #PID.* raised an exception$/)]);
      const lines = device.output.split("\n").filter((line) => /for who|seen once|for the peer/.test(line));
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^[\\d:.]+ \\[error\\] \\[${node}\\] for the peer$`))]);
    }));

  test("PEER-006: that is killed ends its owner with the reason, if it is to crash", () =>
    origin.run(async () => {
      const [peer, node] = await Peer.start({ name: "crash", peerDown: "crash", waitBoot: 50_000 });
      expect(node).toBe("crash@localhost");
      const watch = Process.monitor(peer);
      process.kill(await osPid(peer), "SIGKILL");
      expect(await downOf(watch)).toEqual(["nodedown", node]);
    }));

  test("PEER-003: is stopped with who is linked to it, also when it is busy", () =>
    origin.run(async () => {
      const pids = Promise.withResolvers<number>();
      const [owner, watch] = spawnMonitor(async () => {
        const [peer] = await start();
        pids.resolve(await osPid(peer));
        Peer.cast(peer, () => {
          for (;;);
        });
        await receive();
      });
      const pid = await pids.promise;
      Process.exit(owner, "shutdown");
      expect(await downOf(watch)).toBe("shutdown");
      await endOf(pid);
    }));
});

describe("a peer over the channel alone", () => {
  test("PEER-004: is called through it, and prints where its starter prints", () =>
    origin.run(async () => {
      const [peer, node] = await start({ connection: CHANNEL, env: { PEER_TEST: "from the starter" } });
      expect([node, Node.list()]).toEqual(["nonode@nohost", []]);
      expect(await Peer.call(peer, "Kernel", "node", [])).toBe("nonode@nohost");
      await expect(Peer.call(peer, "Kernel", "inspect", [[Symbol("s")]] as never)).rejects.toMatchObject({
        code: "not_sendable",
        message: expect.stringMatching(/^args\[0\]\[0\] is a symbol/u) as string,
      });
      expect(await Peer.call(peer, () => process.env["PEER_TEST"])).toBe("from the starter");
      expect(await Peer.call(peer, () => new Map([[1, [new Date(0)]]]))).toEqual(new Map([[1, [new Date(0)]]]));
      await expect(
        Peer.call(peer, () => {
          throw new TypeError("wrong");
        }),
      ).rejects.toMatchObject({ name: "TypeError", message: "wrong" });
      expect(await exitOf(() => Peer.call(peer, fn("() => receive()"), 10))).toEqual([
        "timeout",
        ["Peer", "call", [peer, expect.any(Function)]],
      ]);
      await expect(Peer.call(peer, "Nowhere", "none", [])).rejects.toMatchObject({ code: "exception" });
      expect(Peer.cast(peer, fn('() => IO.puts("hello from the peer")'))).toBe("ok");
      await told((text) => text.includes("hello from the peer"));
      // A process there gets what is sent to its name.
      const got = Peer.call(peer, fn('() => (Process.register(self(), "listener"), receive())'));
      while ((await Peer.call(peer, "Process", "whereis", ["listener"])) === null);
      expect(Peer.send(peer, "listener", ["hi", 1])).toBe("ok");
      expect(await got).toEqual(["hi", 1]);
      expect(await Peer.stop(peer)).toBe("ok");
    }));

  test("PEER-007: that is killed leaves its owner, if it is to continue", () =>
    origin.run(async () => {
      const [peer] = await start({ connection: CHANNEL, peerDown: "continue" });
      const calling = Peer.call(peer, fn('() => process.kill(process.pid, "SIGKILL") && receive()'), Infinity);
      await expect(calling).rejects.toMatchObject({ code: "noconnection" });
      expect(await Peer.getState(peer)).toEqual(["down", ["exit_status", "SIGKILL"]]);
      await expect(Peer.call(peer, () => 1)).rejects.toMatchObject({ code: "noconnection" });
      expect(await Peer.stop(peer)).toBe("ok");
    }));

  test("PEER-010: that does not end in time is killed", () =>
    origin.run(async () => {
      for (const shutdown of [["halt", 300], 300] as const) {
        const [peer] = await start({ connection: CHANNEL, shutdown });
        const pid = await osPid(peer);
        Peer.cast(peer, () => {
          for (;;);
        });
        expect(await Peer.stop(peer)).toBe("ok");
        expect(runs(pid)).toBe(false);
      }
    }));

  test("ends by itself when nobody waits for it, and in good order when it is told to", () =>
    origin.run(async () => {
      for (const shutdown of ["close", 10_000] as const) {
        const [peer] = await start({ connection: CHANNEL, shutdown });
        const pid = await osPid(peer);
        expect(await Peer.stop(peer)).toBe("ok");
        await endOf(pid);
      }
    }));
});

describe("Peer.start()", () => {
  test.for([
    ["name", { name: "a@b" }],
    ["name", { name: 7 }],
    ["host", { host: "" }],
    ["connection", { connection: "tcp" }],
    ["args", { args: "--hidden" }],
    ["env", { env: { A: 1 } }],
    ["exec", { exec: 7 }],
    ["waitBoot", { waitBoot: "long" }],
    ["shutdown", { shutdown: ["halt"] }],
    ["peerDown", { peerDown: "die" }],
    ["nmae", { nmae: "x" }],
  ] as const)("PEER-008: names the wrong option: %s in %o", ([option, options]) =>
    origin.run(async () => {
      const starting = Peer.start(options as never);
      await expect(starting).rejects.toMatchObject({
        code: "badarg",
        message: expect.stringContaining(option) as string,
      });
    }),
  );

  test("PEER-008: fails on a node without a name, unless the channel is enough", async () => {
    const node = await startNode();
    try {
      await node.run(async () => {
        await expect(Peer.start()).rejects.toMatchObject({ code: "not_alive", reason: "not_alive" });
        const [peer] = await start({ connection: CHANNEL });
        expect(await Peer.call(peer, () => 1 + 1)).toBe(2);
        await Peer.stop(peer);
      });
    } finally {
      await node.stop();
    }
  });

  test("fails with what the program said, and leaves nothing", () =>
    origin.run(async () => {
      const wrong = Peer.start({ connection: CHANNEL, args: ["--nonsense"], waitBoot: 50_000 });
      await expect(wrong).rejects.toMatchObject({
        code: "boot_failed",
        message: expect.stringContaining("nonsense") as string,
      });
      await expect(Peer.start({ connection: CHANNEL, exec: "/nowhere/node" })).rejects.toMatchObject({
        code: "boot_failed",
      });
      await expect(Peer.start({ connection: CHANNEL, waitBoot: 1 })).rejects.toMatchObject({ code: "timeout" });
    }));

  test("gives a peer that is not up yet, if it need not wait", () =>
    origin.run(async () => {
      const [peer] = await start({ connection: CHANNEL, waitBoot: false });
      expect(await Peer.getState(peer)).toBe("booting");
      await expect(Peer.call(peer, () => 1)).rejects.toMatchObject({ code: "noconnection" });
      while ((await Peer.getState(peer)) !== "running") await Process.sleep(20);
      expect(await Peer.call(peer, () => 1)).toBe(1);
      await Peer.stop(peer);
    }));
});

test("Peer.randomName() gives another each time", () => {
  expect(Peer.randomName("x")).toMatch(/^x-\d+-\d+$/);
  expect(Peer.randomName()).not.toBe(Peer.randomName());
});
