import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ask } from "../../../src/node/name-service/client.ts";
import { NameService } from "../../../src/node/name-service/name-service.ts";

/** An address that other hosts would reach, were it not of loopback; only Linux has it without being asked. */
const address = "127.0.0.2";
const patience = { timeout: 30_000, interval: 20 };
const services: NameService[] = [];
let port: number;

beforeEach(async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
});

afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function node(name: string, host?: string): Promise<NameService> {
  const service = new NameService({ port, ...(host !== undefined && { host }) });
  services.push(service);
  await service.register({ name, port: 4001 });
  return service;
}

const elsewhere = () => new NameService({ port });

describe.runIf(process.platform === "linux")("the list of a host, from elsewhere", () => {
  test("N1: is there while a node listens where it can be reached, also if one on loopback serves it", async () => {
    await node("alex");
    await expect(elsewhere().lookup(`alex@${address}`)).resolves.toBeUndefined();
    await node("kate", address);
    expect(await elsewhere().lookup(`alex@${address}`)).toEqual({ host: address, port: 4001 });
    expect(await elsewhere().lookup(`nobody@${address}`)).toBeUndefined();
    expect((await elsewhere().names(address)).map(({ name }) => name)).toEqual(["alex", "kate"]);
    await services.pop()?.close();
    expect(await elsewhere().lookup(`alex@${address}`)).toBeUndefined();
  });

  test("N1: registers nothing", async () => {
    await node("kate", address);
    const request = { op: "register", name: "eve", port: 1, pid: 1, token: "0".repeat(32) } as const;
    expect((await ask({ host: address, port, request })).lines).toEqual([{ op: "refused" }]);
    expect(await elsewhere().lookup("eve@localhost")).toBeUndefined();
  });

  test("N4: is opened by another node that listens there when the first ends", async () => {
    const first = await node("alex", address);
    await node("kate", address);
    await first.close();
    await vi.waitFor(async () => {
      expect(await elsewhere().lookup(`kate@${address}`)).toEqual({ host: address, port: 4001 });
    }, patience);
  });

  test("N5: fails to start where a foreign program has the port", async () => {
    const server = createServer((socket) => socket.end("220 ready\r\n")).listen(port, address);
    await once(server, "listening");
    try {
      await expect(node("kate", address)).rejects.toMatchObject({ code: "epmd" });
      expect(await elsewhere().lookup("kate@localhost")).toBeUndefined();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
