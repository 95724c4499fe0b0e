import { describe, expect, test } from "vitest";
import { formatProof, formatRefused, type Challenge, type Hello } from "../../../src/node/wire/handshake-message.ts";
import { AcceptHandshake } from "../../../src/node/wire/handshake.ts";

import {
  acceptor,
  alex,
  challenged,
  changedChallenge,
  changedHello,
  dialler,
  end,
  kate,
  keyFor,
  run,
  sent,
} from "../../support/handshakes.ts";

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

  test.each([
    ["another node", { name: "eve@localhost" }, "wrong_node"],
    ["the dialler itself", { name: alex.name }, "wrong_node"],
    ["a version that is not the highest both speak", { versions: { min: 1, max: 2 } }, "version"],
  ] as const)("H1: %s in CHALLENGE is shown no proof", async (_, change, code) => {
    const dial = dialler({ versions: { min: 1, max: 2 } });
    const challenge = sent(await acceptor().step(sent(dial.start())));
    expect(dial.step(changedChallenge(challenge, change))).toMatchObject({ send: [], refused: { code } });
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
