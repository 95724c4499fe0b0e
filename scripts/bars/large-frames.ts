/** B3: frames of 30 MB before the proof, as one and in fragments. */
import { connect } from "node:net";
import { once } from "node:events";
import { type Bar, MB, sleep } from "./bar.ts";
import { memoryOf, startSubject } from "./run-subject.ts";

const SIZE = 30 * MB;
const CHUNK = Buffer.alloc(64 * 1024, 1);

/** Offers 30 MB behind an upgrade. Gives how many bytes were taken before the connection was cut. */
async function offer(port: number, fragments: boolean): Promise<number> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => undefined);
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n\r\n`,
  );
  await Promise.race([once(socket, "data"), once(socket, "close")]);
  socket.resume();
  let sent = 0;
  if (!fragments) socket.write(headOf(SIZE, true, true));
  while (!socket.closed && sent < SIZE) {
    if (fragments) socket.write(headOf(CHUNK.length, sent === 0, false));
    const goesOn = socket.write(CHUNK);
    sent += CHUNK.length;
    if (!goesOn) await Promise.race([once(socket, "drain"), once(socket, "close"), sleep(500)]);
    else await sleep(0);
  }
  for (let waited = 0; !socket.closed && waited < 10_000; waited += 100) await sleep(100);
  const cut = socket.closed;
  socket.destroy();
  return cut ? sent : -1;
}

/** The head of a masked frame of binary data, with a mask of zeros. */
function headOf(size: number, first: boolean, last: boolean): Buffer {
  const head = Buffer.alloc(14);
  head[0] = (last ? 0x80 : 0) | (first ? 2 : 0);
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

export const largeFrames: Bar = {
  id: "B3",
  async run(tell) {
    await using subject = await startSubject("b3");
    await using honest = await startSubject("b3_honest");
    await honest.ask("connect", subject.name);
    await honest.ask("disconnect", subject.name);
    const [, port] = await honest.ask("lookup", subject.name);
    await subject.figures();
    const { peak } = memoryOf(subject.child.pid);
    for (const fragments of [false, true]) {
      const taken = await Promise.all(Array.from({ length: 10 }, () => offer(port, fragments)));
      const cut = taken.filter((bytes) => bytes >= 0).length;
      tell({
        what: `10 × 30 MB ${fragments ? "in fragments" : "of one frame"}: cut`,
        measured: cut,
        unit: "",
        exactly: 10,
      });
    }
    const most = (memoryOf(subject.child.pid).peak - peak) / MB;
    tell({ what: "RSS at most meanwhile", measured: most, unit: "MB more", most: 40 });
    const dial = await honest.ask("connect", subject.name);
    tell({ what: "an honest dial afterwards", measured: dial / 1_000, unit: "s", most: 3, least: 0 });
  },
};
