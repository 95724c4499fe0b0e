import { describe, expect, test } from "vitest";
import type { Transport } from "../../src/node/wire/transport.ts";
import type { WireLink, WireLinkOptions } from "../../src/node/wire/wire-link.ts";
import { alexPid, channels, Heard, katePid, links, toKate } from "./wire.ts";
import { refOf } from "../../src/term/ref.ts";
import { ALEX } from "./wire.ts";

/** What holds for a link over every transport, in real time. */
export function linkContract(pair: () => { near: Transport; far: Transport }): void {
  async function linked(
    body: (alex: WireLink, kate: WireLink) => Promise<void>,
    options?: Partial<Pick<WireLinkOptions, "limits" | "maxMessageBytes">>,
  ): Promise<void> {
    const { near, far } = pair();
    const ends = await channels(near, far);
    const { alex, kate } = await links(ends, options);
    try {
      await body(alex, kate);
    } finally {
      alex.close("disconnect");
      kate.close("disconnect");
      for (const channel of ends) channel.terminate();
      await Promise.all([near.close(), far.close()]);
    }
  }

  describe("order", () => {
    test("of one sender holds for all sizes", async () => {
      await linked(async (alex, kate) => {
        const heard = new Heard().listen(kate);
        const sizes = Array.from({ length: 300 }, (_, i) => (i % 50 === 7 ? 200_000 : i % 20 === 3 ? 40_000 : i % 30));
        for (const [i, size] of sizes.entries()) alex.send(toKate([i, "x".repeat(size)]));
        await heard.until(({ signals }) => signals.length === sizes.length);
        expect(heard.messages.map((message) => (message as [number, string])[0])).toEqual([...sizes.keys()]);
        expect(heard.messages.map((message) => (message as [number, string])[1].length)).toEqual(sizes);
      });
    });

    test("lets a small message of another sender pass a large one", async () => {
      await linked(async (alex, kate) => {
        const heard = new Heard().listen(kate);
        alex.send(toKate(new Uint8Array(64 * 1024 * 1024), 1));
        alex.send(toKate("small", 2));
        await heard.until(({ signals }) => signals.length === 2);
        expect(heard.messages[0]).toBe("small");
        expect((heard.messages[1] as Uint8Array).length).toBe(64 * 1024 * 1024);
      });
    }, 60_000);

    test("begins with what came before the link was opened", async () => {
      await linked(async (alex, kate) => {
        for (let i = 0; i < 100; i++) alex.send(toKate(i));
        const other = new Heard().listen(alex);
        kate.send({ op: "send", from: katePid(1), to: alexPid(1), message: "hello" });
        await other.until(({ signals }) => signals.length === 1);
        const heard = new Heard().listen(kate);
        alex.send(toKate(100));
        await heard.until(({ signals }) => signals.length === 101);
        expect(heard.messages).toEqual(Array.from({ length: 101 }, (_, i) => i));
      });
    });

    test("lets whoever awaited a spawn run before what follows the reply", async () => {
      await linked(async (alex, kate) => {
        const seen: string[] = [];
        const done = Promise.withResolvers<void>();
        const spawned = Promise.withResolvers<void>();
        void spawned.promise.then(() => seen.push("awaited"));
        alex.open({
          signal(signal) {
            seen.push(signal.op);
            if (signal.op === "spawnReply") spawned.resolve();
            else done.resolve();
          },
          down() {},
          drained() {},
        });
        const ref = (id: number) => refOf(ALEX.name, ALEX.creation, id);
        kate.send({ op: "spawnReply", to: alexPid(1), ref: ref(1), result: katePid(5) });
        kate.send({ op: "spawnReply", to: alexPid(1), ref: ref(2), result: katePid(6) });
        kate.send({ op: "send", from: katePid(5), to: alexPid(1), message: "hello" });
        await done.promise;
        expect(seen).toEqual(["spawnReply", "spawnReply", "awaited", "send"]);
      });
    });
  });

  describe("a burst", () => {
    test("of 50,000 signals arrives whole", async () => {
      await linked(async (alex, kate) => {
        const heard = new Heard().listen(kate);
        for (let i = 0; i < 50_000; i++) alex.send(toKate(i, i % 7));
        await heard.until(({ signals }) => signals.length === 50_000);
        expect(heard.messages.every((message, i) => message === i)).toBe(true);
        expect(kate.stats.signalsIn).toBe(50_000);
        expect(alex.stats.signalsOut).toBe(50_000);
        expect(kate.stats.bytesIn).toBe(alex.stats.bytesOut);
      });
    }, 60_000);
  });

  describe("send()", () => {
    test("S1: is busy above the soft limit, and tells when it is below again", async () => {
      await linked(async (alex, kate) => {
        const heard = new Heard().listen(alex);
        const other = new Heard().listen(kate);
        let sent = 1;
        while (alex.send(toKate("x".repeat(30_000))) === "ok") sent++;
        expect(alex.queuedBytes).toBeGreaterThan(1024 * 1024);
        await heard.until(({ drains }) => drains === 1);
        expect(alex.queuedBytes).toBeLessThanOrEqual(1024 * 1024);
        await other.until(({ signals }) => signals.length === sent);
      });
    });

    test("V6: refuses a value that can't cross with its path, and sends nothing of it", async () => {
      await linked(async (alex, kate) => {
        const heard = new Heard().listen(kate);
        alex.send(toKate("before"));
        expect(() => alex.send(toKate(["x".repeat(10_000), { socket: Symbol("no") }]))).toThrow(/message\[1\]\.socket/);
        expect(() => alex.send(toKate(new Uint8Array(200 * 1024 * 1024)))).toThrow(
          expect.objectContaining({ code: "too_large" }),
        );
        alex.send(toKate("after"));
        await heard.until(({ signals }) => signals.length === 2);
        expect(heard.messages).toEqual(["before", "after"]);
      });
    });
  });

  describe("close()", () => {
    test("DIST-021: writes what is queued, then this side hears its reason and the peer connection_closed", async () => {
      await linked(async (alex, kate) => {
        const [here, there] = [new Heard().listen(alex), new Heard().listen(kate)];
        alex.send(toKate("x".repeat(1_000_000)));
        alex.send(toKate("last"));
        alex.close("disconnect");
        await there.until(({ reasons }) => reasons.length === 1);
        expect(here.reasons).toEqual(["disconnect"]);
        expect(there.reasons).toEqual(["connection_closed"]);
        expect(there.messages.at(-1)).toBe("last");
      });
    });
  });
}
