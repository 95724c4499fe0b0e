import { labelOfReason } from "../erpc-done.ts";
import type { Signal } from "../../process/signal.ts";
import { decodeTerm, encodeTerm, type TermContext } from "../../term/codec.ts";
import { isPid, type Pid } from "../../term/pid.ts";
import { badFrame, type Reader } from "../../term/reader.ts";
import type { Writer } from "../../term/writer.ts";
import { IdentifierCodec } from "./identifier-codec.ts";
import { AFTER_ALL } from "./packer.ts";

/** The first byte of a signal. A signal that goes to a pid or to a name has two. */
const Op = {
  SEND: 1,
  SEND_NAME: 2,
  SEND_ALIAS: 3,
  LINK: 4,
  UNLINK: 5,
  UNLINK_ACK: 6,
  EXIT: 7,
  EXIT2: 8,
  MONITOR: 9,
  MONITOR_NAME: 10,
  DEMONITOR: 11,
  DEMONITOR_NAME: 12,
  DOWN: 13,
  DOWN_NAME: 14,
  SPAWN: 15,
  SPAWN_REPLY: 16,
  SPAWN_FAILED: 17,
  GROUP_LEADER: 18,
} as const;

const SPAWN_LINK = 1;
const SPAWN_MONITOR = 2;
const SPAWN_MODULE = 4;

/**
 * Signals as bytes: an operation, identifiers, and the term it carries. No lengths and no padding; where a signal ends is
 * known from outside.
 */
export class SignalCodec {
  readonly #context: TermContext;
  readonly #identifiers: IdentifierCodec;

  constructor(context: TermContext) {
    this.#context = context;
    this.#identifiers = new IdentifierCodec(context);
  }

  /** Appends the signal. Throws `not_sendable` or `too_large`; the writer may then hold a part of it. */
  encode(signal: Signal, writer: Writer): void {
    const ids = this.#identifiers;
    switch (signal.op) {
      case "send":
        writer.u8(Op.SEND);
        ids.writePid(signal.from, writer);
        ids.writePid(signal.to, writer);
        return encodeTerm(signal.message, writer, this.#context, "message");
      case "sendName":
        writer.u8(Op.SEND_NAME);
        ids.writePid(signal.from, writer);
        writer.string(signal.name);
        return encodeTerm(signal.message, writer, this.#context, "message");
      case "sendAlias":
        writer.u8(Op.SEND_ALIAS);
        ids.writePid(signal.from, writer);
        ids.writeRef(signal.alias, writer);
        return encodeTerm(signal.message, writer, this.#context, "message");
      case "link":
        writer.u8(Op.LINK);
        ids.writePid(signal.from, writer);
        return ids.writePid(signal.to, writer);
      case "unlink":
      case "unlinkAck":
        writer.u8(signal.op === "unlink" ? Op.UNLINK : Op.UNLINK_ACK);
        ids.writePid(signal.from, writer);
        ids.writePid(signal.to, writer);
        return writer.varint(signal.id);
      case "exit":
      case "exit2":
        writer.u8(signal.op === "exit" ? Op.EXIT : Op.EXIT2);
        ids.writePid(signal.from, writer);
        ids.writePid(signal.to, writer);
        return encodeTerm(signal.reason, writer, this.#context, labelOfReason(signal.reason));
      case "monitor":
        return this.#writeMonitor(signal, Op.MONITOR, writer);
      case "demonitor":
        return this.#writeMonitor(signal, Op.DEMONITOR, writer);
      case "down":
        if (isPid(signal.from)) {
          writer.u8(Op.DOWN);
          ids.writePid(signal.from, writer);
        } else {
          writer.u8(Op.DOWN_NAME);
          writer.string(signal.from);
        }
        ids.writePid(signal.to, writer);
        ids.writeRef(signal.ref, writer);
        return encodeTerm(signal.reason, writer, this.#context, labelOfReason(signal.reason));
      case "spawn":
        return this.#writeSpawn(signal, writer);
      case "spawnReply":
        writer.u8(isPid(signal.result) ? Op.SPAWN_REPLY : Op.SPAWN_FAILED);
        ids.writePid(signal.to, writer);
        ids.writeRef(signal.ref, writer);
        if (isPid(signal.result)) return ids.writePid(signal.result, writer);
        return encodeTerm(signal.result.error, writer, this.#context, "error");
      case "groupLeader":
        writer.u8(Op.GROUP_LEADER);
        ids.writePid(signal.from, writer);
        ids.writePid(signal.to, writer);
        return ids.writePid(signal.leader, writer);
    }
  }

  /** Reads one signal at the reader's place. Throws `bad_frame` for bytes that are none. */
  decode(reader: Reader): Signal {
    const ids = this.#identifiers;
    const op = reader.u8();
    switch (op) {
      case Op.SEND:
        return { op: "send", from: ids.readPid(reader), to: ids.readPid(reader), message: this.#term(reader) };
      case Op.SEND_NAME:
        return { op: "sendName", from: ids.readPid(reader), name: reader.string(), message: this.#term(reader) };
      case Op.SEND_ALIAS:
        return { op: "sendAlias", from: ids.readPid(reader), alias: ids.readRef(reader), message: this.#term(reader) };
      case Op.LINK:
        return { op: "link", from: ids.readPid(reader), to: ids.readPid(reader) };
      case Op.UNLINK:
      case Op.UNLINK_ACK:
        return {
          op: op === Op.UNLINK ? "unlink" : "unlinkAck",
          from: ids.readPid(reader),
          to: ids.readPid(reader),
          id: reader.varint(),
        };
      case Op.EXIT:
      case Op.EXIT2:
        return {
          op: op === Op.EXIT ? "exit" : "exit2",
          from: ids.readPid(reader),
          to: ids.readPid(reader),
          reason: this.#term(reader),
        };
      case Op.MONITOR:
      case Op.DEMONITOR:
        return {
          op: op === Op.MONITOR ? "monitor" : "demonitor",
          from: ids.readPid(reader),
          to: ids.readPid(reader),
          ref: ids.readRef(reader),
        };
      case Op.MONITOR_NAME:
      case Op.DEMONITOR_NAME:
        return {
          op: op === Op.MONITOR_NAME ? "monitor" : "demonitor",
          from: ids.readPid(reader),
          to: reader.string(),
          ref: ids.readRef(reader),
        };
      case Op.DOWN:
      case Op.DOWN_NAME:
        return {
          op: "down",
          from: op === Op.DOWN ? ids.readPid(reader) : reader.string(),
          to: ids.readPid(reader),
          ref: ids.readRef(reader),
          reason: this.#term(reader),
        };
      case Op.SPAWN:
        return this.#readSpawn(reader);
      case Op.SPAWN_REPLY:
        return { op: "spawnReply", to: ids.readPid(reader), ref: ids.readRef(reader), result: ids.readPid(reader) };
      case Op.SPAWN_FAILED:
        return {
          op: "spawnReply",
          to: ids.readPid(reader),
          ref: ids.readRef(reader),
          result: { error: this.#term(reader) },
        };
      case Op.GROUP_LEADER:
        return { op: "groupLeader", from: ids.readPid(reader), to: ids.readPid(reader), leader: ids.readPid(reader) };
      default:
        throw badFrame(`A signal has the unknown operation ${op}`);
    }
  }

  #term(reader: Reader): unknown {
    return decodeTerm(reader, this.#context);
  }

  #writeMonitor(signal: Signal & { op: "monitor" | "demonitor" }, op: number, writer: Writer): void {
    const named = !isPid(signal.to);
    writer.u8(named ? op + 1 : op);
    this.#identifiers.writePid(signal.from, writer);
    if (isPid(signal.to)) this.#identifiers.writePid(signal.to, writer);
    else writer.string(signal.to);
    this.#identifiers.writeRef(signal.ref, writer);
  }

  #writeSpawn(signal: Signal & { op: "spawn" }, writer: Writer): void {
    const ids = this.#identifiers;
    const { from, ref, leader, module, fun, args, argNames, link, monitor } = signal;
    writer.u8(Op.SPAWN);
    ids.writePid(from, writer);
    ids.writeRef(ref, writer);
    ids.writePid(leader, writer);
    writer.u8((link ? SPAWN_LINK : 0) | (monitor ? SPAWN_MONITOR : 0) | (module === undefined ? 0 : SPAWN_MODULE));
    if (module !== undefined) writer.string(module);
    writer.string(fun);
    encodeTerm(args, writer, this.#context, argNames === undefined ? "args" : { whole: "args", items: argNames });
  }

  #readSpawn(reader: Reader): Signal {
    const ids = this.#identifiers;
    const from = ids.readPid(reader);
    const ref = ids.readRef(reader);
    const leader = ids.readPid(reader);
    const flags = reader.u8();
    if (flags > (SPAWN_LINK | SPAWN_MONITOR | SPAWN_MODULE)) throw badFrame("A spawn has unknown flags");
    const module = (flags & SPAWN_MODULE) === 0 ? undefined : reader.string();
    const fun = reader.string();
    const args = this.#term(reader);
    if (!Array.isArray(args)) throw badFrame("A spawn has no arguments");
    const link = (flags & SPAWN_LINK) !== 0;
    const monitor = (flags & SPAWN_MONITOR) !== 0;
    return { op: "spawn", from, ref, leader, module, fun, args: args as unknown[], link, monitor };
  }
}

/** Whether a signal that begins with this byte is a message: nobody is told if it is lost. */
export function isMessage(op: number | undefined): boolean {
  return op === Op.SEND || op === Op.SEND_NAME || op === Op.SEND_ALIAS;
}

/** Whether a signal that begins with this byte answers a spawn. */
export function isSpawnReply(op: number | undefined): boolean {
  return op === Op.SPAWN_REPLY || op === Op.SPAWN_FAILED;
}

/**
 * Whose order the signal is part of, for the {@link Packer}: its sender's. The reply to a spawn comes before all that the
 * new process sends. Which process a name stood for when it died nobody says, so its DOWN comes after everything.
 */
export function orderKey(signal: Signal): Pid | typeof AFTER_ALL {
  if (signal.op === "spawnReply") return isPid(signal.result) ? signal.result : signal.to;
  return typeof signal.from === "string" ? AFTER_ALL : signal.from;
}
