import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { Cookie, CookieJar } from "../../src/node/cookie.ts";
import type { Link } from "../../src/node/carrier.ts";
import { DialHandshake } from "../../src/node/wire/handshake.ts";
import { MemoryNames } from "../../src/node/wire/memory-resolver.ts";
import { MemoryNetwork } from "../../src/node/wire/memory-transport.ts";
import { WireCarrier } from "../../src/node/wire/wire-carrier.ts";
import { WsTransport } from "../../src/node/wire/ws-transport.ts";
import type { Channel, Transport } from "../../src/node/wire/transport.ts";
import type { NodeName } from "../../src/term/pid.ts";
import { numbers } from "../support/processes.ts";
import { ALEX, contextOf, KATE, TestClock } from "../support/wire.ts";

interface Given {
  readonly name: NodeName;
  readonly transport: Transport;
  readonly names: MemoryNames;
  readonly clock?: TestClock;
  readonly cookie?: string;
}

function carrierOf({ name, transport, names, clock, cookie = "secret" }: Given) {
  const lines: string[] = [];
  const incoming: Link[] = [];
  const carrier = new WireCarrier({
    transport,
    resolver: names.resolver(),
    name,
    creation: 1,
    cookies: new CookieJar(new Cookie(cookie)),
    functions: contextOf(ALEX, KATE).functions,
    modules: contextOf(ALEX, KATE).modules,
    clock,
    log: (line) => lines.push(line),
  });
  carrier.onLink = (link) => incoming.push(link);
  return { carrier, lines, incoming };
}

/** The same inputs in each run. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes.subarray(0, random(4) === 0 ? random(bytes.length + 1) : bytes.length));
  for (let i = random(4); i >= 0 && changed.length > 0; i--) changed[random(changed.length)] = random(256);
  return changed;
}

describe("inputs before the proof", () => {
  test("B1: of 1,000 random and mutated ones none is proven, none throws, none stays, and the log has few lines", async () => {
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock });
    const names = new MemoryNames();
    const kate = carrierOf({ name: KATE.name, transport: network.transport("kate"), names, clock });
    await kate.carrier.listen();
    const address = (await names.resolver().lookup(KATE.name))!;
    const random = generator(4711);
    const keyFor = () => new Cookie("guess").key();
    const hello = () =>
      new DialHandshake({
        self: ALEX,
        keyFor,
        wanted: KATE.name,
        dialled: { address: address.host, port: address.port },
      }).start().send[0]!;
    const stranger = network.transport("stranger");
    let closed = 0;
    for (let round = 0; round < 20; round++) {
      const dials = numbers(50).map(() => stranger.dial(address, new AbortController().signal));
      await clock.advance(1);
      const channels: Channel[] = await Promise.all(dials);
      for (const [n, channel] of channels.entries()) {
        channel.onClose = () => closed++;
        const noise = Uint8Array.from({ length: random(200) }, () => random(256));
        channel.send(n % 3 === 0 ? noise : mutated(hello(), random));
        if (n % 2 === 0) channel.send(mutated(hello(), random));
      }
      await clock.advance(7_500);
      for (const channel of channels) channel.terminate();
    }
    await clock.settle();
    expect(kate.incoming).toEqual([]);
    expect(closed).toBe(1_000);
    // One line a second for those who give a name, and one in ten for others.
    expect(kate.lines.length).toBeLessThanOrEqual(Math.ceil((clock.now() / 1_000) * 1.1) + 2);
    const alex = carrierOf({ name: ALEX.name, transport: network.transport("alex"), names, clock });
    const dialled = alex.carrier.connect(KATE.name, new AbortController().signal);
    await clock.advance(100);
    expect((await dialled).peer.name).toBe(KATE.name);
  });

  test("B1, B6: bytes of any kind on a real socket leave the listener as it was", async () => {
    const names = new MemoryNames();
    const kate = carrierOf({ name: KATE.name, transport: new WsTransport(), names });
    const alex = carrierOf({ name: ALEX.name, transport: new WsTransport(), names });
    await kate.carrier.listen();
    onTestFinished(async () => {
      for (const link of kate.incoming) link.close("disconnect");
      await Promise.all([kate.carrier.stop(), alex.carrier.stop()]);
    });
    const { host, port } = (await names.resolver().lookup(KATE.name))!;
    const random = generator(42);
    const upgrade = `GET / HTTP/1.1\r\nHost: ${host}:${String(port)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    const inputs = numbers(200).map((n) => {
      const noise = Uint8Array.from({ length: 1 + random(300) }, () => random(256));
      if (n % 3 === 0) return noise;
      const bytes = mutated(Buffer.from(upgrade), random);
      return n % 3 === 1 ? bytes : Buffer.concat([Buffer.from(upgrade), noise]);
    });
    for (let i = 0; i < inputs.length; i += 20) {
      await Promise.all(
        inputs.slice(i, i + 20).map(
          (input) =>
            new Promise<void>((resolve) => {
              const socket = connect({ host, port });
              socket.on("error", () => undefined).once("close", () => resolve());
              socket.resume();
              // It hangs up too, or would wait for the rest.
              socket.end(input);
            }),
        ),
      );
    }
    expect(kate.incoming).toEqual([]);
    const link = await alex.carrier.connect(KATE.name, new AbortController().signal);
    expect(link.peer.name).toBe(KATE.name);
    link.close("disconnect");
  });
});

describe("wrong proofs", () => {
  test("B4: of 500, 50 at a time, none gets in; each waits a second, the log has a line a second, an honest node is let in meanwhile", async () => {
    const clock = new TestClock();
    const network = new MemoryNetwork({ clock });
    const names = new MemoryNames();
    const kate = carrierOf({ name: KATE.name, transport: network.transport("kate"), names, clock });
    await kate.carrier.listen();
    let refused = 0;
    let honest: string | undefined;
    const began = clock.now();
    for (let round = 0; round < 10; round++) {
      const dials = numbers(50).map((n) => {
        const name = `eve${String(round * 50 + n)}@localhost` as const;
        const eve = carrierOf({
          name,
          transport: network.transport("eve"),
          names,
          clock,
          cookie: `guess ${String(n)}`,
        });
        return eve.carrier.connect(KATE.name, new AbortController().signal).then(
          () => expect.fail("Let in"),
          () => refused++,
        );
      });
      if (round === 5) {
        const alex = carrierOf({ name: ALEX.name, transport: network.transport("alex"), names, clock });
        const dialled = alex.carrier.connect(KATE.name, new AbortController().signal);
        await clock.advance(10);
        honest = (await dialled).peer.name;
      }
      await clock.advance(900);
      // Nobody has been told yet.
      expect(refused).toBe(round * 50);
      await clock.advance(200);
      await Promise.all(dials);
    }
    expect(refused).toBe(500);
    expect(honest).toBe(KATE.name);
    expect(kate.incoming.map(({ peer }) => peer.name)).toEqual([ALEX.name]);
    const seconds = (clock.now() - began) / 1_000;
    expect(kate.lines.length).toBeGreaterThan(0);
    expect(kate.lines.length).toBeLessThanOrEqual(Math.ceil(seconds));
    expect(kate.lines.join("\n")).toMatch(/and \d+ more/);
  });
});
