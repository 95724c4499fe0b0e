import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NameService, defaultNameServicePort } from "../../../src/node/name-service/name-service.ts";
import { BANNER } from "../../../src/node/name-service/protocol.ts";
import { NameServer } from "../../../src/node/name-service/server.ts";

let port: number;
const services: NameService[] = [];
const closing: (() => Promise<unknown>)[] = [];

/** Long, for a machine that is busy; what is waited for is an event. */
const patience = { timeout: 30_000, interval: 20 };

beforeEach(async () => {
  const server = await listen(0, () => undefined);
  port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  for (const close of closing.splice(0)) await close();
});

function node(options: { random?: () => number } = {}): NameService {
  const service = new NameService({ port, ...options });
  services.push(service);
  return service;
}

async function listen(at: number, behave: (socket: Socket) => void): Promise<Server> {
  const server = createServer(behave);
  server.listen(at, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** A program at the port of the list. */
async function foreign(behave: (socket: Socket) => unknown): Promise<void> {
  const sockets = new Set<Socket>();
  const server = await listen(port, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    behave(socket);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
}

const strangers: readonly (readonly [string, (socket: Socket) => unknown])[] = [
  ["says nothing", () => undefined],
  ["speaks first", (socket) => socket.write("220 ready\r\n")],
  ["closes at once", (socket) => socket.end()],
  ["greets and lies", (socket) => socket.write(`${BANNER}\nport 0\n`)],
];

describe("defaultNameServicePort()", () => {
  test("is 4370, or MOEBI_EPMD_PORT", () => {
    expect(defaultNameServicePort({})).toBe(4370);
    expect(defaultNameServicePort({ MOEBI_EPMD_PORT: "" })).toBe(4370);
    expect(defaultNameServicePort({ MOEBI_EPMD_PORT: "5000" })).toBe(5000);
    expect(defaultNameServicePort()).toBe(Number(process.env["MOEBI_EPMD_PORT"]));
  });

  test.each(["0", "65536", "x", "-1", "1.5"])("refuses %s", (text) => {
    expect(() => defaultNameServicePort({ MOEBI_EPMD_PORT: text })).toThrow("must be a port");
  });
});

describe("NameService", () => {
  test("serves the list if nobody does, and finds every node in it", async () => {
    const [alex, kate] = [node(), node()];
    await alex.register({ name: "alex", port: 4001 });
    await kate.register({ name: "kate", port: 4002 });
    expect([alex.serving, kate.serving]).toEqual([true, false]);
    expect(await alex.lookup("kate@localhost")).toEqual({ host: "127.0.0.1", port: 4002 });
    expect(await kate.lookup("alex@127.0.0.1")).toEqual({ host: "127.0.0.1", port: 4001 });
    expect(await kate.lookup("carl@localhost")).toBeUndefined();
    expect(await node().names()).toEqual([
      { name: "alex", port: 4001 },
      { name: "kate", port: 4002 },
    ]);
  });

  test("finds nothing where there is no list", async () => {
    expect(await node().lookup("alex@localhost")).toBeUndefined();
    expect(await node().names()).toEqual([]);
  });

  test("serves once when many start together", async () => {
    const many = Array.from({ length: 8 }, () => node());
    await Promise.all(many.map((service, index) => service.register({ name: `n${index}`, port: 4000 + index })));
    expect(many.filter(({ serving }) => serving)).toHaveLength(1);
    expect(await node().names()).toHaveLength(8);
  });

  test("B13, DIST-054: refuses a name that is taken, naming its holder, and the first is unharmed", async () => {
    const first = node();
    await first.register({ name: "alex", port: 4001 });
    const taken = expect.objectContaining({
      code: "name_taken",
      message: expect.stringMatching(new RegExp(`"alex" is taken .* port 4001 \\(process ${process.pid}\\)`)) as string,
    }) as Error;
    await expect(node().register({ name: "alex", port: 4002 })).rejects.toEqual(taken);
    expect(await node().lookup("alex@localhost")).toEqual({ host: "127.0.0.1", port: 4001 });
  });

  test("N1: gives the name back when it closes", async () => {
    const [first, second, third] = [node(), node(), node()];
    await first.register({ name: "alex", port: 4001 });
    await second.register({ name: "kate", port: 4002 });
    await second.close();
    expect(await first.lookup("kate@localhost")).toBeUndefined();
    await third.register({ name: "kate", port: 4003 });
    expect(await first.lookup("kate@localhost")).toEqual({ host: "127.0.0.1", port: 4003 });
  });

  test("N4: another node takes over when the one that serves closes, and every name comes back", async () => {
    const [first, ...others] = Array.from({ length: 4 }, () => node());
    await first?.register({ name: "first", port: 4000 });
    for (const [index, other] of others.entries()) await other.register({ name: `n${index}`, port: 4001 + index });
    await first?.close();
    await vi.waitFor(async () => expect(await node().names()).toHaveLength(3), patience);
    expect(others.filter(({ serving }) => serving)).toHaveLength(1);
  }, 60_000);

  test("N4: it happens again when that one ends", async () => {
    const many = Array.from({ length: 3 }, () => node());
    for (const [index, service] of many.entries()) await service.register({ name: `n${index}`, port: 4000 + index });
    for (let left = 2; left >= 1; left--) {
      await many.find(({ serving }) => serving)?.close();
      await vi.waitFor(async () => expect(await node().names()).toHaveLength(left), patience);
    }
  }, 60_000);

  test("N4, F11: another node takes over when the one that serves is killed", async () => {
    const fixture = fileURLToPath(new URL("../../support/name-service-node.ts", import.meta.url));
    const child = spawn(process.execPath, [fixture, "victim", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const [alex, kate] = [node(), node()];
    await alex.register({ name: "alex", port: 4001 });
    await kate.register({ name: "kate", port: 4002 });
    expect([alex.serving, kate.serving]).toEqual([false, false]);
    child.kill("SIGKILL");
    await once(child, "close");
    // Asked for while nobody serves.
    expect(await alex.lookup("kate@localhost")).toEqual({ host: "127.0.0.1", port: 4002 });
    await vi.waitFor(async () => {
      expect((await node().names()).map(({ name }) => name).sort()).toEqual(["alex", "kate"]);
    }, patience);
    expect([alex.serving, kate.serving]).toContain(true);
  }, 120_000);

  test("N4: a name that was taken meanwhile is asked for until it is free", async () => {
    const server = new NameServer();
    await server.listen("127.0.0.1", port);
    const alex = node();
    await alex.register({ name: "alex", port: 4001 });
    await server.close();
    const usurper = node({ random: () => 0 });
    await usurper.register({ name: "alex", port: 6666 }).catch(() => undefined);
    await usurper.close();
    await vi.waitFor(() => expect(alex.registered).toBe(true), patience);
    expect(await node().lookup("alex@localhost")).toEqual({ host: "127.0.0.1", port: 4001 });
  }, 60_000);

  test.each(strangers)(
    "N5: fails with a remedy when a foreign program that %s has the port",
    async (_, behave) => {
      await foreign(behave);
      const failure = expect.objectContaining({
        code: "epmd",
        message: expect.stringMatching(new RegExp(`^Port ${port} .*MOEBI_EPMD_PORT`)) as string,
      }) as Error;
      await expect(node().register({ name: "alex", port: 4001 })).rejects.toEqual(failure);
    },
    30_000,
  );

  test("N2: a look-up that meets silence or a lie fails", async () => {
    await foreign((socket) => socket.write(`${BANNER}\n`));
    await expect(node().lookup("alex@localhost")).rejects.toMatchObject({ code: "epmd" });
    await expect(node().names()).rejects.toMatchObject({ code: "epmd" });
  }, 30_000);

  test("N6: registers what can stand before the at-sign, once", async () => {
    const alex = node();
    await expect(alex.register({ name: "alex@localhost", port: 1 })).rejects.toMatchObject({ code: "badarg" });
    await alex.register({ name: "alex", port: 4001 });
    await expect(alex.register({ name: "kate", port: 4001 })).rejects.toMatchObject({ code: "badarg" });
  });

  test("close() ends a registration that is under way, and can be called twice", async () => {
    const connected = Promise.withResolvers<undefined>();
    await foreign(() => connected.resolve(undefined));
    const alex = node();
    const refused = expect(alex.register({ name: "alex", port: 4001 })).rejects.toMatchObject({ code: "epmd" });
    await connected.promise;
    await alex.close();
    await alex.close();
    await refused;
    await expect(alex.register({ name: "alex", port: 4001 })).rejects.toMatchObject({ code: "badarg" });
  });

  test("close() ends the wait for a name that was lost", async () => {
    const server = new NameServer();
    await server.listen("127.0.0.1", port);
    const alex = node();
    await alex.register({ name: "alex", port: 4001 });
    await server.close();
    await vi.waitFor(() => expect(alex.registered).toBe(false), patience);
    await alex.close();
    expect(await node().names()).toEqual([]);
  }, 60_000);
});
