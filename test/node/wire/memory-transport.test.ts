import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/process/clock.ts";
import { MemoryNetwork } from "../../../src/node/wire/memory-transport.ts";
import { transportContract } from "../../support/transport.contract.ts";
import { channels, collect, TestClock } from "../../support/wire.ts";

transportContract(() => {
  const network = new MemoryNetwork({ clock: systemClock });
  return { near: network.transport("here"), far: network.transport("there") };
});

describe("MemoryNetwork", () => {
  async function connected() {
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock, seed: 5 });
    const [near, far] = await channels(network.transport("here"), network.transport("there"), clock);
    return { clock, network, near, far };
  }

  test("keeps what is sent into a cut and delivers it in order when it is healed", async () => {
    const { clock, network, near, far } = await connected();
    const { frames } = collect(far);
    network.cut("here", "there");
    for (let i = 0; i < 3; i++) near.send(Uint8Array.of(i));
    await clock.advance(1_000);
    expect(frames).toEqual([]);
    network.heal("here", "there");
    await clock.advance(0);
    expect(frames.map((frame) => frame[0])).toEqual([0, 1, 2]);
  });

  test("drops one direction only", async () => {
    const { clock, network, near, far } = await connected();
    const [a, b] = [collect(near), collect(far)];
    network.drop("here", "there");
    near.send(Uint8Array.of(1));
    far.send(Uint8Array.of(2));
    await clock.advance(1_000);
    expect(a.frames).toHaveLength(1);
    expect(b.frames).toHaveLength(0);
  });

  test("delays without changing the order, the same way for the same seed", async () => {
    const arrivals: number[][] = [];
    for (let run = 0; run < 2; run++) {
      const { clock, network, near, far } = await connected();
      network.delay("here", "there", 10, 50);
      const times: number[] = [];
      const order: (number | undefined)[] = [];
      far.onMessage = (frame) => {
        times.push(clock.now());
        order.push(frame[0]);
      };
      for (let i = 0; i < 20; i++) {
        near.send(Uint8Array.of(i));
        await clock.advance(3);
      }
      await clock.advance(100);
      expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
      arrivals.push(times);
    }
    expect(arrivals[0]).toEqual(arrivals[1]);
    expect(arrivals[0]![0]).toBeGreaterThanOrEqual(10);
  });

  test("brings what is lost late, sent again, with what is behind it, in order", async () => {
    const { clock, network, near, far } = await connected();
    network.lose("here", "there", 0.3);
    const arrived: { readonly frame: number | undefined; readonly late: number }[] = [];
    far.onMessage = (frame) => arrived.push({ frame: frame[0], late: clock.now() });
    for (let i = 0; i < 50; i++) near.send(Uint8Array.of(i));
    await clock.advance(60_000);
    expect(arrived.map(({ frame }) => frame)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(arrived[0]?.late).toBeLessThan(arrived.at(-1)?.late ?? 0);
    // 200 ms, 600, 1,400, ...
    expect(arrived.every(({ late }) => late % 200 === 0)).toBe(true);
  });

  test("lets the queue to a stalled host grow until it reads again", async () => {
    const { clock, network, near, far } = await connected();
    const { frames } = collect(far);
    network.stall("there");
    for (let i = 0; i < 10; i++) near.send(new Uint8Array(60_000));
    await clock.advance(1_000);
    expect(near.bufferedBytes).toBe(600_000);
    network.unstall("there");
    await clock.advance(0);
    expect(near.bufferedBytes).toBe(0);
    expect(frames).toHaveLength(10);
  });

  test("tells nobody of a crash, and both ends of a reset", async () => {
    const crashed = await connected();
    let closed = 0;
    crashed.near.onClose = () => closed++;
    crashed.network.crash("there");
    await crashed.clock.advance(10_000);
    expect(closed).toBe(0);

    const { clock, network, near, far } = await connected();
    const codes: number[] = [];
    near.onClose = far.onClose = (code) => codes.push(code);
    network.reset("here", "there");
    await clock.advance(0);
    expect(codes).toEqual([1006, 1006]);
  });

  test("holds a dial into a cut until it is healed", async () => {
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock });
    const address = await network.transport("there").listen(() => {});
    network.cut("here", "there");
    let reached = false;
    void network
      .transport("here")
      .dial(address, new AbortController().signal)
      .then(() => (reached = true));
    await clock.advance(10_000);
    expect(reached).toBe(false);
    network.heal("here", "there");
    await clock.advance(0);
    expect(reached).toBe(true);
  });
});
