import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inspect as nodeInspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { StringDevice } from "../../src/io/string-device.ts";
import { Cookie, CookieJar } from "../../src/node/cookie.ts";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { MemoryNames } from "../../src/node/wire/memory-resolver.ts";
import { MemoryNetwork } from "../../src/node/wire/memory-transport.ts";
import type { Channel, Transport } from "../../src/node/wire/transport.ts";
import { systemClock } from "../../src/process/clock.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { startNode } from "../../src/start-node.ts";
import { inspect } from "../../src/term/inspect.ts";
import { startPeer } from "../support/peer.ts";
import { Remote } from "../support/remote.ts";

const SLOW = Math.max(180_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));
const COOKIE = "a cookie nobody may see 4711";

/** A transport that keeps what goes over it. */
function tapped(transport: Transport, sent: Uint8Array[]): Transport {
  const tap = (channel: Channel): Channel => {
    const send = channel.send.bind(channel);
    channel.send = (frame) => {
      sent.push(Uint8Array.from(frame));
      send(frame);
    };
    return channel;
  };
  return {
    exposed: transport.exposed,
    dial: (address, signal) => transport.dial(address, signal).then(tap),
    listen: (onChannel) => transport.listen((channel) => onChannel(tap(channel))),
    close: () => transport.close(),
  };
}

/** Every text that one can get out of a value. */
function* textsOf(value: unknown): Iterable<string> {
  yield nodeInspect(value, {
    depth: Infinity,
    showHidden: true,
    getters: false,
    maxArrayLength: null,
    maxStringLength: null,
  });
  yield inspect(value);
  yield String(value);
}

test("B16, C4: the cookie shows in no print of a node, its log, its output, its errors or on the wire", async () => {
  const network = new MemoryNetwork({ clock: systemClock });
  const names = new MemoryNames();
  const sent: Uint8Array[] = [];
  const log: LogEntry[] = [];
  const device = new StringDevice();
  const start = async (sname: string, cookie: string) => {
    const node = await startNode({
      sname,
      cookie,
      device,
      log: (entry) => log.push(entry),
      network: { transport: tapped(network.transport(sname), sent), resolver: names.resolver() },
    });
    onTestFinished(() => node.stop());
    return node;
  };
  const [alex, kate, eve] = [
    await start("alex", COOKIE),
    await start("kate", COOKIE),
    await start("eve", `${COOKIE} not`),
  ];
  expect(await alex.run(() => rpc.call(kate.name, Remote, "where"))).toBe(kate.name);
  expect(await eve.run(() => Node.ping(kate.name))).toBe("pang");
  await alex.run(() => Node.setCookie("other@localhost", COOKIE));
  const refused: unknown = await alex.run(() => Node.setCookie("other@localhost", "")).catch((error: unknown) => error);
  const long = await startNode({ sname: "long", cookie: COOKIE.repeat(1_000), device }).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(Error);
  expect(long).toBeInstanceOf(Error);

  const jar = new CookieJar(new Cookie(COOKIE));
  const texts: string[] = [...log.map(({ message }) => message), device.output];
  for (const value of [
    alex,
    alex.runtime,
    alex.connections,
    alex.scope,
    kate.connections?.linkTo(alex.name),
    jar,
    refused,
    long,
  ])
    texts.push(...textsOf(value));
  texts.push(JSON.stringify(jar), ...sent.map((frame) => Buffer.from(frame).toString("latin1")));
  expect(sent.length).toBeGreaterThan(4);
  expect(log.length).toBeGreaterThan(0);
  expect(texts.filter((text) => text.includes(COOKIE))).toEqual([]);
});

test("B16, C3: a program given it leaves it in no file, output or environment", { timeout: SLOW }, async () => {
  const statements = [
    "console.log('title', process.title)",
    "console.log('env', JSON.stringify(process.env))",
    "console.log('child', (await import('node:child_process')).execFileSync(process.execPath, ['-e', 'console.log(JSON.stringify(process.env))'], { encoding: 'utf8' }))",
    "Node.ping('nobody@localhost')",
    "process.env",
  ];
  await using peer = await startPeer("kate", { statements, env: { MOEBI_COOKIE: COOKIE } });
  await using other = await startPeer("alex", {
    args: ["--cookie", COOKIE],
    statements: ["console.log('title', process.title)", "Node.ping('kate@localhost')"],
  });
  expect(peer.output).toContain("title moebi");
  expect(peer.output).toContain("child {");
  expect(other.output).toContain("pong");
  for (const { output } of [peer, other]) expect(output).not.toContain(COOKIE);
  const home = homedir();
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path, "latin1").includes(COOKIE));
  expect(holding).toEqual([]);
});

test("C5: a short cookie names a group of nodes on loopback, and is refused anywhere else", async () => {
  const start = (sname: string, cookie: string) => startNode({ sname, cookie, device: new StringDevice() });
  const [alex, kate, eve] = [await start("alex", "a"), await start("kate", "a"), await start("eve", "b")];
  onTestFinished(async () => {
    for (const node of [alex, kate, eve]) await node.stop();
  });
  expect(await alex.run(() => Node.ping(kate.name))).toBe("pong");
  expect(await alex.run(() => Node.ping(eve.name))).toBe("pang");
  const tls = Object.fromEntries(
    (["key", "cert"] as const).map((part) => [
      part,
      readFileSync(new URL(`../support/tls/alex${part === "key" ? "-key" : ""}.pem`, import.meta.url)),
    ]),
  ) as { key: Buffer; cert: Buffer };
  const failed: unknown = await startNode({
    sname: "far",
    cookie: "a",
    host: "0.0.0.0",
    tls,
    device: new StringDevice(),
  }).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: "listen_refused",
    message: expect.stringContaining("16 characters") as unknown,
  });
});
