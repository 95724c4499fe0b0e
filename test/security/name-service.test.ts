import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { StringDevice } from "../../src/io/string-device.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { NameService } from "../../src/node/name-service/name-service.ts";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { startNode } from "../../src/start-node.ts";
import { inspect } from "../../src/term/inspect.ts";
import { Remote } from "../support/remote.ts";

const SLOW = Math.max(60_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));

const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A program of somebody else's on a port of this host. */
async function program(serve: (socket: Socket) => void, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  servers.push({ server, sockets });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function start(sname: string, log: LogEntry[] = []): Promise<LocalNode> {
  const node = await startNode({ sname, device: new StringDevice(), log: (entry) => log.push(entry) });
  onTestFinished(() => node.stop());
  return node;
}

describe("a foreign program on the name service's port", () => {
  test.each([
    ["that speaks", (socket: Socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["that is silent", () => undefined],
    ["that hangs up", (socket: Socket) => void socket.destroy()],
  ])(
    "N5: %s makes a start fail, naming port and remedy, and leaves nothing running",
    { timeout: SLOW },
    async (_, serve) => {
      const port = await program(serve);
      vi.stubEnv("MOEBI_EPMD_PORT", String(port));
      const failed = await startNode({ sname: "alex", device: new StringDevice() }).catch(
        (error: unknown) => error as Error,
      );
      expect(failed).toMatchObject({ code: "epmd" });
      expect((failed as Error).message).toContain(String(port));
      expect((failed as Error).message).toContain("MOEBI_EPMD_PORT");
    },
  );
});

describe("a name", () => {
  test("B13: is given once on a host; the second start names the first, who is unharmed", async () => {
    const first = await start("alex");
    const failed = await startNode({ sname: "alex", device: new StringDevice() }).catch(
      (error: unknown) => error as Error,
    );
    expect(failed).toMatchObject({ code: "name_taken" });
    expect((failed as Error).message).toMatch(/alex/);
    expect((failed as Error).message).toContain(String(process.pid));
    const kate = await start("kate");
    expect(await kate.run(() => Node.ping(first.name))).toBe("pong");
  });

  test("N7: taken first by another user makes the start fail, saying so", async () => {
    const eve = new NameService({});
    onTestFinished(() => eve.close());
    await eve.register({ name: "kate", port: 4001 });
    const failed = await startNode({ sname: "kate", device: new StringDevice() }).catch(
      (error: unknown) => error as Error,
    );
    expect(failed).toMatchObject({ code: "name_taken" });
    expect((failed as Error).message).toMatch(/kate/);
  });

  test("N7: whose holder does not speak the protocol gives no link", async () => {
    const alex = await start("alex");
    const eve = new NameService({});
    onTestFinished(() => eve.close());
    await eve.register({ name: "kate", port: await program((socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\n")) });
    expect(await alex.run(() => Node.ping("kate@localhost"))).toBe("pang");
    expect(await alex.run(() => Node.list())).toEqual([]);
  });

  test("N7, H1, B5: whose holder passes every byte on to another node gives no link to that node", async () => {
    const log: LogEntry[] = [];
    const alex = await start("alex", log);
    const carl = await start("carl");
    const eve = new NameService({});
    onTestFinished(() => eve.close());
    const target = await eve.lookup(carl.name);
    expect(target).toBeDefined();
    const { connect } = await import("node:net");
    const squatter = await program((socket) => {
      const onward = connect({ host: "127.0.0.1", port: target?.port ?? 0 });
      onward.on("error", () => socket.destroy()).on("close", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      socket.pipe(onward);
      onward.pipe(socket);
    });
    await eve.register({ name: "kate", port: squatter });
    expect(await alex.run(() => Node.ping("kate@localhost"))).toBe("pang");
    expect(await alex.run(() => Node.list("connected"))).toEqual([]);
    expect(await carl.run(() => Node.list("connected"))).toEqual([]);
    // Asked for itself carl answers.
    expect(await alex.run(() => rpc.call(carl.name, Remote, "where"))).toBe(carl.name);
  });
});

describe("the holder of the list", () => {
  test("F11, N4: goes: links stay, the next holds the list, and nodes are found again", { timeout: SLOW }, async () => {
    const first = await start("first");
    const [alex, kate] = [await start("alex"), await start("kate")];
    expect(await alex.run(() => Node.ping(kate.name))).toBe("pong");
    await first.stop();
    expect(await alex.run(() => Node.list())).toContain(kate.name);
    expect(await alex.run(() => rpc.call(kate.name, Remote, "where"))).toBe(kate.name);
    const asker = new NameService({});
    onTestFinished(() => asker.close());
    // Registered anew as soon as another node has the port.
    let names: string[] = [];
    while (!names.includes("alex") || !names.includes("kate")) {
      names = await asker.names().then(
        (list) => list.map(({ name }) => name),
        () => [],
      );
    }
    expect(names.sort(), inspect(names)).toEqual(["alex", "kate"]);
    const late = await start("late");
    expect(await late.run(() => Node.ping(kate.name))).toBe("pong");
  });
});
