/** B2: connections that say nothing, or a byte a second, renewed as fast as they are cut. */
import { connect, type Socket } from "node:net";
import { type Bar, MB, sleep } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const CONNECTIONS = 5_000;
const SECONDS = 20;
const DIALS = 10;

const REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

/** Connections to a port: half of them say nothing, half a byte a second. */
class Flood {
  readonly #port: number;
  readonly #sockets = new Map<Socket, { readonly since: number; readonly speaks: boolean; sent: number }>();
  readonly #bytes = setInterval(() => this.#speak(), 1_000);
  #renews: boolean;
  made = 0;
  /** How long the longest was open, in milliseconds. */
  longest = 0;

  constructor(port: number, count: number, renews: boolean) {
    this.#port = port;
    this.#renews = renews;
    for (let i = 0; i < count; i++) this.#open(i % 2 === 0);
  }

  get open(): number {
    return this.#sockets.size;
  }

  end(): void {
    this.#renews = false;
    clearInterval(this.#bytes);
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #open(speaks: boolean): void {
    const socket = connect({ host: "127.0.0.1", port: this.#port });
    this.made++;
    this.#sockets.set(socket, { since: Infinity, speaks, sent: 0 });
    socket.once("connect", () => this.#sockets.set(socket, { since: performance.now(), speaks, sent: 0 }));
    socket.on("error", () => undefined).resume();
    socket.once("close", () => {
      const { since = Infinity } = this.#sockets.get(socket) ?? {};
      this.longest = Math.max(this.longest, performance.now() - since);
      this.#sockets.delete(socket);
      if (this.#renews) this.#open(speaks);
    });
  }

  #speak(): void {
    for (const [socket, state] of this.#sockets) {
      if (state.speaks && state.since !== Infinity) socket.write(REQUEST[state.sent++ % REQUEST.length] ?? "G");
    }
  }
}

export const silentConnections: Bar = {
  id: "B2",
  async run(tell) {
    await using subject = await startSubject("b2");
    await using honest = await startSubject("b2_honest");
    await honest.ask("connect", subject.name);
    await honest.ask("disconnect", subject.name);
    const [, port] = await honest.ask("lookup", subject.name);
    const before = await subject.figures();

    const held = new Flood(port, 400, false);
    while (held.open > 0) await sleep(100);
    held.end();
    tell({
      what: "silent or a byte a second, not renewed: closed after",
      measured: held.longest / 1000,
      unit: "s",
      most: 7.5,
    });

    const dials: number[] = [];
    const after = [];
    for (const run of ["first", "second"]) {
      const flood = new Flood(port, CONNECTIONS, true);
      for (let i = 0; i < DIALS; i++) {
        await sleep((SECONDS / DIALS) * 1_000);
        dials.push(await honest.ask("connect", subject.name));
        await honest.ask("disconnect", subject.name);
      }
      flood.end();
      tell({ what: `${run} flood: connections made`, measured: flood.made, unit: "" });
      await sleep(1_000);
      after.push(await subject.figures());
    }
    const made = dials.filter((ms) => ms >= 0);
    tell({ what: "honest dials that came through, of 20", measured: made.length, unit: "", exactly: 2 * DIALS });
    tell({ what: "the slowest of them", measured: Math.max(...made) / 1_000, unit: "s", most: 3 });
    const [first = before, second = before] = after;
    tell({ what: "heap after both", measured: (second.heap - before.heap) / MB, unit: "MB more", most: 5 });
    tell({ what: "RSS after the second", measured: (second.rss - first.rss) / MB, unit: "MB more", most: 50 });
    tell({
      what: "file descriptors after both",
      measured: second.descriptors - before.descriptors,
      unit: "more",
      most: 2,
    });
  },
};
