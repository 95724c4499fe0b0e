/** B7: frames with something changed, of peers that have proven themselves. The peers are links without a node behind them. */
import { Cookie, CookieJar } from "../../src/node/cookie.ts";
import { Frame, FIRST, LAST } from "../../src/node/wire/frame.ts";
import { Packer } from "../../src/node/wire/packer.ts";
import { orderKey, SignalCodec } from "../../src/node/wire/signal-codec.ts";
import { type Channel, MAX_FRAME_BYTES, type Transport } from "../../src/node/wire/transport.ts";
import { WireCarrier } from "../../src/node/wire/wire-carrier.ts";
import { WireLink } from "../../src/node/wire/wire-link.ts";
import { WsTransport } from "../../src/node/wire/ws-transport.ts";
import type { Signal } from "../../src/process/signal.ts";
import type { NodeName } from "../../src/term/pid.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";
import { type Bar, MB, timed } from "./bar.ts";
import { context, mutated, type Random, randomOf } from "./fuzz.ts";
import { memoryOf, startSubject } from "./run-subject.ts";

const FRAMES = 10_000;
const PEERS = 10;
/** What tearing a connection down and making it anew may take. */
const PATIENCE = 10_000;

/** Frames as a sound peer sends them: one signal of each kind, many in one, and the fragments of a large one. */
function soundFrames(node: NodeName): Uint8Array[] {
  const from = pidOf(context.localNode, 90, 0, 1);
  const to = pidOf(node, 100_000, 0, 1);
  const ref = refOf(context.localNode, 1, 5);
  const message = {
    text: "hello",
    list: [1, 2.5, "x".repeat(100)],
    map: new Map([[from, ref]]),
    bytes: new Uint8Array(40),
  };
  const signals: Signal[] = [
    { op: "send", from, to, message },
    { op: "sendName", from, name: "nobody", message },
    { op: "sendAlias", from, alias: ref, message },
    { op: "link", from, to },
    { op: "unlink", from, to, id: 1 },
    { op: "monitor", from, to, ref },
    { op: "monitor", from, to: "nobody", ref },
    { op: "demonitor", from, to, ref },
    { op: "down", from, to, ref, reason: ["because", message] },
    { op: "spawnReply", to, ref, result: from },
  ];
  const codec = new SignalCodec({ ...context, peerNode: node, peerCreation: 1 });
  const packer = new Packer();
  const frames: Uint8Array[] = [];
  const put = (signal: Signal): void => {
    codec.encode(signal, packer.begin());
    packer.commit(orderKey(signal));
  };
  const take = (): void => {
    for (let frame = packer.next(); frame !== undefined; frame = packer.next()) frames.push(frame);
  };
  for (const signal of signals) {
    put(signal);
    take();
  }
  for (const signal of signals) put(signal);
  take();
  put({ op: "send", from, to, message: "x".repeat(150_000) });
  take();
  return frames;
}

/** One frame in ten is not a changed one, but says that 4 GB follow, or begins what never ends. */
function hostile(random: Random, sound: readonly Uint8Array[]): Uint8Array {
  const one = Math.floor(random() * 40);
  const all = 0xff;
  switch (one) {
    case 0:
      return Uint8Array.of(Frame.SIGNALS, all, all, 1);
    // A message that is a string of 4 GB, an array of 4,000,000,000 elements.
    case 1:
      return Uint8Array.of(Frame.SIGNALS, 12, 0, 2, 0xb0, 90, 0x46, 110, 111, 98, 0x89, all, all, all, all);
    case 2:
      return Uint8Array.of(Frame.SIGNALS, 13, 0, 2, 0xb0, 90, 0x43, 110, 111, 98, 0x90, all, all, all, all, 0x0f);
    case 3:
      return Uint8Array.of(Frame.FRAGMENT, Math.floor(random() * 256), 0, 0, 0, FIRST, 1, 2, 3);
    default: {
      const frame = mutated(sound[Math.floor(random() * sound.length)]!, random);
      return frame[0] === Frame.FRAGMENT && frame.length > 5 && one < 10 ? frame.fill(FIRST | LAST, 5, 6) : frame;
    }
  }
}

class Peer {
  readonly #carrier: WireCarrier;
  readonly #node: NodeName;
  #channel: Channel | undefined;
  #link: WireLink | undefined;
  /** Connections that were torn. */
  torn = 0;
  dials = 0;

  constructor(n: number, node: NodeName, port: number) {
    this.#node = node;
    const ws = new WsTransport();
    const transport: Transport = {
      exposed: false,
      dial: async (address, signal) => (this.#channel = await ws.dial(address, signal)),
      listen: () => Promise.reject(new Error("Nobody dials it")),
      close: () => Promise.resolve(),
    };
    const refuse = (): never => {
      throw new Error("No functions here");
    };
    this.#carrier = new WireCarrier({
      transport,
      resolver: {
        register: () => Promise.resolve(),
        lookup: () => Promise.resolve({ host: "127.0.0.1", port }),
        close: () => Promise.resolve(),
      },
      name: `b7_peer${String(n)}@localhost`,
      creation: n + 1,
      cookies: new CookieJar(new Cookie("bars")),
      functions: { encode: refuse, decode: refuse },
      modules: { nameOf: () => undefined, resolve: () => undefined },
    });
  }

  /** Sends it, and waits until the connection is torn or the node has shown that it goes on. */
  async send(frame: Uint8Array): Promise<void> {
    const link = (this.#link ??= await this.#connect());
    this.#channel?.send(frame.subarray(0, MAX_FRAME_BYTES));
    if (await link.probe(PATIENCE)) return;
    this.torn++;
    this.#link = undefined;
  }

  async #connect(): Promise<WireLink> {
    this.dials++;
    const end = performance.now() + PATIENCE;
    for (;;) {
      try {
        const link = await this.#carrier.connect(this.#node, new AbortController().signal);
        link.open({ signal() {}, down: () => (this.#link = undefined), drained() {} });
        if (link instanceof WireLink) return link;
      } catch (error) {
        if (performance.now() > end) throw error;
      }
    }
  }

  stop(): Promise<void> {
    this.#link?.close("disconnect");
    return this.#carrier.stop();
  }
}

export const mutatedFrames: Bar = {
  id: "B7",
  async run(tell) {
    await using subject = await startSubject("b7");
    await using honest = await startSubject("b7_honest");
    await honest.ask("connect", subject.name);
    await honest.ask("talk", [subject.name]);
    const [, port] = await honest.ask("lookup", subject.name);
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = randomOf(seed);
    const sound = soundFrames(subject.name);
    const before = await subject.figures();
    tell({ what: "10,000 mutated frames after the proof, seed", measured: seed, unit: "" });
    const peers = Array.from({ length: PEERS }, (_, i) => new Peer(i, subject.name, port));
    let left = FRAMES;
    const ms = await timed(() =>
      Promise.all(
        peers.map(async (peer) => {
          while (left-- > 0) await peer.send(hostile(random, sound));
        }),
      ),
    );
    const sum = (of: (peer: Peer) => number): number => peers.reduce((all, peer) => all + of(peer), 0);
    const torn = sum((peer) => peer.torn);
    tell({ what: "all sent, after", measured: ms / 1_000, unit: "s" });
    tell({ what: "connections torn by them", measured: torn, unit: "", least: FRAMES / 4 });
    // The logger leaves out what comes in bursts, and says how much.
    tell({ what: "lines logged, one for each at most", measured: subject.logged, unit: "", least: 1, most: torn });
    tell({ what: "it runs", measured: Number(subject.alive), unit: "", exactly: 1 });
    const told = await honest.ask("told");
    tell({ what: "another peer: nodedowns", measured: told.nodedowns, unit: "", exactly: 0 });
    tell({ what: "another peer: answered calls", measured: told.calls, unit: "", least: 10 });
    for (const peer of peers) await peer.stop();
    const { peak } = memoryOf(subject.child.pid);
    const after = await subject.figures();
    tell({ what: "RSS at most", measured: (peak - before.rss) / MB, unit: "MB more", most: 256 });
    tell({ what: "heap after", measured: (after.heap - before.heap) / MB, unit: "MB more", most: 5 });
    tell({
      what: "file descriptors after",
      measured: after.descriptors - before.descriptors,
      unit: "more",
      most: 0,
    });
  },
};
