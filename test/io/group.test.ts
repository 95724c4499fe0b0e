import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../../src/io/ask.ts";
import { IO } from "../../src/io/io.ts";
import { startGroup } from "../../src/io/group.ts";
import { ioRequest } from "../../src/io/io-protocol.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";
import { mailbox } from "../support/processes.ts";
import { Remote, typedAt } from "../support/remote.ts";

const [A, B] = ["a@localhost", "b@localhost"] as const;

/** Shows its prompts, as a terminal does. */
class PromptingDevice extends StringDevice {
  override readLine(prompt = ""): Promise<string | null> {
    this.output += prompt;
    return super.readLine();
  }
}

describe("a group leader across nodes", () => {
  let cluster: Cluster;
  let keyboard: PromptingDevice;
  beforeEach(async () => {
    cluster = new Cluster({ seed: 8 });
    keyboard = new PromptingDevice("typed at b\nsecond\n");
    await cluster.start("a");
    await cluster.start("b", { device: keyboard });
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  test("GL-001: what is spawned on another node prints where it was spawned from", async () => {
    await cluster.run("b", () => Node.spawn(A, typedAt(cluster.at("b").node, "() => IO.puts(`on ${node()}`)")));
    await cluster.settle();
    expect([cluster.at("a").device.output, keyboard.output]).toEqual(["", "on a@localhost\n"]);
  });

  test("GL-002: a child inherits its leader, here and on another node", async () => {
    await cluster.run("b", async () => {
      const leader = Process.groupLeader();
      expect(await rpc.call(A, Remote, "leader")).toBe(leader);
      expect(await rpc.call(B, Remote, "leader")).toBe(leader);
      expect(leader).toBe(Process.whereis("user"));
    });
  });

  test("GL-005: printing to the named user device prints on the node where the process runs", async () => {
    await cluster.run("b", () => rpc.call(A, IO, "puts", ["user", "at home"]));
    expect([cluster.at("a").device.output, keyboard.output]).toEqual(["at home\n", ""]);
  });

  test("GL-007, GL-008: a read on another node prompts here, and gives the line with its newline", async () => {
    await cluster.run("b", async () => {
      expect(await rpc.call(A, IO, "gets", ["name: "])).toBe("typed at b\n");
      const pid = await Node.spawn(
        A,
        typedAt(
          cluster.at("b").node,
          "async () => { const [from] = await receive(); send(from, await IO.gets('more: ')); }",
        ),
      );
      send(pid, [self()]);
      expect(await receive()).toBe("second\n");
    });
    expect(keyboard.output).toBe("name: more: ");
  });

  test("GL-010: of a node that is gone, printing fails with terminated; the process lives", async () => {
    const leader = cluster.at("b").node.runtime.names.get("user")!.pid;
    const printing = cluster.at("a").node.run(async () => {
      await Node.connect(B);
      Process.groupLeader(self(), leader);
      expect(await IO.puts("reaches b")).toBe("ok");
      await receive(() => false, 1000);
      await expect(IO.puts("lost")).rejects.toMatchObject({ code: "terminated" });
      return "alive";
    });
    await cluster.advance(10);
    await cluster.kill("b");
    expect(await cluster.drive(printing)).toBe("alive");
    expect(keyboard.output).toBe("reaches b\n");
  });

  test("GL-014: setting the leader of a remote process connects if need be, and takes effect", async () => {
    await cluster.run("a", async () => {
      const remote = await Node.spawn(
        B,
        typedAt(
          cluster.at("a").node,
          "async () => { const [from] = await receive(); send(from, Process.groupLeader()); }",
        ),
      );
      Node.disconnect(B);
      await cluster.settle();
      expect(Node.list()).toEqual([]);
      expect(Process.groupLeader(remote, self())).toBe(true);
      send(remote, [self()]);
      expect(await receive()).toBe(self());
      expect(Node.list()).toEqual([B]);
    });
  });

  test("Trap 18: a task started by a process of another leader prints there", async () => {
    await cluster.run("a", async () => {
      await Node.connect(B);
      Process.groupLeader(self(), cluster.at("b").node.runtime.names.get("user")!.pid);
      expect(await rpc.call(A, IO, "puts", ["led from b"])).toBe("ok");
    });
    expect([cluster.at("a").device.output, keyboard.output]).toEqual(["", "led from b\n"]);
  });

  test("O1: what another node prints is filtered, also when split; what is printed here is not", async () => {
    await cluster.run("b", async () => {
      await rpc.call(A, IO, "write", ["a\u001b]0;title"]);
      await rpc.call(A, IO, "write", ["\u0007b\n"]);
      await IO.write("\u001b[2J");
    });
    expect(keyboard.output.slice(0, -4)).not.toContain("\u001b]");
    expect(keyboard.output.endsWith("\u001b[2J")).toBe(true);
  });
});

describe("a group leader", () => {
  const runtime = new Runtime({ log: () => undefined });
  const led = <T>(device: StringDevice, body: () => T | Promise<T>): Promise<T> =>
    inProcess(runtime, () => {
      Process.groupLeader(self(), startGroup(runtime, device).pid);
      return body();
    });

  test("GL-009: can be set to another process, where prints go from then on", async () => {
    const [first, second] = [new StringDevice(), new StringDevice()];
    await led(first, async () => {
      await IO.puts(1);
      Process.groupLeader(self(), startGroup(runtime, second).pid);
      await IO.puts(2);
    });
    expect([first.output, second.output]).toEqual(["1\n", "2\n"]);
  });

  test("GL-010: a dead one makes printing fail with terminated, and reading too; nothing hangs", async () => {
    await led(new StringDevice(), async () => {
      Process.exit(Process.groupLeader(), "kill");
      await expect(IO.puts("x")).rejects.toMatchObject({ code: "terminated" });
      await expect(IO.gets()).rejects.toMatchObject({ code: "terminated" });
      void IO.puts("nobody awaits this");
      await settled();
      expect(Process.alive(self())).toBe(true);
    });
  });

  test("GL-018: of a fixed text serves lines, characters, and until a condition, then the end of file", async () => {
    await led(new StringDevice("first\nsecond line\nabc;rest"), async () => {
      expect(await IO.gets()).toBe("first\n");
      expect(await IO.getn("", 6)).toBe("second");
      expect(await IO.gets()).toBe(" line\n");
      const leader = Process.groupLeader();
      expect(await ask(current(), leader, ["get_until", "unicode", "", ";"])).toBe("abc;");
      expect(await IO.gets()).toBe("rest");
      expect([await IO.gets(), await IO.getn()]).toEqual([IO.EOF, IO.EOF]);
    });
  });

  test("GL-019: requests in one bundle are done in order, none between, with the last one's answer", async () => {
    const device = new StringDevice("line\n");
    await led(device, async () => {
      const me = self();
      const bundle = ask(current(), Process.groupLeader(), [
        "requests",
        [
          ["put_chars", "unicode", "a"],
          ["put_chars", "unicode", "b"],
          ["get_line", "unicode", ""],
        ],
      ]);
      const other = runtime.spawn(() => IO.write("c"), { leader: Process.groupLeader() });
      expect(await bundle).toBe("line\n");
      Process.monitor(other.pid);
      await receive();
      expect(Process.info(me)?.messages).toEqual([]);
    });
    expect(device.output).toBe("abc");
  });

  test("GL-022: asked for columns and rows without a terminal says that it does not support them", async () => {
    await led(new StringDevice(), async () => {
      await expect(IO.columns()).rejects.toMatchObject({ code: "enotsup" });
      await expect(IO.rows()).rejects.toMatchObject({ code: "enotsup" });
    });
  });

  test("serves output while a read waits, and gives a read up when the one who asked exits", async () => {
    let aborted: AbortSignal | undefined;
    class Waiting extends StringDevice {
      override readLine(_prompt = "", signal?: AbortSignal): Promise<string | null> {
        aborted = signal;
        return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
      }
    }
    const device = new Waiting();
    await led(device, async () => {
      const reader = runtime.spawn(() => IO.gets(), { leader: Process.groupLeader() });
      await settled();
      expect(await IO.write("meanwhile")).toBe("ok");
      Process.exit(reader.pid, "kill");
      await settled();
      expect(aborted?.aborted).toBe(true);
      // A person who stops the wait leaves the process alive.
      const stopped = runtime.spawn(() => IO.gets().catch(() => receive()), { leader: Process.groupLeader() });
      await settled();
      expect(aborted?.aborted).toBe(false);
      stopped.interrupt(new Error("Stopped"));
      await settled();
      expect([aborted?.aborted, stopped.alive]).toEqual([true, true]);
      expect(device.output).toBe("meanwhile");
    });
  });

  test("ignores what is no request, and refuses an unknown one", async () => {
    await led(new StringDevice(), async () => {
      const leader = Process.groupLeader();
      send(leader, "noise");
      const tag = Process.alias();
      send(leader, ioRequest(self(), tag, ["unknown"] as never));
      expect(await receive()).toEqual(["io_reply", tag, ["error", "request"]]);
      expect(mailbox()).toEqual([]);
    });
  });
});

/** Takes nothing, and so leaves out what is printed. */
class StuckDevice extends StringDevice {
  readonly leavesOut = true;
  readonly room = Promise.withResolvers<void>();
  written = 0;

  override write(): Promise<void> {
    this.written++;
    return this.room.promise;
  }
}

describe("a leader of a device that leaves out what comes too fast", () => {
  test("goes on taking from those who do not wait, and holds back those who do, until there is room", async () => {
    const runtime = new Runtime();
    const device = new StuckDevice();
    const group = startGroup(runtime, device);
    const flood = inProcess(runtime, async () => {
      for (let turn = 0; turn < 20; turn++) {
        // A request each, as they come from another node.
        for (let i = 0; i < 5000; i++)
          ask(current(), group.pid, ["put_chars", "unicode", "flood\n"]).catch(() => undefined);
        await Process.sleep(0);
      }
    });
    await flood;
    let answered = false;
    const patient = inProcess(runtime, async () => {
      await IO.puts(group.pid, "waits");
      answered = true;
    });
    await inProcess(runtime, () => Process.sleep(0));
    // Each time as many may wait as make a flood.
    expect(device.written).toBeGreaterThan(50_000);
    expect(group.mailbox.length).toBeLessThan(50_000);
    expect(answered).toBe(false);
    device.room.resolve();
    await patient;
    expect(device.written).toBe(100_001);
  });
});
