import { once } from "node:events";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { connect as connectPlain, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Address, Channel, Doorkeeper } from "../../../src/node/wire/transport.ts";
import { WsTransport, type WsTransportOptions } from "../../../src/node/wire/ws-transport.ts";
import { transportContract } from "../../support/transport.contract.ts";
import { collect } from "../../support/wire.ts";

const pem = (name: string) => readFileSync(new URL(`../../support/tls/${name}.pem`, import.meta.url));
const alexKeys = { key: pem("alex-key"), cert: pem("alex") };
const kateKeys = { key: pem("kate-key"), cert: pem("kate") };
const ca = pem("ca");

describe("plain", () => {
  transportContract(() => ({ near: new WsTransport(), far: new WsTransport() }));
});

describe("TLS", () => {
  transportContract(() => ({ near: new WsTransport({ tls: alexKeys }), far: new WsTransport({ tls: kateKeys }) }));
});

async function listening(
  options: WsTransportOptions = {},
): Promise<{ address: Address; channels: Channel[]; refusals: string[] }> {
  const transport = new WsTransport(options);
  const channels: Channel[] = [];
  const refusals: string[] = [];
  const doorkeeper: Doorkeeper = {
    accepted: () => ({ upgraded() {}, closed() {} }),
    refused: (reason) => refusals.push(reason),
  };
  const address = await transport.listen((channel) => channels.push(channel), doorkeeper);
  onTestFinished(async () => {
    for (const channel of channels) channel.terminate();
    await transport.close();
  });
  return { address, channels, refusals };
}

/** Writes bytes to the listener and answers all that comes back until it hangs up. */
function raw({ port }: Address, text: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connectPlain(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    socket.write(text);
  });
}

function request(address: Address, line = "GET / HTTP/1.1", headers: Record<string, string | string[]> = {}): string {
  const all: Record<string, string | string[]> = {
    Host: `127.0.0.1:${address.port}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  return `${line}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const statusOf = (answer: string): string => answer.split(" ")[1] ?? "";
const bodyOf = (answer: string): string => answer.split("\r\n\r\n")[1] ?? "";

describe("requests", () => {
  test("W1, W2, B6: pages are refused, and the listener lives", async () => {
    const { address, channels } = await listening();
    const refused = [
      { Origin: "http://evil.example" },
      { Origin: "" },
      { Origin: "null" },
      { Origin: ["http://a", "http://b"] },
      { "Sec-WebSocket-Origin": "x" },
      { Host: "evil.example" },
      { Host: `localhost.evil.example:${address.port}` },
    ];
    for (const headers of refused) {
      const answer = await raw(address, request(address, undefined, headers));
      expect(["400", "403"]).toContain(statusOf(answer));
      expect(bodyOf(answer)).toBe("");
    }
    expect(channels).toHaveLength(0);
    const dialler = new WsTransport();
    const channel = await dialler.dial(address, new AbortController().signal);
    channel.terminate();
  });

  test("W3: everything but the upgrade gets 426 and an empty body", async () => {
    const { address } = await listening();
    const host = `Host: 127.0.0.1:${address.port}\r\n`;
    for (const text of [
      `GET / HTTP/1.1\r\n${host}\r\n`,
      `POST /x HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`,
      `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
      `PUT / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n`,
      `PUT / HTTP/1.1\r\n${host}Expect: magic\r\nContent-Length: 1\r\n\r\n`,
      `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`,
      request(address, "GET / HTTP/1.1", { Upgrade: "h2c" }),
      request(address, "GET / HTTP/1.1", { "Sec-WebSocket-Version": "8" }),
    ]) {
      const answer = await raw(address, text);
      expect(statusOf(answer), text).toBe("426");
      expect(bodyOf(answer)).toBe("");
    }
  });

  test("W1: a page is known however many headers stand before its Origin", async () => {
    const { address } = await listening();
    const text = request(address).replace(/\r\n\r\n$/, `\r\n${"a:\r\n".repeat(1_998)}Origin: x\r\n\r\n`);
    expect(statusOf(await raw(address, text))).toBe("403");
  });

  test("B6: 3,000 headers, one of 1 MB and no HTTP at all are refused", async () => {
    const { address, channels } = await listening();
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`X${i}`, "1"]));
    expect(statusOf(await raw(address, request(address, undefined, { ...many, Origin: "x" })))).not.toBe("101");
    expect(statusOf(await raw(address, request(address, undefined, { X: "x".repeat(1_000_000) })))).not.toBe("101");
    expect(statusOf(await raw(address, "\0\x01\x02 nonsense\r\n\r\n"))).toBe("400");
    expect(channels).toHaveLength(0);
  });

  test("W3: hangs up on who sends nothing in the setup time", async () => {
    const { address } = await listening({ setupTime: 300 });
    const answer = await raw(address, "GET / HT");
    expect(statusOf(answer)).not.toBe("101");
  });
});

/** An upgraded raw connection, to which frames can be written by hand. */
async function upgraded(address: Address): Promise<Socket> {
  const socket = connectPlain(address.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(request(address));
  await new Promise((resolve) => socket.once("data", resolve));
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** A frame with a zero mask. */
function frame(opcode: number, payload: Uint8Array, length = payload.length): Buffer {
  const head = length < 126 ? Buffer.from([0x80 | opcode, 0x80 | length]) : Buffer.alloc(10);
  if (length >= 126) {
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

describe("frames", () => {
  test.each([
    ["B12: a text of invalid UTF-8", frame(1, Uint8Array.of(0xff, 0xfe)), 1007],
    ["a text at all", frame(1, Buffer.from("hello")), 1003],
    ["T5, B7: a length of 4 GB", frame(2, new Uint8Array(10), 2 ** 32), 1009],
    ["T5: one byte more than the longest", frame(2, new Uint8Array(0), 64 * 1024 + 1024 + 1), 1009],
    ["a reserved operation", frame(5, new Uint8Array(0)), 1002],
  ])("%s closes the connection", async (_, bytes, code) => {
    const { address, channels } = await listening();
    const socket = await upgraded(address);
    const { closed } = collect(channels[0]!);
    const answer = new Promise<Buffer>((resolve) => socket.once("data", resolve));
    socket.write(bytes);
    const close = await answer;
    expect(close[0]).toBe(0x88);
    expect(close.readUInt16BE(2)).toBe(code);
    socket.destroy();
    await closed;
  });
});

describe("listen()", () => {
  test("T1: is on loopback unless told otherwise, and refuses to leave it without TLS", async () => {
    const { address } = await listening();
    expect(address.host).toBe("127.0.0.1");
    await expect(new WsTransport({ host: "0.0.0.0" }).listen(() => {})).rejects.toMatchObject({
      code: "listen_refused",
    });
    expect(new WsTransport({ host: "0.0.0.0" }).exposed).toBe(true);
    expect(new WsTransport().exposed).toBe(false);
  });

  test("rejects for a port that is taken, and says what to do", async () => {
    const { address } = await listening();
    await expect(new WsTransport({ port: address.port }).listen(() => {})).rejects.toMatchObject({
      code: "listen_refused",
      message: expect.stringMatching(/EADDRINUSE. Another program listens there: give another port/u) as string,
    });
  });

  test("rejects for an address that is not this machine's, and says what to do", async () => {
    // A range for documentation, which no machine has.
    const transport = new WsTransport({ host: "192.0.2.1", insecure: true });
    await expect(transport.listen(() => {})).rejects.toMatchObject({
      code: "listen_refused",
      message: expect.stringMatching(/EADDRNOTAVAIL. No interface of this machine has that address/u) as string,
    });
  });
});

describe("TLS between two nodes", () => {
  test("T2: binds the channel: 32 bytes, the same at both ends, others for another connection", async () => {
    const { address, channels } = await listening({ tls: kateKeys });
    const dialler = new WsTransport({ tls: alexKeys });
    const one = await dialler.dial(address, new AbortController().signal);
    const other = await dialler.dial(address, new AbortController().signal);
    expect(one.binding).toHaveLength(32);
    expect([...channels.map(({ binding }) => Buffer.from(binding).toString("hex"))].toSorted()).toEqual(
      [one, other].map(({ binding }) => Buffer.from(binding).toString("hex")).toSorted(),
    );
    expect(one.binding).not.toEqual(other.binding);
    expect(one.peerNames).toBeUndefined();
    one.terminate();
    other.terminate();
  });

  test("T2: with an authority, both certificates are verified and their names known", async () => {
    const { address, channels } = await listening({ tls: { ...kateKeys, ca } });
    const channel = await new WsTransport({ tls: { ...alexKeys, ca } }).dial(address, new AbortController().signal);
    expect(channel.peerNames).toContain("kate@localhost");
    expect(channels[0]!.peerNames).toContain("alex@localhost");
    channel.terminate();
  });

  test("T2: an authority that did not sign refuses", async () => {
    const { address, channels } = await listening({ tls: kateKeys });
    const stranger = new WsTransport({ tls: { ...alexKeys, ca: alexKeys.cert } });
    await expect(stranger.dial(address, new AbortController().signal)).rejects.toMatchObject({ code: "tls_mismatch" });
    expect(channels).toHaveLength(0);
  });

  test.each([
    ["another authority's", { tls: alexKeys }],
    ["no", { tls: undefined }],
  ])("T2: one that shows %s certificate is refused, and both ends say so", async (_, { tls }) => {
    const { address, channels, refusals } = await listening({ tls: { ...kateKeys, ca: kateKeys.cert } });
    if (tls === undefined) {
      const socket = connectTls({ port: address.port, host: "127.0.0.1", rejectUnauthorized: false });
      socket.end(request(address));
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*moebi-certificate: yes/);
    } else {
      const dialled = new WsTransport({ tls }).dial(address, new AbortController().signal);
      await expect(dialled).rejects.toThrow("does not take this node's certificate");
      await expect(dialled).rejects.toMatchObject({ code: "tls_mismatch" });
    }
    expect(refusals.join()).toContain("No authority in --tls-ca has signed its certificate");
    expect(channels).toHaveLength(0);
  });

  test("T2: one that has no certificate is refused also when it takes up the TLS session that it had", async () => {
    const { address, channels } = await listening({ tls: { ...kateKeys, ca } });
    const visit = async (
      ticket?: Buffer,
    ): Promise<{ answer: string; reused: boolean; session: Buffer | undefined }> => {
      const socket = connectTls({ port: address.port, host: "127.0.0.1", rejectUnauthorized: false, session: ticket });
      let session: Buffer | undefined;
      socket.on("session", (given: Buffer) => (session = given));
      await once(socket, "secureConnect");
      const reused = socket.isSessionReused();
      socket.end(request(address));
      return { answer: await text(socket), reused, session };
    };
    const { session } = await visit();
    const again = await visit(session);
    expect([again.reused, again.answer.split("\r\n")[0]]).toEqual([true, "HTTP/1.1 403 Forbidden"]);
    expect(channels).toHaveLength(0);
  });

  test("T3: a mismatch is told at both ends, either way", async () => {
    const plain = await listening();
    await expect(
      new WsTransport({ tls: alexKeys }).dial(plain.address, new AbortController().signal),
    ).rejects.toMatchObject({
      code: "tls_mismatch",
    });
    expect(plain.refusals.join()).toContain("without TLS");

    const tls = await listening({ tls: kateKeys });
    await expect(new WsTransport().dial(tls.address, new AbortController().signal)).rejects.toMatchObject({
      code: "tls_mismatch",
    });
    expect(tls.refusals.join()).toContain("with TLS");
  });
});
