import { describe, expect, onTestFinished, test } from "vitest";
import type { NodeName } from "../../../src/term/pid.ts";
import { Cookie, CookieJar } from "../../../src/node/cookie.ts";
import type { Link } from "../../../src/node/carrier.ts";
import { LONGEST_MESSAGE } from "../../../src/node/wire/handshake-message.ts";
import { MemoryNames } from "../../../src/node/wire/memory-resolver.ts";
import { MemoryNetwork } from "../../../src/node/wire/memory-transport.ts";
import { CLOSE_TOO_BIG } from "../../../src/node/wire/transport.ts";
import { WireCarrier, type WireCarrierOptions } from "../../../src/node/wire/wire-carrier.ts";
import { WsTransport } from "../../../src/node/wire/ws-transport.ts";
import { ALEX, alexPid, contextOf, Heard, KATE, katePid, TestClock, toKate } from "../../support/wire.ts";
import type { WireLink } from "../../../src/node/wire/wire-link.ts";

class Cluster {
  readonly clock = new TestClock();
  readonly network = new MemoryNetwork({ clock: this.clock });
  readonly names = new MemoryNames();
  readonly lines: string[] = [];

  async node(name: NodeName, creation: number, options: Partial<WireCarrierOptions> = {}) {
    const carrier = new WireCarrier({
      transport: this.network.transport(options.hidden === true ? "hidden" : name.split("@")[0]!),
      resolver: this.names.resolver(),
      name,
      creation,
      cookies: new CookieJar(new Cookie("secret")),
      functions: contextOf(ALEX, KATE).functions,
      modules: contextOf(ALEX, KATE).modules,
      clock: this.clock,
      log: (line) => this.lines.push(line),
      ...options,
    });
    const incoming: Link[] = [];
    carrier.onLink = (link) => incoming.push(link);
    await carrier.listen();
    return { carrier, incoming };
  }

  /** Dials, lets `ms` pass, and answers the link or the failure. */
  async dial(carrier: WireCarrier, node: NodeName, ms = 10_000): Promise<Link | { code: string; message: string }> {
    const dialled = carrier
      .connect(node, new AbortController().signal)
      .catch((error: unknown) => error as { code: string; message: string });
    await this.clock.advance(ms);
    return dialled;
  }
}

const failure = (code: string) => expect.objectContaining({ code });

describe("connect()", () => {
  test("links two nodes over WebSockets, signals both ways", async () => {
    const names = new MemoryNames();
    const make = (name: NodeName, creation: number) =>
      new WireCarrier({
        transport: new WsTransport(),
        resolver: names.resolver(),
        name,
        creation,
        cookies: new CookieJar(new Cookie("secret")),
        functions: contextOf(ALEX, KATE).functions,
        modules: contextOf(ALEX, KATE).modules,
      });
    const [alex, kate] = [make(ALEX.name, ALEX.creation), make(KATE.name, KATE.creation)];
    const incoming = Promise.withResolvers<Link>();
    kate.onLink = incoming.resolve;
    await alex.listen();
    await kate.listen();
    onTestFinished(async () => {
      await Promise.all([alex.stop(), kate.stop()]);
    });
    const near = await alex.connect(KATE.name, new AbortController().signal);
    const far = await incoming.promise;
    expect(near.peer).toEqual(KATE);
    expect(far.peer).toEqual(ALEX);
    const [here, there] = [new Heard().listen(near as WireLink), new Heard().listen(far as WireLink)];
    near.send(toKate("hello"));
    await there.until(({ signals }) => signals.length === 1);
    far.send({ op: "send", from: katePid(1), to: alexPid(1), message: "and you" });
    await here.until(({ signals }) => signals.length === 1);
    near.close("disconnect");
    await there.until(({ reasons }) => reasons.length === 1);
    expect(there.reasons).toEqual(["connection_closed"]);
  });

  test("fails for nodes nobody knows, within the setup time for those that are silent", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1);
    expect(await cluster.dial(carrier, "nobody@localhost")).toEqual(failure("noconnection"));
    await cluster.node(KATE.name, 2);
    cluster.network.cut("alex", "kate");
    const dialled = carrier.connect(KATE.name, new AbortController().signal).catch((error: unknown) => error);
    await cluster.clock.advance(7_000);
    expect(await dialled).toEqual(failure("timeout"));
  });

  test("S5: stops when it is told to", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1);
    await cluster.node(KATE.name, 2);
    cluster.network.cut("alex", "kate");
    const abort = new AbortController();
    const dialled = carrier.connect(KATE.name, abort.signal).catch((error: unknown) => error);
    await cluster.clock.advance(10);
    abort.abort();
    expect(await dialled).toEqual(failure("noconnection"));
    await carrier.stop();
    expect(cluster.clock.timers).toBe(0);
  });

  test("H2, H7: another cookie is refused, and the refusing node says so", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1, { cookies: new CookieJar(new Cookie("other")) });
    const kate = await cluster.node(KATE.name, 2);
    expect(await cluster.dial(carrier, KATE.name)).toEqual(failure("not_allowed"));
    expect(kate.incoming).toEqual([]);
    expect(cluster.lines.join("\n")).toMatch(/alex@localhost.*another cookie/);
  });

  test("H1: whoever answers under another name is refused", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1);
    const squatter = cluster.names.resolver();
    await cluster.node("eve@localhost", 3);
    await squatter.register(KATE.name, (await squatter.lookup("eve@localhost"))!);
    const result = await cluster.dial(carrier, KATE.name);
    expect(result).toEqual(expect.objectContaining({ code: expect.stringMatching(/wrong_node|noconnection/) }));
  });

  test("refuses nodes that are not allowed", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1);
    await cluster.node(KATE.name, 2, { allow: () => false });
    expect(await cluster.dial(carrier, KATE.name)).toEqual(failure("not_allowed"));
  });

  test("H6: a dial that is cut before CHALLENGE tries once more", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1);
    const kate = await cluster.node(KATE.name, 2, { mostPending: 1 });
    const address = (await cluster.names.resolver().lookup(KATE.name))!;
    cluster.network.delay("alex", "kate", 10);
    const dialled = carrier.connect(KATE.name, new AbortController().signal);
    await cluster.clock.advance(12);
    // A stranger comes while the first HELLO is on its way, and takes the only place.
    const stranger = cluster.network.transport("stranger").dial(address, new AbortController().signal);
    await cluster.clock.advance(0);
    (await stranger).terminate();
    await cluster.clock.advance(200);
    expect((await dialled).peer.name).toBe(KATE.name);
    expect(kate.incoming).toHaveLength(1);
  });
});

describe("incoming connections", () => {
  test("H6: with a wrong proof are held for a second, then closed", async () => {
    const cluster = new Cluster();
    const { carrier } = await cluster.node(ALEX.name, 1, { cookies: new CookieJar(new Cookie("guess")) });
    await cluster.node(KATE.name, 2);
    let failed: unknown;
    carrier.connect(KATE.name, new AbortController().signal).catch((error: unknown) => (failed = error));
    await cluster.clock.advance(999);
    expect(cluster.lines).toHaveLength(1);
    expect(failed).toBeUndefined();
    await cluster.clock.advance(2);
    expect(failed).toEqual(failure("not_allowed"));
  });

  test("H5: have the setup time, whatever they send", async () => {
    const cluster = new Cluster();
    await cluster.node(KATE.name, 2);
    const address = (await cluster.names.resolver().lookup(KATE.name))!;
    const dialled = cluster.network.transport("stranger").dial(address, new AbortController().signal);
    await cluster.clock.advance(0);
    const channel = await dialled;
    let closed = false;
    channel.onClose = () => (closed = true);
    await cluster.clock.advance(6_999);
    expect(closed).toBe(false);
    await cluster.clock.advance(2);
    expect(closed).toBe(true);
  });

  test("H4: a long or senseless message ends the handshake", async () => {
    const cluster = new Cluster();
    const kate = await cluster.node(KATE.name, 2);
    const address = (await cluster.names.resolver().lookup(KATE.name))!;
    for (const bytes of [new Uint8Array(5_000), Uint8Array.of(1, 2, 3), new Uint8Array(0)]) {
      const dialled = cluster.network.transport("stranger").dial(address, new AbortController().signal);
      await cluster.clock.advance(0);
      const channel = await dialled;
      const closed = new Promise<void>((resolve) => (channel.onClose = () => resolve()));
      channel.send(bytes);
      await cluster.clock.advance(2_000);
      await closed;
    }
    expect(kate.incoming).toEqual([]);
    expect(cluster.lines).toHaveLength(1);
  });

  test("H4: what is too long is not given to the handshake, whoever sends it", async () => {
    const cluster = new Cluster();
    await cluster.node(KATE.name, 2);
    const alex = await cluster.node(ALEX.name, 1);
    const codes: number[] = [];
    const stranger = cluster.network.transport("stranger");
    const address = (await cluster.names.resolver().lookup(KATE.name))!;
    const dialled = stranger.dial(address, new AbortController().signal);
    await cluster.clock.advance(0);
    const channel = await dialled;
    channel.onClose = (code) => codes.push(code);
    channel.send(new Uint8Array(LONGEST_MESSAGE + 1));

    const squatter = await stranger.listen((accepted) => {
      accepted.onClose = (code) => codes.push(code);
      accepted.send(new Uint8Array(LONGEST_MESSAGE + 1));
    });
    await cluster.names.resolver().register("squatter@localhost", squatter);
    expect(await cluster.dial(alex.carrier, "squatter@localhost")).toEqual(failure("noconnection"));
    expect(codes).toEqual([CLOSE_TOO_BIG, CLOSE_TOO_BIG]);
  });
});

describe("two connections", () => {
  test("H8: nodes that dial each other end with one link, for every delay between the dials", async () => {
    for (const delay of [0, 5, 10, 15, 20, 25, 30, 40]) {
      const cluster = new Cluster();
      const alex = await cluster.node(ALEX.name, 1);
      const kate = await cluster.node(KATE.name, 2);
      cluster.network.delay("alex", "kate", 10);
      const first = alex.carrier.connect(KATE.name, new AbortController().signal);
      await cluster.clock.advance(delay);
      const second = kate.carrier.connect(ALEX.name, new AbortController().signal);
      await cluster.clock.advance(5_000);
      const [near, far] = [await first, await second];
      const heard = new Heard().listen(far as WireLink);
      new Heard().listen(near as WireLink);
      near.send(toKate("one link"));
      await cluster.clock.advance(100);
      expect(heard.messages, `${delay} ms`).toEqual(["one link"]);
      expect(heard.reasons).toEqual([]);
    }
  });

  test("H8: of two dials at the same time that of the name that sorts first stays, and no second link is made", async () => {
    for (const delay of [0, 5, 10, 15]) {
      const cluster = new Cluster();
      const alex = await cluster.node(ALEX.name, 1);
      const kate = await cluster.node(KATE.name, 2);
      cluster.network.delay("alex", "kate", 10);
      const first = kate.carrier.connect(ALEX.name, new AbortController().signal);
      await cluster.clock.advance(delay);
      const second = alex.carrier.connect(KATE.name, new AbortController().signal);
      await cluster.clock.advance(5_000);
      const [link, other] = [await first, await second];
      expect([kate.incoming, alex.incoming], `${delay} ms`).toEqual([[link], []]);
      expect([link.peer.name, other.peer.name]).toEqual([ALEX.name, KATE.name]);
    }
  });

  test("H9: the name of a live node is kept by it", async () => {
    const cluster = new Cluster();
    const alex = await cluster.node(ALEX.name, 1);
    const kate = await cluster.node(KATE.name, 2);
    const link = await cluster.dial(alex.carrier, KATE.name);
    const heard = new Heard().listen(kate.incoming[0] as WireLink);
    const impostor = new WireCarrier({
      transport: cluster.network.transport("elsewhere"),
      resolver: cluster.names.resolver(),
      name: ALEX.name,
      creation: 99,
      cookies: new CookieJar(new Cookie("secret")),
      functions: contextOf(ALEX, KATE).functions,
      modules: contextOf(ALEX, KATE).modules,
      clock: cluster.clock,
    });
    expect(await cluster.dial(impostor, KATE.name)).toEqual(failure("name_in_use"));
    expect(heard.reasons).toEqual([]);
    expect(kate.incoming).toHaveLength(1);
    expect((link as Link).peer.name).toBe(KATE.name);
  });

  test("H9, F7: a node that came back under its name is let in once the old one is silent, the end of that told first", async () => {
    const cluster = new Cluster();
    const alex = await cluster.node(ALEX.name, 1);
    const kate = await cluster.node(KATE.name, 2);
    await cluster.dial(alex.carrier, KATE.name);
    const events: string[] = [];
    kate.incoming[0]!.open({ signal() {}, down: (reason) => events.push(reason), drained() {} });
    kate.carrier.onLink = (link) => events.push(`up ${link.peer.creation}`);
    cluster.network.crash("alex");
    cluster.names.forget(ALEX.name);
    const again = await cluster.node(ALEX.name, 7, { hidden: true });
    await cluster.dial(again.carrier, KATE.name);
    expect(events).toEqual(["connection_closed", "up 7"]);
  });
});

describe("waitingFor()", () => {
  test("gives signals as they would arrive, and refuses what can't cross, naming the node", async () => {
    const { carrier } = await new Cluster().node(ALEX.name, ALEX.creation);
    const message = { list: [1], pid: alexPid(4) };
    const waiting = carrier.waitingFor(KATE.name);
    waiting.add(toKate(message));
    message.list.push(2);
    expect(() => waiting.add(toKate(Symbol("no")))).toThrow(/can't be sent to kate@localhost/);
    const [copy, ...more] = waiting.take();
    expect(copy).toEqual(toKate({ list: [1], pid: alexPid(4) }));
    expect((copy as { message: typeof message }).message.pid).toBe(message.pid);
    expect(more).toEqual([]);
  });

  test("keeps apart what a getter of a value sends while that is written", async () => {
    const { carrier } = await new Cluster().node(ALEX.name, ALEX.creation);
    const waiting = carrier.waitingFor(KATE.name);
    const value = {
      get inner() {
        waiting.add(toKate("from the getter"));
        return 1;
      },
    };
    waiting.add(toKate(value));
    expect([...waiting.take()]).toEqual([toKate("from the getter"), toKate({ inner: 1 })]);
  });
});

describe("listen()", () => {
  test("T1: beyond loopback needs a cookie of 16 characters", async () => {
    const cluster = new Cluster();
    const transport = { ...cluster.network.transport("here"), exposed: true };
    await expect(cluster.node(ALEX.name, 1, { transport })).rejects.toMatchObject({ code: "listen_refused" });
  });

  test("rejects for a name that is taken, and does not go on listening", async () => {
    const cluster = new Cluster();
    await cluster.node(ALEX.name, 1);
    await expect(cluster.node(ALEX.name, 2)).rejects.toMatchObject({ code: "name_taken" });
  });
});
