/** L1: a thousand proven peers on one node. The peers are links without a node behind them, all in this process. */
import { Cookie, CookieJar } from "../../src/node/cookie.ts";
import type { Link } from "../../src/node/carrier.ts";
import { WireCarrier } from "../../src/node/wire/wire-carrier.ts";
import { WsTransport } from "../../src/node/wire/ws-transport.ts";
import type { NodeName } from "../../src/term/pid.ts";
import { type Bar, sleep } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const PEERS = 1_000;
const AT_ONCE = 20;

const refuse = (): never => {
  throw new Error("No functions here");
};

/** A node's part in a link alone, which finds every node at that port. */
export function peerOf(n: number, port: number, cookie = "bars"): WireCarrier {
  return new WireCarrier({
    transport: new WsTransport(),
    resolver: {
      register: () => Promise.resolve(),
      lookup: () => Promise.resolve({ host: "127.0.0.1", port }),
      close: () => Promise.resolve(),
    },
    name: `peer${String(n)}@localhost`,
    creation: n + 1,
    cookies: new CookieJar(new Cookie(cookie)),
    functions: { encode: refuse, decode: refuse },
    modules: { nameOf: () => undefined, resolve: () => undefined },
  });
}

async function joined(carrier: WireCarrier, node: NodeName, down: () => void, failed?: () => void): Promise<Link> {
  let link: Link | undefined;
  while (link === undefined) {
    link = await carrier.connect(node, new AbortController().signal).catch((error: unknown) => {
      if (failed === undefined) throw error;
      failed();
      return undefined;
    });
  }
  link.open({ signal() {}, down, drained() {} });
  return link;
}

export const provenPeers: Bar = {
  id: "L1",
  async run(tell) {
    await using subject = await startSubject("l1");
    await using helper = await startSubject("l1_helper");
    await helper.ask("connect", subject.name);
    const [, port] = await helper.ask("lookup", subject.name);
    // What is loaded or compiled at the first peers is not counted.
    const first = Array.from({ length: 20 }, (_, i) => peerOf(PEERS + i, port));
    for (const link of await Promise.all(first.map((carrier) => joined(carrier, subject.name, () => undefined))))
      link.close("disconnect");
    await helper.ask("disconnect", subject.name);
    await sleep(500);
    const before = await subject.figures();

    let lost = 0;
    let failed = 0;
    const links: Link[] = [];
    const carriers = Array.from({ length: PEERS }, (_, i) => peerOf(i, port));
    const begun = performance.now();
    const left = [...carriers];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let carrier = left.pop(); carrier !== undefined; carrier = left.pop())
          links.push(
            await joined(
              carrier,
              subject.name,
              () => lost++,
              () => failed++,
            ),
          );
      }),
    );
    const seconds = (performance.now() - begun) / 1_000;
    const up = await subject.figures();
    tell({ what: "processor time of the node for them", measured: up.cpu - before.cpu, unit: "s" });
    // Two ticks: a link that is quiet gives back what it does not need.
    await sleep(31_000);
    const during = await subject.figures();
    tell({ what: "1,000 peers: all up after", measured: seconds, unit: "s", most: 10 });
    tell({ what: "dials that failed and were repeated", measured: failed, unit: "", exactly: 0 });
    tell({ what: "nodes that it lists", measured: during.nodes, unit: "", exactly: PEERS });
    tell({ what: "links lost meanwhile", measured: lost, unit: "", exactly: 0 });
    const each = (bytes: number): number => bytes / PEERS / 1_000;
    tell({ what: "RSS of each, once they are quiet", measured: each(during.rss - before.rss), unit: "kB", most: 40 });
    tell({ what: "heap of each", measured: each(during.heap - before.heap), unit: "kB" });
    for (const link of links) link.close("disconnect");
    await Promise.all(carriers.map((carrier) => carrier.stop()));
    await sleep(1_000);
    const after = await subject.figures();
    tell({
      what: "file descriptors after all have gone",
      measured: after.descriptors - before.descriptors,
      unit: "more",
      most: 0,
    });
    tell({ what: "heap after all have gone", measured: (after.heap - before.heap) / 1e6, unit: "MB more" });
  },
};
