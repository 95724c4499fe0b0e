import { Decoder } from "./codec-decode.ts";
import { Encoder } from "./codec-encode.ts";
import type { Label } from "./codec-refusal.ts";
import { MoebiError } from "./error.ts";
import type { NodeName } from "./pid.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

export { registerStruct } from "./codec-struct.ts";
export type { StructCodec } from "./codec-struct.ts";

/** How functions cross: as source, with the variables they use beside it. */
export interface FunctionCodec {
  /** Throws `not_sendable`, naming the variable, if it cannot be taken apart. */
  encode(fn: Function): { source: string; captures: Record<string, unknown> };
  /**
   * Makes the function. `captures` has no prototype, and is still empty: it is filled when this has returned, as a function
   * may use itself, so it is to be read when the function is called. Throwing means that the source makes no function.
   */
  decode(source: string, captures: Record<string, unknown>): Function;
}

/** How modules cross: by name. */
export interface ModuleCodec {
  /** The name the value was defined under as a module, if it was. */
  nameOf(value: object): string | undefined;
  /** What stands for the module of that name here, loaded or not. */
  resolve(name: string): unknown;
}

/** One end of a link, as the codec needs to know it. The other end's has local and peer exchanged. */
export interface TermContext {
  readonly localNode: NodeName;
  readonly localCreation: number;
  readonly peerNode: NodeName;
  readonly peerCreation: number;
  readonly functions: FunctionCodec;
  readonly modules: ModuleCodec;
  /** Levels of nesting, 10,000 unless given. */
  readonly maxDepth?: number;
  /** Bytes a term may take, 128 MiB unless given. */
  readonly maxBytes?: number;
}

/** The two halves of a context, made when it is first used. */
interface Halves {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

const halves = new WeakMap<TermContext, Halves>();

function halvesOf(ctx: TermContext): Halves {
  let found = halves.get(ctx);
  if (found === undefined) halves.set(ctx, (found = { encoder: new Encoder(ctx), decoder: new Decoder(ctx) }));
  return found;
}

/**
 * Appends `value` to the writer. What crosses: every value of structured clone except subclasses of built-in classes,
 * with cycles and shared references; pids, references, errors, functions and modules.
 *
 * Throws and leaves the writer as it was:
 * - `not_sendable`, with the path from `label`: `message[1].socket is a Socket, which can't be sent to kate@localhost`
 * - `too_large`: nested deeper than `maxDepth`, or more than `maxBytes` bytes
 */
export function encodeTerm(value: unknown, writer: Writer, ctx: TermContext, label: Label = "message"): void {
  if (writer.locked) throw new MoebiError("not_sendable", "A getter of a value that is being sent can't send in turn");
  const { encoder } = halvesOf(ctx);
  (encoder.busy ? new Encoder(ctx) : encoder).encode(value, writer, label);
}

/**
 * Reads one term at the reader's place. Pids and references are the same objects as every other mention of them here.
 * The bytes may be anything: throws `bad_frame` unless they are what {@link encodeTerm} writes.
 */
export function decodeTerm(reader: Reader, ctx: TermContext): unknown {
  const { decoder } = halvesOf(ctx);
  return (decoder.busy ? new Decoder(ctx) : decoder).decode(reader);
}
