/** A small DNS server on loopback: answers from a table that a test changes while it runs. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "A"],
  [28, "AAAA"],
  [33, "SRV"],
]);
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** `{ "app.test": { A: ["127.0.0.1"], SRV: ["pod.app.test"] } }`; `"fails"` for a name that the server can't answer. */
export type Zone = Record<string, Partial<Record<string, readonly string[]>> | "fails">;

export class DnsServer implements AsyncDisposable {
  zone: Zone;
  readonly #socket: Socket = createSocket("udp4");
  asked = 0;

  constructor(zone: Zone) {
    this.zone = zone;
  }

  static async start(zone: Zone): Promise<DnsServer> {
    const server = new DnsServer(zone);
    const socket = server.#socket;
    socket.on("message", (question, { port, address }) => socket.send(server.#answer(question), port, address));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return server;
  }

  get address(): string {
    return `127.0.0.1:${String(this.#socket.address().port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #answer(question: Buffer): Buffer {
    this.asked++;
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = question.readUInt16BE(at + 1);
    const name = labels.join(".");
    const entry = Object.hasOwn(this.zone, name) ? this.zone[name] : undefined;
    const values = typeof entry === "object" ? (entry[TYPES.get(type) ?? ""] ?? []) : [];
    const code = entry === undefined ? NXDOMAIN : entry === "fails" ? SERVFAIL : 0;
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(values.length, 6);
    return Buffer.concat([header, question.subarray(12, at + 5), ...values.map((value) => record(type, value))]);
  }
}

function record(type: number, value: string): Buffer {
  const data = type === 33 ? serviceData(value) : addressData(value);
  const head = Buffer.alloc(12);
  // The name is the one of the question.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function addressData(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  const [front = "", back = ""] = address.split("::");
  const groups = (text: string): number[] => (text === "" ? [] : text.split(":").map((part) => parseInt(part, 16)));
  const [before, after] = [groups(front), groups(back)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function serviceData(target: string): Buffer {
  const labels = target
    .split(".")
    .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1"));
  return Buffer.concat([Buffer.from([0, 0, 0, 0, 0x11, 0x12]), ...labels, Buffer.from([0])]);
}
