import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, type Reply } from "../../../src/node/name-service/client.ts";
import { BANNER, formatRequest } from "../../../src/node/name-service/protocol.ts";
import { systemClock, type Clock } from "../../../src/process/clock.ts";
import { NameServer, type NameServerOptions } from "../../../src/node/name-service/server.ts";

const host = "127.0.0.1";
/** An address of this host that is not loopback's, if it has one. */
const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;
const token = (digit: number) => String(digit).repeat(32);

/** Two seconds that never end, where what is tested is who goes when there are too many. */
const stillClock: Clock = { ...systemClock, setTimeout: () => undefined };

let server: NameServer;
let port: number;
const sockets: Socket[] = [];

beforeEach(() => start());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function start(options?: NameServerOptions): Promise<void> {
  await server?.close();
  server = new NameServer(options);
  port = await server.listen(host, 0);
}

async function register(name: string, digit = 1): Promise<Reply> {
  const reply = await ask({
    host,
    port,
    request: { op: "register", name, port: 4000 + digit, pid: digit, token: token(digit) },
  });
  if (reply.socket !== undefined) sockets.push(reply.socket);
  return reply;
}

async function lookup(name: string): Promise<number | undefined> {
  const { lines, failure } = await ask({ host, port, request: { op: "lookup", name }, timeout: 30_000 });
  if (failure !== undefined) throw new Error(failure);
  return lines?.[0]?.op === "port" ? lines[0].port : undefined;
}

/** A connection that has been greeted, from an address of this host. */
async function stranger(localAddress?: string): Promise<Socket> {
  const socket = connect({ host, port, ...(localAddress !== undefined && { localAddress }) });
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "data");
  return socket;
}

/** All that comes until the service closes the connection. */
async function until(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** What the service answers before it closes the connection. */
async function answerTo(socket: Socket, request: string): Promise<string> {
  socket.write(`${request}\n`);
  return until(socket);
}

describe("NameServer", () => {
  test("N1: holds a name as long as the connection that registered it", async () => {
    expect(await lookup("alex")).toBeUndefined();
    const { socket } = await register("alex");
    expect(await lookup("alex")).toBe(4001);
    socket?.end();
    await once(socket as Socket, "close");
    expect(await lookup("alex")).toBeUndefined();
  });

  test("N1: gives a name back as soon as its holder has ended the connection, before that is closed", async () => {
    const { socket } = await register("alex", 1);
    const next = await stranger();
    // The end is on its way before the request is, and both are read in one turn of the event loop.
    socket?.end();
    await once(socket as Socket, "finish");
    next.write(`${formatRequest({ op: "register", name: "alex", port: 4002, pid: 2, token: token(2) })}\n`);
    expect(String((await once(next, "data"))[0])).toBe("registered\n");
  });

  // From another address than loopback's, as another host's would be; what listens is on loopback.
  test.runIf(elsewhere !== undefined)("N1: registers nothing from elsewhere, and answers there", async () => {
    await register("alex");
    const request = formatRequest({ op: "register", name: "kate", port: 4002, pid: 2, token: token(2) });
    expect(await answerTo(await stranger(elsewhere), request)).toBe("refused\n");
    const question = formatRequest({ op: "lookup", name: "alex" });
    expect(await answerTo(await stranger(elsewhere), question)).toBe("port 4001\n");
    expect(await lookup("kate")).toBeUndefined();
  });

  test("B13: gives a name once, and says who has it", async () => {
    await register("alex", 1);
    expect((await register("alex", 2)).lines).toEqual([{ op: "taken", port: 4001, pid: 1 }]);
    expect(await lookup("alex")).toBe(4001);
  });

  test("N4: lets a node that has lost its connection have its name back", async () => {
    const { socket } = await register("alex", 1);
    expect((await register("alex", 1)).lines).toEqual([{ op: "registered" }]);
    if (socket?.closed === false) await once(socket, "close");
    expect(await lookup("alex")).toBe(4001);
  });

  test("lists the names in the order of registration", async () => {
    for (const [index, name] of ["kate", "alex"].entries()) await register(name, index + 1);
    const { lines } = await ask({ host, port, request: { op: "names" } });
    expect(lines).toEqual([
      { op: "name", name: "kate", port: 4001 },
      { op: "name", name: "alex", port: 4002 },
      { op: "end" },
    ]);
  });

  test("N3: has a limit of names, and says so", async () => {
    await start({ mostNames: 2 });
    await register("a", 1);
    await register("b", 2);
    expect((await register("c", 3)).lines).toEqual([{ op: "full", limit: 2 }]);
    expect((await register("b", 2)).lines).toEqual([{ op: "registered" }]);
  });

  test.each(["GET / HTTP/1.1\r\n", "lookup\n", "x".repeat(600), "names\nnames\n", "\n", "\0\0\0\0\n"])(
    "N3, B14: answers %j as bad and closes",
    async (text) => {
      const socket = await stranger();
      socket.write(text);
      expect(await until(socket)).toBe("bad\n");
    },
  );

  test("takes nothing more from a connection that has registered", async () => {
    const { socket } = await register("alex");
    socket?.write("names\n");
    await until(socket as Socket);
    expect(await lookup("alex")).toBeUndefined();
  });

  test("N3: closes a connection that has registered nothing after two seconds", async () => {
    const socket = await stranger();
    socket.write("look");
    expect(await until(socket)).toBe("");
  });

  test("N3: of too many that have registered nothing the oldest goes, and no registration", async () => {
    await start({ mostStrangers: 3, clock: stillClock });
    await register("alex");
    const first = await stranger();
    const others = [await stranger(), await stranger()];
    const closed = until(first);
    expect(await lookup("alex")).toBe(4001);
    await closed;
    expect(others.map((socket) => socket.closed)).toContain(false);
  });

  test("N3, B14: answers while 2,000 idle connections come", async () => {
    await start({ clock: stillClock });
    await register("alex");
    for (let i = 0; i < 2000; i++) {
      const socket = connect({ host, port });
      socket.on("error", () => undefined);
      sockets.push(socket);
      if (i % 200 === 199) expect(await lookup("alex")).toBe(4001);
    }
  }, 60_000);

  test("B14: survives 1,000 connections of noise", async () => {
    await start({ clock: stillClock });
    let seed = 1;
    const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff) / 2 ** 31;
    for (let i = 0; i < 1000; i++) {
      const socket = connect({ host, port });
      socket.on("error", () => undefined);
      sockets.push(socket);
      socket.end(Buffer.from(Array.from({ length: Math.floor(random() * 700) }, () => Math.floor(random() * 256))));
      if (i % 100 === 99) expect(await lookup("alex")).toBeUndefined();
    }
    await register("alex");
    expect(await lookup("alex")).toBe(4001);
  }, 60_000);

  test("greets at once", async () => {
    const socket = connect({ host, port });
    sockets.push(socket);
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(chunk.toString()).toBe(`${BANNER}\n`);
  });

  test("refuses a port that is taken", async () => {
    const other = new NameServer();
    await expect(other.listen(host, port)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await other.close();
  });

  test("cuts all connections and gives the port back when it closes", async () => {
    const { socket } = await register("alex");
    const closed = until(socket as Socket);
    await server.close();
    await closed;
    expect((await ask({ host, port, request: { op: "names" } })).failure).toBe("nobody");
    expect(await server.listen(host, port)).toBe(port);
  });
});
