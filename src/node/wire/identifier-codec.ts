import type { TermContext } from "../../term/codec.ts";
import { Tag } from "../../term/codec-tags.ts";
import { pidOf, publishPid, type NodeName, type Pid } from "../../term/pid.ts";
import { badFrame, type Reader } from "../../term/reader.ts";
import { RecentPids } from "../../term/recent-pids.ts";
import { publishRef, refOf, type Ref } from "../../term/ref.ts";
import type { Writer } from "../../term/writer.ts";
import { isNodeName } from "../node-name.ts";

const U32 = 2 ** 32;

/** Words a reference may have beside the first two. */
const MORE_WORDS = 3;

/**
 * Pids and references in the head of a signal, outside any term, in the bytes the codec gives them. A pid of either end
 * of the link takes two or three.
 */
export class IdentifierCodec {
  readonly #context: TermContext;
  /** The receiver and the sender of a signal are mostly those of the last ones. */
  readonly #local: RecentPids;
  readonly #peer: RecentPids;

  constructor(context: TermContext) {
    this.#context = context;
    this.#local = new RecentPids(context.localNode, context.localCreation);
    this.#peer = new RecentPids(context.peerNode, context.peerCreation);
  }

  writePid(pid: Pid, writer: Writer): void {
    const { localNode, localCreation, peerNode, peerCreation } = this.#context;
    const { node, id, serial, creation } = pid;
    publishPid(pid);
    if (creation === localCreation && node === localNode)
      writer.u8(serial === 0 ? Tag.PID_WRITER : Tag.PID_WRITER_SERIAL);
    else if (creation === peerCreation && node === peerNode)
      writer.u8(serial === 0 ? Tag.PID_READER : Tag.PID_READER_SERIAL);
    else {
      writer.u8(Tag.PID);
      writer.string(node);
      writer.varint(creation);
      writer.varint(id);
      writer.varint(serial);
      return;
    }
    writer.varint(id);
    if (serial !== 0) writer.varint(serial);
  }

  readPid(reader: Reader): Pid {
    return this.pidOfTag(reader.u8(), reader);
  }

  /** The pid whose tag was read. Throws `bad_frame` if it is no tag of one. */
  pidOfTag(tag: number, reader: Reader): Pid {
    const { localNode, localCreation, peerNode, peerCreation } = this.#context;
    switch (tag) {
      // What the writer calls its own is the peer's here.
      case Tag.PID_WRITER:
        return this.#peer.of(u32(reader));
      case Tag.PID_READER:
        return this.#local.of(u32(reader));
      case Tag.PID_WRITER_SERIAL:
        return pidOf(peerNode, u32(reader), u32(reader), peerCreation);
      case Tag.PID_READER_SERIAL:
        return pidOf(localNode, u32(reader), u32(reader), localCreation);
      case Tag.PID: {
        const node = nodeName(reader);
        const creation = u32(reader);
        return pidOf(node, u32(reader), u32(reader), creation);
      }
      default:
        throw badFrame("A pid is expected");
    }
  }

  writeRef(ref: Ref, writer: Writer): void {
    const { localNode, localCreation, peerNode, peerCreation } = this.#context;
    const { node, id, creation, more } = ref;
    publishRef(ref);
    if (more === undefined && creation === localCreation && node === localNode) writer.u8(Tag.REF_WRITER);
    else if (more === undefined && creation === peerCreation && node === peerNode) writer.u8(Tag.REF_READER);
    else {
      writer.u8(Tag.REF);
      writer.string(node);
      writer.varint(creation);
      writer.varint(id);
      writer.u8(more?.length ?? 0);
      for (const word of more ?? []) writer.varint(word);
      return;
    }
    writer.varint(id);
  }

  readRef(reader: Reader): Ref {
    const { localNode, localCreation, peerNode, peerCreation } = this.#context;
    switch (reader.u8()) {
      case Tag.REF_WRITER:
        return refOf(peerNode, peerCreation, reader.varint());
      case Tag.REF_READER:
        return refOf(localNode, localCreation, reader.varint());
      case Tag.REF: {
        const node = nodeName(reader);
        const creation = u32(reader);
        const id = reader.varint();
        const count = reader.u8();
        if (count > MORE_WORDS) throw badFrame("A reference is too long");
        return refOf(node, creation, id, count === 0 ? undefined : Array.from({ length: count }, () => u32(reader)));
      }
      default:
        throw badFrame("A reference is expected");
    }
  }
}

function u32(reader: Reader): number {
  const value = reader.varint();
  if (value >= U32) throw badFrame("A number is too large");
  return value;
}

function nodeName(reader: Reader): NodeName {
  const name = reader.string();
  if (!isNodeName(name)) throw badFrame("A node name is expected");
  return name;
}
