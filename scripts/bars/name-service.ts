/** B14: the list of names under noise, idle connections, another user's names and lies. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { ask } from "../../src/node/name-service/client.ts";
import { freePort } from "../free-port.ts";
import { type Bar, quantile, sleep } from "./bar.ts";
import { startSubject, type Subject } from "./run-subject.ts";

const IDLE = 2_000;
const NAMES = 10_000;
const NOISE = 1_000;
const LOOK_UPS = 20;

/** How long look-ups of a name take meanwhile; infinite for one that fails. */
async function lookUps(by: Subject, of: Subject): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < LOOK_UPS; i++) {
    const [ms, port] = await by.ask("lookup", of.name).catch(() => [Infinity, 0] as const);
    times.push(port === 0 ? Infinity : ms);
    await sleep(100);
  }
  return times;
}

export const nameService: Bar = {
  id: "B14",
  async run(tell) {
    const port = await freePort();
    const env = { MOEBI_EPMD_PORT: String(port) };
    // The first serves the list.
    await using server = await startSubject("b14_server", { env });
    await using honest = await startSubject("b14", { env });
    const tellTimes = (what: string, times: readonly number[]): void => {
      tell({
        what: `look-up ${what}, the middle of ${String(LOOK_UPS)}`,
        measured: quantile(times, 0.5),
        unit: "ms",
        most: 50,
      });
      tell({ what: "the slowest", measured: Math.max(...times), unit: "ms", most: 50 });
    };
    await honest.ask("lookup", server.name);
    const before = await server.figures();
    tellTimes("without an attack", await lookUps(honest, server));

    const idle = new Set<Socket>();
    let renews = true;
    const open = (): void => {
      const socket = connect({ host: "127.0.0.1", port });
      idle.add(socket);
      socket.on("error", () => undefined).resume();
      socket.once("close", () => {
        idle.delete(socket);
        if (renews) open();
      });
    };
    for (let i = 0; i < IDLE; i++) open();
    tellTimes("among 2,000 idle connections, each renewed when it is cut", await lookUps(honest, server));
    renews = false;
    for (const socket of idle) socket.destroy();

    const noise = async (): Promise<void> => {
      const socket = connect({ host: "127.0.0.1", port })
        .on("error", () => undefined)
        .resume();
      socket.end(randomBytes(1 + Math.floor(Math.random() * 700)));
      await once(socket, "close").catch(() => undefined);
    };
    for (let done = 0; done < NOISE; done += 50) await Promise.all(Array.from({ length: 50 }, noise));
    tellTimes("after 1,000 connections of noise", await lookUps(honest, server));

    const held: Socket[] = [];
    let refused = 0;
    for (let done = 0; done < NAMES; done += 100) {
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          ask({
            host: "127.0.0.1",
            port,
            request: { op: "register", name: `taken${String(done + i)}`, port: 1, pid: 1, token: "f".repeat(32) },
          }),
        ),
      );
      for (const { socket, lines } of replies) {
        if (lines?.[0]?.op === "registered") held.push(socket!);
        else refused++;
      }
    }
    tell({ what: "of 10,000 names of another user taken", measured: held.length, unit: "", most: 2_048 });
    tell({ what: "refused", measured: refused, unit: "", least: NAMES - 2_048 });
    tellTimes("among them", await lookUps(honest, server));
    const late = await startSubject("b14_late", { env }).then(
      (subject) => subject[Symbol.asyncDispose]().then(() => "started"),
      (error: unknown) => String(error),
    );
    tell({
      what: "a node that starts then is told of the limit",
      measured: Number(late.includes("is the most it can have")),
      unit: "",
      exactly: 1,
    });
    for (const socket of held) socket.destroy();
    await sleep(500);

    // A name that leads to another node: whoever dials it must not come to think that it has reached it.
    const [, wrong] = await honest.ask("lookup", server.name);
    const lie = await ask({
      host: "127.0.0.1",
      port,
      request: { op: "register", name: "victim", port: wrong, pid: 1, token: "e".repeat(32) },
    });
    tell({
      what: "links to a node under a name that is not its own",
      measured: Number((await honest.ask("connect", "victim@localhost")) >= 0),
      unit: "",
      exactly: 0,
    });
    lie.socket?.destroy();
    await using next = await startSubject("b14_next", { env });
    tell({
      what: "a node that starts afterwards connects, after",
      measured: await next.ask("connect", server.name),
      unit: "ms",
      least: 0,
    });
    const after = await server.figures();
    tell({
      what: "file descriptors of the server after",
      measured: after.descriptors - before.descriptors,
      unit: "more",
      most: 3,
    });
  },
};
