/** B1, B4, B6: what comes before a proof, wrong, mutated or much too large. */
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { VERSIONS } from "../../src/node/wire/handshake.ts";
import { formatHello, formatProof } from "../../src/node/wire/handshake-message.ts";
import { type Bar, MB, sleep } from "./bar.ts";
import { peerOf } from "./proven-peers.ts";
import { startSubject, type Subject } from "./run-subject.ts";

const INPUTS = 10_000;
const AT_ONCE = 50;
/** Who is not cut by then goes on its own. */
const PATIENCE = 200;

const upgradeTo = (port: number, more = ""): string =>
  `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;

/** A frame of binary data with a mask of zeros. */
function framed(payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? [0x82, 0x80 | length] : [0x82, 0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

/** Some bytes changed, cut off, or put in. */
function mutated(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  for (let changes = randomInt(1, 6); changes > 0; changes--) copy[randomInt(copy.length)] = randomInt(256);
  const cut = randomInt(copy.length + 1);
  switch (randomInt(4)) {
    case 0:
      return copy.subarray(0, cut);
    case 1:
      return Buffer.concat([copy.subarray(0, cut), randomBytes(randomInt(1, 64)), copy.subarray(cut)]);
    default:
      return copy;
  }
}

/** Sends each piece after an answer to the one before, or when none comes soon. Gives the first bytes of the answer. */
async function offer(port: number, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port }).on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += answer.length < 64 ? data.toString("latin1") : ""));
  for (const piece of pieces) {
    socket.write(piece);
    await Promise.race([once(socket, "data").catch(() => undefined), closed, sleep(PATIENCE)]);
  }
  await Promise.race([closed, sleep(PATIENCE)]);
  socket.destroy();
  return answer.slice(0, 12);
}

/** Does `work` so many times, so many at once. */
async function many(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

/** A subject that has been dialled once, and who dials it honestly. */
async function subjects(
  name: string,
): Promise<AsyncDisposableStack & { subject: Subject; honest: Subject; port: number }> {
  const stack = new AsyncDisposableStack();
  const subject = stack.use(await startSubject(name));
  const honest = stack.use(await startSubject(`${name}_honest`));
  await honest.ask("connect", subject.name);
  await honest.ask("disconnect", subject.name);
  const [, port] = await honest.ask("lookup", subject.name);
  return Object.assign(stack, { subject, honest, port });
}

export const badInputs: Bar = {
  id: "B1",
  async run(tell) {
    await using stack = await subjects("b1");
    const { subject, honest, port } = stack;
    const hello = formatHello({
      versions: VERSIONS,
      name: "stranger@localhost",
      creation: 1,
      wanted: subject.name,
      dialled: { address: "127.0.0.1", port },
      flags: 0,
      nonce: randomBytes(32),
    });
    const kinds: (() => readonly (string | Uint8Array)[])[] = [
      () => [randomBytes(randomInt(1, 2_000))],
      () => [mutated(Buffer.from(upgradeTo(port)))],
      () => [upgradeTo(port), randomBytes(randomInt(1, 2_000))],
      () => [upgradeTo(port), mutated(framed(hello))],
      () => [upgradeTo(port), framed(mutated(hello))],
      () => [upgradeTo(port), framed(hello), framed(randomBytes(randomInt(1, 100)))],
      () => [upgradeTo(port), framed(hello), framed(mutated(formatProof(randomBytes(32))))],
    ];
    // What is compiled at the first of each kind is not counted.
    await many(200, (n) => offer(port, kinds[n % kinds.length]!()));
    await sleep(1_500);
    const before = await subject.figures();
    const logged = subject.logged;
    const begun = performance.now();
    await many(INPUTS, (n) => offer(port, kinds[n % kinds.length]!()));
    const minutes = (performance.now() - begun) / 60_000;
    const lines = subject.logged - logged;
    await sleep(1_500);
    const after = await subject.figures();
    tell({
      what: "10,000 random or mutated inputs before the proof: proven",
      measured: after.nodes,
      unit: "",
      exactly: 0,
    });
    tell({ what: "they took", measured: minutes * 60, unit: "s" });
    tell({ what: "it runs", measured: Number(subject.alive), unit: "", exactly: 1 });
    tell({ what: "file descriptors after", measured: after.descriptors - before.descriptors, unit: "more", most: 0 });
    tell({ what: "heap after", measured: (after.heap - before.heap) / MB, unit: "MB more", most: 5 });
    tell({ what: "lines logged", measured: lines / Math.max(1, minutes), unit: "/min", most: 10 });
    tell({
      what: "an honest dial afterwards",
      measured: await honest.ask("connect", subject.name),
      unit: "ms",
      least: 0,
    });
  },
};

export const wrongProofs: Bar = {
  id: "B4",
  async run(tell, { proofs }) {
    await using stack = await subjects("b4");
    const { subject, honest, port } = stack;
    const logged = subject.logged;
    const begun = performance.now();
    let letIn = 0;
    const over = new AbortController();
    const dials: number[] = [];
    const honestly = (async () => {
      while (!over.signal.aborted) {
        await sleep(500);
        const ms = await honest.ask("connect", subject.name);
        dials.push(ms < 0 ? Infinity : ms);
        await honest.ask("disconnect", subject.name);
      }
    })();
    await many(proofs, async (n) => {
      const carrier = peerOf(n, port, "another cookie");
      const link = await carrier.connect(subject.name, new AbortController().signal).catch(() => undefined);
      if (link !== undefined) letIn++;
      await carrier.stop();
    });
    const seconds = (performance.now() - begun) / 1_000;
    over.abort();
    await honestly;
    const each = `${proofs.toLocaleString("en")} wrong proofs, 50 at a time`;
    tell({ what: `${each}: let in`, measured: letIn, unit: "", exactly: 0 });
    tell({ what: "tried", measured: proofs / seconds, unit: "/s", most: 60 });
    tell({
      what: "lines logged",
      measured: (subject.logged - logged) / Math.max(1, seconds / 60),
      unit: "/min",
      most: 60,
    });
    tell({
      what: `the slowest of ${String(dials.length)} honest dials`,
      measured: Math.max(...dials),
      unit: "ms",
      most: 100,
    });
  },
};

export const largeHeaders: Bar = {
  id: "B6",
  async run(tell) {
    await using stack = await subjects("b6");
    const { subject, honest, port } = stack;
    const headers = (count: number, size: number): string =>
      Array.from({ length: count }, (_, i) => `X-${String(i)}: ${"x".repeat(size)}\r\n`).join("");
    for (const [what, more] of [
      ["3,000 headers", headers(3_000, 1)],
      ["3,000 empty headers, Origin the last of them", `${"a:\r\n".repeat(2_999)}Origin: http://evil\r\n`],
      ["a header of 1 MB", headers(1, MB)],
    ] as const) {
      const answer = await offer(port, [upgradeTo(port, more)]);
      tell({
        what: `${what}: refused, by "${answer}"`,
        measured: Number(!answer.includes("101")),
        unit: "",
        exactly: 1,
      });
    }
    tell({ what: "it runs", measured: Number(subject.alive), unit: "", exactly: 1 });
    tell({
      what: "an honest dial afterwards",
      measured: await honest.ask("connect", subject.name),
      unit: "ms",
      least: 0,
    });
  },
};
