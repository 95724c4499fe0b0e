import { Server } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BACKLOG } from "../../src/node/backlog.ts";
import { NameServer } from "../../src/node/name-service/server.ts";
import { WsTransport } from "../../src/node/wire/ws-transport.ts";

afterEach(() => vi.restoreAllMocks());

describe("BACKLOG", () => {
  test("B2, B14: is what nodes and the list of names listen with", async () => {
    const listen = vi.spyOn(Server.prototype, "listen");
    const names = new NameServer();
    const transport = new WsTransport();
    await names.listen("127.0.0.1", 0);
    await transport.listen(() => undefined);
    expect(listen.mock.calls.map(([options]) => options)).toMatchObject([{ backlog: BACKLOG }, { backlog: BACKLOG }]);
    await names.close();
    await transport.close();
  });
});
