import { describe, expect, test } from "vitest";
import { HEADROOM, MAX_FRAME_BYTES, type Channel, type Transport } from "../../src/node/wire/transport.ts";
import { channels, collect } from "./wire.ts";

/** What holds for every transport. `pair` makes two that reach each other. */
export function transportContract(pair: () => { near: Transport; far: Transport }): void {
  async function connected(body: (near: Channel, far: Channel) => Promise<void>): Promise<void> {
    const { near, far } = pair();
    const [one, other] = await channels(near, far);
    try {
      await body(one, other);
    } finally {
      one.terminate();
      other.terminate();
      await Promise.all([near.close(), far.close()]);
    }
  }

  describe("a channel", () => {
    test("carries messages in order, both ways, of every size up to the longest", async () => {
      await connected(async (near, far) => {
        const sizes = [0, 1, 125, 126, 65535, MAX_FRAME_BYTES, 3];
        const [a, b] = [collect(near), collect(far)];
        for (const [i, size] of sizes.entries()) {
          near.send(new Uint8Array(size).fill(i));
          far.send(new Uint8Array(size).fill(i + 100));
        }
        await Promise.all([a.count(sizes.length), b.count(sizes.length)]);
        expect(b.frames.map((frame) => [frame.length, frame[0]])).toEqual(
          sizes.map((size, i) => [size, size === 0 ? undefined : i]),
        );
        expect(a.frames.map((frame) => [frame.length, frame[0]])).toEqual(
          sizes.map((size, i) => [size, size === 0 ? undefined : i + 100]),
        );
      });
    });

    test("carries a message that has room before it, and needs its memory only while it holds bytes", async () => {
      await connected(async (near, far) => {
        const [a, b] = [collect(near), collect(far)];
        const sizes = [1, 125, 126, 4_000, 65535, MAX_FRAME_BYTES, 3];
        for (const [channel, memory] of [near, far].map((one) => [one, new Uint8Array(100_000)] as const)) {
          for (const [i, size] of sizes.entries()) {
            const drained = Promise.withResolvers<void>();
            channel.onDrain = () => drained.resolve();
            channel.send(memory.fill(i).subarray(HEADROOM, HEADROOM + size), HEADROOM);
            if (channel.bufferedBytes > MAX_FRAME_BYTES) await drained.promise;
            while (channel.bufferedBytes > 0) await new Promise((resolve) => setImmediate(resolve));
          }
          memory.fill(255);
        }
        await Promise.all([a.count(sizes.length), b.count(sizes.length)]);
        for (const { frames } of [a, b]) {
          expect(frames.map((frame) => frame.length)).toEqual(sizes);
          expect(frames.every((frame, i) => frame.every((byte) => byte === i))).toBe(true);
        }
      });
    });

    test("keeps what comes before anybody listens, and delivers it first", async () => {
      await connected(async (near, far) => {
        const first = collect(far);
        near.send(Uint8Array.of(1));
        await first.count(1);
        far.onMessage = undefined;
        for (let i = 2; i < 10; i++) near.send(Uint8Array.of(i));
        far.send(Uint8Array.of(0));
        await collect(near).count(1);
        const rest = collect(far);
        near.send(Uint8Array.of(10));
        await rest.count(9);
        expect(rest.frames.map((frame) => frame[0])).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
      });
    });

    test("closes with a code and a reason, after what was queued", async () => {
      await connected(async (near, far) => {
        const [a, b] = [collect(near), collect(far)];
        near.send(Uint8Array.of(7));
        near.close(1007, "bad_frame");
        expect(await b.closed).toEqual({ code: 1007, reason: "bad_frame" });
        expect(b.frames.map((frame) => frame[0])).toEqual([7]);
        expect((await a.closed).code).toBe(1007);
      });
    });

    test("tells 1006 when it is cut", async () => {
      await connected(async (near, far) => {
        const [a, b] = [collect(near), collect(far)];
        near.terminate();
        expect((await a.closed).code).toBe(1006);
        expect((await b.closed).code).toBe(1006);
      });
    });

    test("drops what is sent after the end", async () => {
      await connected(async (near, far) => {
        const b = collect(far);
        near.close();
        near.send(Uint8Array.of(1));
        await b.closed;
        far.send(Uint8Array.of(1));
        expect(b.frames).toEqual([]);
      });
    });

    test("counts what a peer that does not read leaves queued, and says when it is gone", async () => {
      await connected(async (near, far) => {
        const b = collect(far);
        far.pause();
        const frame = new Uint8Array(MAX_FRAME_BYTES);
        const drained = Promise.withResolvers<void>();
        near.onDrain = () => drained.resolve();
        let sent = 0;
        while (near.bufferedBytes < 4 * 1024 * 1024 && sent < 2_000) {
          near.send(frame);
          sent++;
          if (sent % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        expect(near.bufferedBytes).toBeGreaterThan(1024 * 1024);
        far.resume();
        await drained.promise;
        await b.count(sent);
        expect(near.bufferedBytes).toBe(0);
      });
    });

    test("names both ends alike", async () => {
      await connected((near, far) => {
        expect(near.remoteAddress).toBe(far.localAddress);
        expect(near.localAddress).toBe(far.remoteAddress);
        expect(near.binding).toEqual(far.binding);
        return Promise.resolve();
      });
    });
  });

  describe("dial()", () => {
    test("rejects where nothing listens", async () => {
      const { near, far } = pair();
      const address = await far.listen(() => {});
      await far.close();
      await expect(near.dial(address, new AbortController().signal)).rejects.toMatchObject({ code: "noconnection" });
    });

    test("gives up when it is told to", async () => {
      const { near, far } = pair();
      const address = await far.listen((channel) => channel.terminate());
      const abort = new AbortController();
      abort.abort(new Error("enough"));
      await expect(near.dial(address, abort.signal)).rejects.toThrow("enough");
      await far.close();
    });
  });
}
