import { describe, expect, test } from "vitest";
import { Cookie } from "../../../src/node/cookie.ts";
import { formatProof, parseChallenge, parseHello } from "../../../src/node/wire/handshake-message.ts";
import {
  AcceptHandshake,
  WRONG_PROOF_MS,
  isProven,
  settleSimultaneous,
  type Admission,
} from "../../../src/node/wire/handshake.ts";
import type { Peer } from "../../../src/process/signal.ts";

import { acceptor, alex, challenged, cookie, dialler, end, kate, keyFor, run, sent } from "../../support/handshakes.ts";

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
