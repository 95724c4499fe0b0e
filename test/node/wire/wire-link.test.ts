import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/process/clock.ts";
import type { Proven } from "../../../src/node/wire/handshake.ts";
import { Frame } from "../../../src/node/wire/frame.ts";
import { MemoryNetwork } from "../../../src/node/wire/memory-transport.ts";
import type { Channel } from "../../../src/node/wire/transport.ts";
import { TickTime } from "../../../src/node/wire/tick-time.ts";
import { WireLink, type WireLinkOptions } from "../../../src/node/wire/wire-link.ts";
import { WsTransport } from "../../../src/node/wire/ws-transport.ts";
import { linkContract } from "../../support/link.contract.ts";
import { ALEX, channels, collect, contextOf, Heard, KATE, links, TestClock, toKate } from "../../support/wire.ts";

describe("over memory", () => {
  linkContract(() => {
    const network = new MemoryNetwork({ clock: systemClock });
    return { near: network.transport("here"), far: network.transport("there") };
  });
});

describe("over WebSockets", () => {
  linkContract(() => ({ near: new WsTransport(), far: new WsTransport() }));
});

async function simulated(options: Partial<Pick<WireLinkOptions, "limits">> & { netTicktime?: number } = {}) {
  const clock = new TestClock();
  const network = new MemoryNetwork({ clock });
  const ends = await channels(network.transport("here"), network.transport("there"), clock);
  const { alex, kate } = await links(ends, { clock, ...options });
  const heard = { alex: new Heard().listen(alex), kate: new Heard().listen(kate) };
  return { clock, network, ends, alex, kate, heard };
}

describe("ticks", () => {
  test("S3, DIST-039: a long idle link stays up", async () => {
    const { clock, heard, alex } = await simulated({ netTicktime: 8_000 });
    await clock.advance(200_000);
    expect(heard.alex.reasons).toEqual([]);
    expect(heard.kate.reasons).toEqual([]);
    alex.close("disconnect");
    await clock.advance(0);
    expect(clock.timers).toBe(0);
  });

  test.each([0, 500, 1_999])(
    "S3: a silent peer is down between T - T/4 and T + T/4, last heard at +%i ms",
    async (phase) => {
      const { clock, network, heard, kate, alex } = await simulated({ netTicktime: 8_000 });
      await clock.advance(4_000 + phase);
      alex.send(toKate("last"));
      await clock.advance(0);
      network.drop("here", "there");
      await clock.advance(5_999);
      expect(heard.kate.reasons).toEqual([]);
      await clock.advance(4_002);
      expect(heard.kate.reasons).toEqual(["net_tick_timeout"]);
      expect(kate.queuedBytes).toBe(0);
    },
  );

  test("DIST-021: both directions dropped, both ends hear net_tick_timeout", async () => {
    const { clock, network, heard } = await simulated({ netTicktime: 8_000 });
    network.cut("here", "there");
    await clock.advance(10_000);
    expect(heard.alex.reasons).toEqual(["net_tick_timeout"]);
    expect(heard.kate.reasons).toEqual(["net_tick_timeout"]);
  });

  test("S3: a node that was itself busy for longer than T does not blame its peers", async () => {
    let jump = 0;
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock });
    const ends = await channels(network.transport("here"), network.transport("there"), clock);
    const late = {
      now: () => clock.now() + jump,
      setTimeout: (callback: () => void, ms: number) => clock.setTimeout(callback, ms),
      clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
      setImmediate: (callback: () => void) => clock.setImmediate(callback),
    };
    const { alex, kate } = await links(ends, { clock: late as unknown as TestClock, netTicktime: 8_000 });
    const heard = [new Heard().listen(alex), new Heard().listen(kate)];
    await clock.advance(3_000);
    jump = 90_000;
    await clock.advance(30_000);
    expect(heard.flatMap(({ reasons }) => reasons)).toEqual([]);
  });
});

describe("probe()", () => {
  test("H9: is answered by a live peer, and not by a silent one", async () => {
    const { clock, network, alex } = await simulated();
    const alive = alex.probe(2_000);
    await clock.advance(10);
    expect(await alive).toBe(true);
    network.cut("here", "there");
    const silent = alex.probe(2_000);
    await clock.advance(2_000);
    expect(await silent).toBe(false);
  });
});

describe("the output queue", () => {
  test("S1: beyond the hard limit the link goes, with the reason", async () => {
    const { clock, network, alex, heard } = await simulated({ limits: { soft: 1_000_000, hard: 4_000_000 } });
    network.stall("there");
    let sent = 0;
    while (heard.alex.reasons.length === 0 && sent < 100) {
      alex.send(toKate(new Uint8Array(100_000)));
      sent++;
      if (sent % 10 === 0) await clock.settle();
    }
    expect(heard.alex.reasons[0]).toMatch(/^too far behind/);
    expect(sent).toBeLessThan(60);
    expect(alex.send(toKate("late"))).toBe("ok");
  });

  test("S1: a single signal may be larger than the limit, and others follow it", async () => {
    const { clock, alex, heard } = await simulated({ limits: { soft: 100_000, hard: 1_000_000 } });
    const messages = [new Uint8Array(3_000_000), "one", "two"];
    expect(messages.map((message) => alex.send(toKate(message)))).toEqual(["busy", "busy", "busy"]);
    await clock.advance(1000);
    expect([heard.alex.reasons, heard.kate.messages]).toEqual([[], messages]);
  });

  test("S1: tells the end only when the sender has finished", async () => {
    const { clock, network, alex, heard } = await simulated({ limits: { hard: 100_000 } });
    network.stall("there");
    await clock.settle();
    for (let i = 0; i < 10; i++) alex.send(toKate(new Uint8Array(500_000)));
    expect(heard.alex.reasons).toEqual([]);
    await clock.settle();
    expect(heard.alex.reasons).toHaveLength(1);
  });
});

describe("close()", () => {
  test("gives up what is queued once nothing of it is written for a second", async () => {
    const { clock, network, ends, alex } = await simulated();
    const { closed } = collect(ends[0]);
    network.stall("there");
    alex.send(toKate(new Uint8Array(2_000_000)));
    alex.close("disconnect");
    await clock.advance(999);
    expect(alex.queuedBytes).toBeGreaterThan(1_000_000);
    await clock.advance(1);
    expect((await closed).code).toBe(1006);
    expect(clock.timers).toBe(1);
  });

  test("goes on for up to five seconds while some of it is written", async () => {
    const { clock, network, ends, alex } = await simulated();
    const { closed } = collect(ends[0]);
    let over = false;
    void closed.then(() => (over = true));
    network.stall("there");
    alex.send(toKate(new Uint8Array(8_000_000)));
    alex.close("disconnect");
    for (let second = 1; second <= 5; second++) {
      expect([second, over]).toEqual([second, false]);
      // It reads for a moment, a frame or a few at a time.
      ends[1].onMessage = () => network.stall("there");
      network.unstall("there");
      await clock.advance(1_000);
    }
    expect(over).toBe(true);
  });
});

describe("bad frames", () => {
  async function exposed(): Promise<{
    channel: Channel;
    heard: Heard;
    closed: Promise<{ code: number; reason: string }>;
    clock: TestClock;
    alex: WireLink;
    frames: Uint8Array[];
  }> {
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock });
    const [near, far] = await channels(network.transport("here"), network.transport("there"), clock);
    const { alex, kate } = await links([near, far], { clock });
    const heard = new Heard().listen(kate);
    const { closed, frames } = collect(near);
    await clock.settle();
    return { channel: near, heard, closed, clock, alex, frames };
  }

  test.each([
    ["an empty one", []],
    ["an unknown kind", [9]],
    ["a tick with more to it", [Frame.TICK, 1]],
    ["no signals", [Frame.SIGNALS]],
    ["half a length", [Frame.SIGNALS, 1]],
    ["a signal longer than the frame", [Frame.SIGNALS, 5, 0, 1]],
    ["an unknown operation", [Frame.SIGNALS, 1, 0, 200]],
    ["a fragment of nothing", [Frame.FRAGMENT, 0, 0, 0, 0, 0, 1]],
  ])("V5: %s closes that link with one reason", async (_, bytes) => {
    const { channel, heard, closed, clock } = await exposed();
    channel.send(Uint8Array.from(bytes));
    channel.send(Uint8Array.from(bytes));
    await clock.advance(2_000);
    expect(heard.reasons).toHaveLength(1);
    expect(heard.reasons[0]).toMatch(/^bad_frame: /);
    expect((await closed).code).toBe(1007);
  });

  test("B12: a string of invalid UTF-8 closes the link with 1007; lone surrogates arrive unchanged", async () => {
    const sound = await exposed();
    sound.alex.send(toKate("a\ud800b"));
    await sound.clock.settle();
    expect(sound.heard.messages).toEqual(["a\ud800b"]);

    const { channel, heard, closed, clock, alex } = await exposed();
    let captured: Uint8Array | undefined;
    const send = channel.send.bind(channel);
    channel.send = (frame) => void (captured = Uint8Array.from(frame));
    alex.send(toKate("é".repeat(40)));
    await clock.settle();
    captured!.set([0xff, 0xfe], captured!.length - 2);
    send(captured!);
    await clock.advance(2_000);
    expect(heard.reasons[0]).toMatch(/^bad_frame: .*UTF-8/);
    expect((await closed).code).toBe(1007);
  });

  test("B7: 2,000 mutated frames close their link or deliver; nothing throws and nothing large is made", async () => {
    const source = await exposed();
    const frames: Uint8Array[] = [];
    source.channel.send = (frame) => void frames.push(Uint8Array.from(frame));
    for (let i = 0; i < 20; i++)
      source.alex.send(
        toKate([i, "text", { key: [1.5, null, 10n ** 20n], set: new Set([i]) }, new Uint8Array(i * 10)]),
      );
    source.alex.send(toKate("x".repeat(200_000)));
    await source.clock.settle();
    let random = 12345;
    const next = (below: number): number => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) % below;
    const outcomes = { closed: 0, open: 0 };
    for (let round = 0; round < 2_000; round++) {
      const target = round % 100 === 0 ? await exposed() : undefined;
      const { channel, heard, clock } = (current = target ?? current ?? source);
      const frame = Uint8Array.from(frames[next(frames.length)]!.subarray(0, 2_000));
      for (let change = 0; change <= next(4); change++) frame[next(Math.min(frame.length, 200))] = next(256);
      channel.send(frame);
      await Promise.resolve();
      if (round % 10 === 9) await clock.settle();
      if (heard.reasons.length > 0) {
        expect(heard.reasons[0]).toMatch(/^bad_frame: /);
        expect(heard.reasons).toHaveLength(1);
        outcomes.closed++;
        current = await exposed();
      } else outcomes.open++;
    }
    expect(outcomes.closed).toBeGreaterThan(10);
  }, 60_000);
  let current: Awaited<ReturnType<typeof exposed>> | undefined;
});

describe("WireLink", () => {
  test("H3: is not made for a peer that has not proven itself", async () => {
    const network = new MemoryNetwork({ clock: systemClock });
    const [channel, other] = await channels(network.transport("here"), network.transport("there"));
    const forged = { peer: KATE, version: 1, dialled: true } as unknown as Proven;
    expect(
      () =>
        new WireLink({
          channel,
          proven: forged,
          context: contextOf(ALEX, KATE),
          clock: systemClock,
          tickTime: new TickTime(systemClock),
          maxMessageBytes: 1,
        }),
    ).toThrow(TypeError);
    channel.terminate();
    other.terminate();
  });
});
