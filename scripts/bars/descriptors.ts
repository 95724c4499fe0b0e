/** F15: a node that may have 64 file descriptors is dialled by 200, and dials 200. */
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { ask } from "../../src/node/name-service/client.ts";
import { type Bar, sleep } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const DIALS = 200;

/** Programs that hold names in the list and answer nothing: whoever dials them waits. */
async function holdNames(port: number): Promise<Socket[]> {
  const held = await Promise.all(
    Array.from({ length: DIALS }, (_, i) =>
      ask({
        host: "127.0.0.1",
        port: Number(process.env["MOEBI_EPMD_PORT"]),
        request: { op: "register", name: `mute${String(i)}`, port, pid: process.pid, token: "0".repeat(32) },
      }),
    ),
  );
  return held.flatMap(({ socket }) => socket ?? []);
}

export const descriptors: Bar = {
  id: "F15",
  async run(tell) {
    await using subject = await startSubject("f15", { descriptors: 64 });
    await using honest = await startSubject("f15_honest");
    await honest.ask("connect", subject.name);
    const [, port] = await honest.ask("lookup", subject.name);
    const before = await subject.figures();

    const dials = Array.from({ length: DIALS }, () =>
      connect({ host: "127.0.0.1", port })
        .on("error", () => undefined)
        .resume(),
    );
    let most = 0;
    for (let i = 0; i < 60; i++) {
      most = Math.max(most, subject.descriptors);
      await sleep(50);
    }
    tell({
      what: "200 dial a node with 64 file descriptors: it has at most",
      measured: most,
      unit: "",
      least: 60,
      most: 64,
    });
    tell({
      what: "it still knows its peer, of 1",
      measured: await subject.ask("reach", [honest.name]),
      unit: "",
      exactly: 1,
    });
    for (const socket of dials) socket.destroy();

    const mute = createServer((socket) => void socket.on("error", () => undefined));
    const sockets = new Set<Socket>();
    mute.on("connection", (socket) => sockets.add(socket));
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const held = await holdNames((mute.address() as { port: number }).port);
    const others = held.map((_, i) => `mute${String(i)}@localhost` as const);
    const reached = await subject.ask("reach", others);
    tell({
      what: `it dials ${String(others.length)} that do not answer: reached`,
      measured: reached,
      unit: "",
      exactly: 0,
    });
    for (const socket of [...held, ...sockets]) socket.destroy();
    mute.close();

    await sleep(1_000);
    tell({ what: "it runs", measured: Number(subject.alive), unit: "", exactly: 1 });
    await using late = await startSubject("f15_late");
    tell({
      what: "a new peer connects to it, after",
      measured: await late.ask("connect", subject.name),
      unit: "ms",
      least: 0,
    });
    tell({
      what: "it reaches its peers, of 2",
      measured: await subject.ask("reach", [honest.name, late.name]),
      unit: "",
      exactly: 2,
    });
    const after = await subject.figures();
    // The new peer, and what its dial to that has left open for the name service.
    tell({ what: "file descriptors after", measured: after.descriptors - before.descriptors, unit: "more", most: 2 });
  },
};
