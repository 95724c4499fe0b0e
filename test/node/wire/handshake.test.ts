import { describe, expect, test } from "vitest";
import { Cookie } from "../../../src/node/cookie.ts";
import {
  formatChallenge,
  formatHello,
  formatProof,
  formatRefused,
  parseChallenge,
  parseHello,
  type Challenge,
  type Hello,
} from "../../../src/node/wire/handshake-message.ts";
import {
  AcceptHandshake,
  DialHandshake,
  WRONG_PROOF_MS,
  isProven,
  settleSimultaneous,
  type AcceptOptions,
  type Admission,
  type DialOptions,
  type Step,
} from "../../../src/node/wire/handshake.ts";
import type { Peer } from "../../../src/process/signal.ts";

const cookie = new Cookie("the cookie of the cluster");
const alex: Peer = { name: "alex@localhost", creation: 1, hidden: false };
const kate: Peer = { name: "kate@localhost", creation: 0xffff_ffff, hidden: true };
const end = { address: "127.0.0.1", port: 4001 };
const keyFor = () => cookie.key();

function dialler(options: Partial<DialOptions> = {}): DialHandshake {
  return new DialHandshake({ self: alex, wanted: kate.name, dialled: end, keyFor, ...options });
}

function acceptor(options: Partial<AcceptOptions> = {}): AcceptHandshake {
  return new AcceptHandshake({ self: kate, local: [end], keyFor, admit: () => "ok", ...options });
}

/** The one message of a step that goes on. */
function sent(step: Step): Uint8Array {
  const [message, ...more] = step.send;
  if (message === undefined || more.length > 0)
    throw new Error(`Refused: ${step.refused?.reason ?? "nothing was sent"}`);
  return message;
}

/** Both ends' last step; each message passes through `change` on its way, by its place in the handshake. */
async function run(
  dial: DialHandshake,
  accept: AcceptHandshake,
  change: (message: Uint8Array, index: number) => Uint8Array = (message) => message,
): Promise<{ dialled: Step; accepted: Step }> {
  let dialled = dial.start();
  let accepted: Step = { send: [] };
  for (let index = 0; index < 4; index++) {
    const [message] = (index % 2 === 0 ? dialled : accepted).send;
    if (message === undefined) break;
    const changed = change(message, index);
    if (index % 2 === 0) accepted = await accept.step(changed);
    else dialled = dial.step(changed);
  }
  return { dialled, accepted };
}

/** Where an honest pair stands after CHALLENGE. */
async function challenged(): Promise<{
  dial: DialHandshake;
  accept: AcceptHandshake;
  hello: Uint8Array;
  challenge: Uint8Array;
}> {
  const dial = dialler();
  const accept = acceptor();
  const hello = sent(dial.start());
  return { dial, accept, hello, challenge: sent(await accept.step(hello)) };
}

function changedHello(bytes: Uint8Array, change: Partial<Hello>): Uint8Array {
  const hello = parseHello(bytes);
  if (hello === undefined) throw new Error("No HELLO");
  return formatHello({ ...hello, ...change });
}

function changedChallenge(bytes: Uint8Array, change: Partial<Challenge>): Uint8Array {
  const challenge = parseChallenge(bytes);
  if (challenge === undefined) throw new Error("No CHALLENGE");
  return formatChallenge({ ...challenge, ...change });
}

describe("a handshake", () => {
  test("tells both ends who the other is", async () => {
    const { dialled, accepted } = await run(dialler(), acceptor());
    expect(dialled.done?.peer).toEqual(kate);
    expect(accepted.done?.peer).toEqual(alex);
    expect([dialled.done?.dialled, accepted.done?.dialled]).toEqual([true, false]);
    expect([dialled.done?.version, accepted.done?.version]).toEqual([1, 1]);
  });

  test("H1: settles on the highest version both speak", async () => {
    const dial = dialler({ versions: { min: 1, max: 5 } });
    const { dialled, accepted } = await run(dial, acceptor({ versions: { min: 2, max: 7 } }));
    expect([dialled.done?.version, accepted.done?.version]).toEqual([5, 5]);
  });

  test("H1: tells a dialler that has no version in common", async () => {
    const dial = dialler({ versions: { min: 1, max: 1 } });
    const { dialled, accepted } = await run(dial, acceptor({ versions: { min: 2, max: 7 } }));
    expect(dialled.refused?.code).toBe("version");
    expect(accepted.refused?.code).toBe("version");
  });

  test("tells a dialler that comes when nobody is let in", async () => {
    const { dialled, accepted } = await run(dialler(), acceptor({ busy: () => true }));
    expect([dialled.refused?.code, accepted.refused?.code]).toEqual(["busy", "busy"]);
  });

  test("H1: takes an address for the same however it is spelt, and one that is advertised", async () => {
    const mapped = await run(dialler({ dialled: { address: "::ffff:127.0.0.1", port: 4001 } }), acceptor());
    expect(mapped.accepted.done).toBeDefined();
    const advertised = { address: "Node.Example.Org", port: 443 };
    const forwarded = await run(dialler({ dialled: advertised }), acceptor({ local: [end, advertised] }));
    expect(forwarded.accepted.done).toBeDefined();
  });

  test("uses the cookie for that peer, at both ends", async () => {
    const own = new Cookie("for alex and kate alone");
    const { dialled, accepted } = await run(
      dialler({ keyFor: (node) => (node === kate.name ? own : cookie).key() }),
      acceptor({ keyFor: (node) => (node === alex.name ? own : cookie).key() }),
    );
    expect(dialled.done).toBeDefined();
    expect(accepted.done).toBeDefined();
  });

  test("draws new nonces each time", async () => {
    const [one, other] = [await challenged(), await challenged()];
    expect(parseHello(one.hello)?.nonce).not.toEqual(parseHello(other.hello)?.nonce);
    expect(parseChallenge(one.challenge)?.nonce).not.toEqual(parseChallenge(other.challenge)?.nonce);
  });

  test("does not hold the cookie or its key in what it sends", async () => {
    const messages: Uint8Array[] = [];
    await run(dialler(), acceptor(), (message) => {
      messages.push(message);
      return message;
    });
    const all = Buffer.concat(messages);
    expect(messages).toHaveLength(4);
    expect(all.includes("the cookie of the cluster")).toBe(false);
    expect(all.includes(cookie.key().export())).toBe(false);
  });

  test("starts once", () => {
    const dial = dialler();
    dial.start();
    expect(() => dial.start()).toThrow("A handshake starts once");
  });
});

describe("the proofs", () => {
  test("H6: another cookie is refused without a word, after a second", async () => {
    const { dialled, accepted } = await run(dialler({ keyFor: () => new Cookie("guess").key() }), acceptor());
    expect(accepted.refused).toMatchObject({ code: "wrong_proof", name: alex.name, holdMs: WRONG_PROOF_MS });
    expect(accepted.send).toEqual([]);
    expect(dialled.done).toBeUndefined();
  });

  test("is told apart by the dialler from a connection that was cut before CHALLENGE, which is worth another try", async () => {
    const { dial, challenge } = await challenged();
    dial.step(challenge);
    expect(dial.closed()).toMatchObject({ code: "wrong_proof", again: false });
    const early = dialler();
    early.start();
    expect(early.closed()).toMatchObject({ code: "closed", again: true });
  });

  test("the dialler does not take an acceptor that lets everybody in", async () => {
    const { dial, challenge } = await challenged();
    dial.step(challenge);
    expect(dial.step(formatProof(new Uint8Array(32))).refused?.code).toBe("wrong_proof");
  });

  test("H2: a proof of another length is refused, not thrown over", async () => {
    for (const length of [0, 31, 33]) {
      const { accept } = await challenged();
      expect((await accept.step(Uint8Array.of(0x50, ...new Uint8Array(length)))).refused?.code).toBe("bad_handshake");
    }
  });

  test("B5: a proof sent back as the other's is refused", async () => {
    const { dial, challenge } = await challenged();
    const own = sent(dial.step(challenge));
    expect(dial.step(own).refused?.code).toBe("wrong_proof");
  });
});

describe("B5: with one field changed", () => {
  const hellos: readonly (readonly [string, Partial<Hello>])[] = [
    ["the versions", { versions: { min: 1, max: 2 } }],
    ["the dialler's name", { name: "eve@localhost" }],
    ["the dialler's creation", { creation: 2 }],
    ["the wanted name", { wanted: "eve@localhost" }],
    ["the address", { dialled: { address: "127.0.0.2", port: 4001 } }],
    ["the port", { dialled: { address: "127.0.0.1", port: 4002 } }],
    ["the spelling of the address", { dialled: { address: "::ffff:127.0.0.1", port: 4001 } }],
    ["the flags", { flags: 1 }],
    ["the nonce", { nonce: new Uint8Array(32) }],
  ];

  test.each(hellos)("HELLO is refused: %s", async (_, change) => {
    const { dialled, accepted } = await run(dialler(), acceptor(), (message, index) =>
      index === 0 ? changedHello(message, change) : message,
    );
    expect(accepted.refused).toBeDefined();
    expect([dialled.done, accepted.done]).toEqual([undefined, undefined]);
  });

  const challenges: readonly (readonly [string, Partial<Challenge>])[] = [
    ["the version", { version: 2 }],
    ["the versions", { versions: { min: 0, max: 1 } }],
    ["a version that is not the highest", { versions: { min: 1, max: 2 } }],
    ["the acceptor's name", { name: "eve@localhost" }],
    ["the dialler's own name", { name: alex.name }],
    ["the acceptor's creation", { creation: 5 }],
    ["the flags", { flags: 0 }],
    ["the nonce", { nonce: new Uint8Array(32) }],
  ];

  test.each(challenges)("CHALLENGE is refused: %s", async (_, change) => {
    const { dialled, accepted } = await run(dialler(), acceptor(), (message, index) =>
      index === 1 ? changedChallenge(message, change) : message,
    );
    expect(dialled.refused ?? accepted.refused).toBeDefined();
    expect([dialled.done, accepted.done]).toEqual([undefined, undefined]);
  });

  test.each([0, 1, 2, 3])("every single bit of message %i counts", async (place) => {
    const first =
      place === 2 || place === 3
        ? formatProof(new Uint8Array(32))
        : place === 0
          ? sent(dialler().start())
          : (await challenged()).challenge;
    for (let bit = 0; bit < first.length * 8; bit++) {
      const { dialled, accepted } = await run(dialler(), acceptor(), (message, index) => {
        if (index !== place) return message;
        const changed = message.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return changed;
      });
      // Whoever is shown the change never gives out a proven peer; nobody does if it came before a proof.
      expect(dialled.done, `bit ${bit}`).toBeUndefined();
      if (place < 3) expect(accepted.done, `bit ${bit}`).toBeUndefined();
    }
  });
});

describe("B5: a handshake", () => {
  test("reordered is refused", async () => {
    const { hello, challenge } = await challenged();
    for (const first of [formatProof(new Uint8Array(32)), challenge, formatRefused("busy")]) {
      expect((await acceptor().step(first)).refused?.code).toBe("bad_handshake");
    }
    for (const first of [formatProof(new Uint8Array(32)), hello, formatRefused("name_in_use")]) {
      const dial = dialler();
      dial.start();
      expect(dial.step(first).refused?.code).toBe("bad_handshake");
    }
  });

  test("repeated is refused", async () => {
    const { accept, dial, hello, challenge } = await challenged();
    expect((await accept.step(hello)).refused?.code).toBe("bad_handshake");
    dial.step(challenge);
    expect(dial.step(challenge).refused?.code).toBe("bad_handshake");
  });

  test("H4: with a third message is refused, after success and after refusal", async () => {
    const { accept, dial, challenge } = await challenged();
    const proof = sent(dial.step(challenge));
    const done = await accept.step(proof);
    expect(done.done).toBeDefined();
    expect((await accept.step(proof)).refused?.code).toBe("bad_handshake");
    expect((await accept.step(proof)).refused?.code).toBe("bad_handshake");
    dial.step(sent(done));
    expect(dial.step(sent(done)).refused?.code).toBe("bad_handshake");
  });

  test("reflected is refused", async () => {
    // An attacker sends alex everything alex sends.
    const dial = dialler();
    const hello = sent(dial.start());
    expect(dial.step(hello).refused).toBeDefined();
    const mirror = new AcceptHandshake({ self: alex, local: [end], keyFor, admit: () => "ok" });
    expect((await mirror.step(hello)).refused?.code).toBe("wrong_node");
  });

  test("reflected through a second connection to the dialler itself is refused", async () => {
    // Eve has kate's name, and uses what alex answers on one connection for the other.
    const dial = dialler();
    const hello = sent(dial.start());
    const other = new AcceptHandshake({ self: alex, local: [end], keyFor, admit: () => "ok" });
    const turned = changedHello(hello, { name: kate.name, wanted: alex.name });
    const challenge = sent(await other.step(turned));
    const answer = dial.step(changedChallenge(challenge, { name: kate.name }));
    expect((await other.step(sent(answer))).refused?.code).toBe("wrong_proof");
  });

  test("replayed is refused, to either end", async () => {
    const record: Uint8Array[] = [];
    await run(dialler(), acceptor(), (message) => {
      record.push(message);
      return message;
    });
    const [hello, challenge, proof, answer] = record as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const accept = acceptor();
    await accept.step(hello);
    expect((await accept.step(proof)).refused?.code).toBe("wrong_proof");
    const dial = dialler();
    dial.start();
    dial.step(challenge);
    expect(dial.step(answer).refused?.code).toBe("wrong_proof");
  });

  test("H1: relayed by a squatter to the node itself is refused, as its address is another", async () => {
    const { accepted } = await run(dialler({ dialled: { address: "127.0.0.1", port: 6666 } }), acceptor());
    expect(accepted.refused).toMatchObject({ code: "wrong_node", name: alex.name });
  });

  test("H1: relayed by a squatter to a third node is refused, as its name is another", async () => {
    const third = new AcceptHandshake({
      self: { ...kate, name: "carl@localhost" },
      local: [end],
      keyFor,
      admit: () => "ok",
    });
    const { accepted } = await run(dialler(), third);
    expect(accepted.refused?.code).toBe("wrong_node");
  });

  test("H1: relayed with name and address mended on the way is refused by the proof", async () => {
    const carl = { ...kate, name: "carl@localhost" } as const;
    const third = new AcceptHandshake({
      self: carl,
      local: [{ address: "127.0.0.1", port: 5 }],
      keyFor,
      admit: () => "ok",
    });
    const { dialled, accepted } = await run(dialler(), third, (message, index) => {
      if (index === 0) return changedHello(message, { wanted: carl.name, dialled: { address: "127.0.0.1", port: 5 } });
      return index === 1 ? changedChallenge(message, { name: kate.name }) : message;
    });
    expect(accepted.refused?.code).toBe("wrong_proof");
    expect(dialled.done).toBeUndefined();
  });

  test("T2: relayed between two channels is refused by the binding", async () => {
    const binding = (byte: number) => new Uint8Array(32).fill(byte);
    const same = await run(dialler({ binding: binding(1) }), acceptor({ binding: binding(1) }));
    expect(same.accepted.done).toBeDefined();
    const relayed = await run(dialler({ binding: binding(1) }), acceptor({ binding: binding(2) }));
    expect(relayed.accepted.refused?.code).toBe("wrong_proof");
    const stripped = await run(dialler({ binding: binding(1) }), acceptor());
    expect(stripped.accepted.refused?.code).toBe("wrong_proof");
  });

  test("with oneself is refused", async () => {
    expect(dialler({ wanted: alex.name }).start().refused?.code).toBe("wrong_node");
    const hello = changedHello(sent(dialler().start()), { name: kate.name });
    expect((await acceptor().step(hello)).refused?.code).toBe("wrong_node");
  });

  test("is not refused with a reason that comes at the wrong time", async () => {
    const dial = dialler();
    dial.start();
    expect(dial.step(formatRefused("not_allowed")).refused?.code).toBe("bad_handshake");
    const late = await challenged();
    late.dial.step(late.challenge);
    expect(late.dial.step(formatRefused("version")).refused?.code).toBe("bad_handshake");
  });
});

describe("10,000 mutated handshakes", () => {
  test("B1: none is proven, none throws", async () => {
    let seed = 0x9e37_79b9;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const mutate = (message: Uint8Array): Uint8Array => {
      const at = random(message.length);
      switch (random(5)) {
        case 0:
          return message.slice(0, at);
        case 1:
          return Uint8Array.of(...message.subarray(0, at), random(256), ...message.subarray(at));
        case 2:
          return Uint8Array.of(...message.subarray(0, at), ...message.subarray(at + 1));
        case 3:
          return Uint8Array.from({ length: random(200) }, () => random(256));
        default: {
          const changed = message.slice();
          changed[at] = (changed[at] ?? 0) ^ (1 + random(255));
          return changed;
        }
      }
    };
    let proven = 0;
    for (let round = 0; round < 10_000; round++) {
      const place = random(3);
      const { dialled, accepted } = await run(dialler(), acceptor(), (message, index) =>
        index === place ? mutate(message) : message,
      );
      if (dialled.done !== undefined || accepted.done !== undefined) proven += 1;
    }
    expect(proven).toBe(0);
  }, 60_000);
});

describe("admission", () => {
  test("is asked for only after the proof, with who the peer has proven to be", async () => {
    const asked: Peer[] = [];
    const admit = (peer: Peer): Admission => {
      asked.push(peer);
      return "ok";
    };
    await run(dialler({ keyFor: () => new Cookie("guess").key() }), acceptor({ admit }));
    expect(asked).toEqual([]);
    await run(dialler(), acceptor({ admit }));
    expect(asked).toEqual([alex]);
  });

  test.each(["not_allowed", "name_in_use", "simultaneous"] as const)("tells the dialler %s", async (admission) => {
    const { dialled, accepted } = await run(dialler(), acceptor({ admit: () => Promise.resolve(admission) }));
    expect([dialled.refused?.code, accepted.refused?.code]).toEqual([admission, admission]);
    expect([dialled.done, accepted.done]).toEqual([undefined, undefined]);
  });

  test("that fails lets nobody in", async () => {
    const { accepted } = await run(dialler(), acceptor({ admit: () => Promise.reject(new Error("lost")) }));
    expect(accepted.refused?.code).toBe("not_allowed");
  });

  test("H9: sends no proof before it has answered", async () => {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const accept = acceptor({ admit: () => promise });
    const dial = dialler();
    const challenge = sent(await accept.step(sent(dial.start())));
    let settled = false;
    const step = accept.step(sent(dial.step(challenge))).finally(() => (settled = true));
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    resolve("ok");
    expect(dial.step(sent(await step)).done?.peer).toEqual(kate);
  });

  test("H4: a message while it is being decided ends it", async () => {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const accept = acceptor({ admit: () => promise });
    const dial = dialler();
    const proof = sent(dial.step(sent(await accept.step(sent(dial.start())))));
    const first = accept.step(proof);
    expect((await accept.step(proof)).refused?.code).toBe("bad_handshake");
    resolve("ok");
    expect(await first).toMatchObject({ send: [], refused: { code: "closed" } });
  });

  test("of a connection that has closed meanwhile ends as refused", async () => {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const accept = acceptor({ admit: () => promise });
    const dial = dialler();
    const step = accept.step(sent(dial.step(sent(await accept.step(sent(dial.start()))))));
    expect(accept.closed()).toMatchObject({ code: "closed", name: alex.name });
    resolve("ok");
    expect((await step).done).toBeUndefined();
  });
});

describe("settleSimultaneous()", () => {
  test("H8: exactly one end accepts, the one that was dialled by the name that sorts first", () => {
    expect(settleSimultaneous("kate@localhost", "alex@localhost")).toBe("accept");
    expect(settleSimultaneous("alex@localhost", "kate@localhost")).toBe("refuse");
  });

  test("H8: two nodes that dial each other end with one link, in every order of events", async () => {
    // Both have a dial pending; each accepts the other's as settleSimultaneous says.
    const admit = (self: Peer) => (peer: Peer) =>
      settleSimultaneous(self.name, peer.name) === "accept" ? "ok" : "simultaneous";
    const fromAlex = await run(dialler(), acceptor({ admit: admit(kate) }));
    const fromKate = await run(
      dialler({ self: kate, wanted: alex.name }),
      new AcceptHandshake({ self: alex, local: [end], keyFor, admit: admit(alex) }),
    );
    expect(fromAlex.accepted.done).toBeDefined();
    expect(fromKate.dialled.refused?.code).toBe("simultaneous");
  });
});

describe("Proven", () => {
  test("H3: is known from what merely looks like it", async () => {
    const { done } = (await run(dialler(), acceptor())).dialled;
    expect(isProven(done)).toBe(true);
    expect(isProven({ ...done })).toBe(false);
    expect(isProven(structuredClone({ peer: done?.peer, version: 1, dialled: true }))).toBe(false);
    expect(isProven(Object.create(done ?? {}))).toBe(false);
    expect(isProven(undefined)).toBe(false);
  });

  test("H3: can't be made or changed by others", async () => {
    const { done } = (await run(dialler(), acceptor())).dialled;
    const Made = done?.constructor as new (...args: unknown[]) => unknown;
    expect(() => new Made(Symbol("proven"), alex, 1, true)).toThrow("A peer is proven by a handshake");
    expect(Object.isFrozen(done)).toBe(true);
    expect(Object.isFrozen(done?.peer)).toBe(true);
  });
});
