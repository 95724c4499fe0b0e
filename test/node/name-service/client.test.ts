import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ask, type Reply } from "../../../src/node/name-service/client.ts";
import { BANNER } from "../../../src/node/name-service/protocol.ts";

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** The port of a program that does that with each connection. */
async function serve(behave: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    behave(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function lookup(port: number, options: { timeout?: number; signal?: AbortSignal } = {}): Promise<Reply> {
  return ask({ host: "127.0.0.1", port, request: { op: "lookup", name: "alex" }, timeout: 30_000, ...options });
}

/** Speaks as a name service would, and answers anything with that text. */
function answering(text: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(`${BANNER}\n`);
    socket.on("data", () => socket.write(text));
  };
}

describe("ask()", () => {
  test("gives the answer", async () => {
    const port = await serve(answering("port 4001\n"));
    expect((await lookup(port)).lines).toEqual([{ op: "port", port: 4001 }]);
  });

  test("says nothing before it knows who listens", async () => {
    const heard = Promise.withResolvers<string>();
    const port = await serve((socket) => {
      let text = "";
      socket.on("data", (chunk) => (text += String(chunk)));
      socket.on("close", () => heard.resolve(text));
      socket.write("220 mail.example.org ESMTP\r\n");
    });
    expect((await lookup(port)).failure).toBe("foreign");
    expect(await heard.promise).toBe("");
  });

  test("N2: fails when nobody listens", async () => {
    const port = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect((await lookup(port)).failure).toBe("nobody");
  });

  test.each(["HTTP/1.1 400 Bad Request\r\n", "moebi-names 2\n", "\n"])(
    "N5: knows a foreign program by %j",
    async (text) => {
      const port = await serve((socket) => socket.write(text));
      expect((await lookup(port)).failure).toBe("foreign");
    },
  );

  test.each(["port 0\n", "port 99999999999\n", "registered\n", "end\n", "name alex 1\n", "\x1b[2J\n", "port 1 2 3\n"])(
    "B14: takes no lie of the form %j",
    async (text) => {
      const port = await serve(answering(text));
      expect((await lookup(port)).failure).toBe("foreign");
    },
  );

  test("N2: reads no more than 64 KiB", async () => {
    const port = await serve((socket) => socket.write("x".repeat(70_000)));
    expect((await lookup(port)).failure).toBe("foreign");
  });

  test("N2, B14: gives up when there is silence, before and after the greeting", async () => {
    expect((await lookup(await serve(() => undefined), { timeout: 50 })).failure).toBe("silent");
    expect((await lookup(await serve(answering("")), { timeout: 50 })).failure).toBe("silent");
  });

  test("N2: a byte now and then does not extend the time", async () => {
    const port = await serve((socket) => {
      const timer = setInterval(() => socket.write("m"), 10);
      socket.on("close", () => clearInterval(timer));
    });
    expect((await lookup(port, { timeout: 100 })).failure).toBe("silent");
  });

  test("tells of a connection that is closed before the answer", async () => {
    const port = await serve((socket) => socket.end(`${BANNER}\n`));
    expect((await lookup(port)).failure).toBe("closed");
  });

  test("stops when it is aborted", async () => {
    const abort = new AbortController();
    const port = await serve(() => abort.abort());
    expect((await lookup(port, { signal: abort.signal })).failure).toBe("aborted");
    expect((await lookup(port, { signal: abort.signal })).failure).toBe("aborted");
  });

  test("leaves a registration open, and nothing else", async () => {
    const port = await serve(answering("registered\n"));
    const request = { op: "register", name: "alex", port: 1, pid: 1, token: "0".repeat(32) } as const;
    const { socket } = await ask({ host: "127.0.0.1", port, request });
    expect(socket?.destroyed).toBe(false);
    socket?.destroy();
    expect((await lookup(await serve(answering("none\n")))).socket?.destroyed).toBe(true);
  });
});
