/** The head of a WebSocket frame that holds a whole binary message, as RFC 6455, section 5.2, has it. */
import { HEADROOM } from "./transport.ts";

/** The last frame of a message, and binary. */
const FIN_BINARY = 0x82;
const MASKED = 0x80;
/** In place of a length: it comes in the next two bytes, or the next eight. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;

/**
 * The message with the head of its frame, in one piece. With enough headroom, bytes before the message in its memory that may
 * be written to, nothing is copied.
 *
 * @param masked whether the mask that a client must give is there; it is all zeros, which leave the message as it is
 */
export function framed(message: Uint8Array, masked: boolean, headroom = 0): Uint8Array {
  const { length } = message;
  const size = (length < LENGTH_16 ? 2 : length < 0x1_0000 ? 4 : 10) + (masked ? MASK_BYTES : 0);
  let frame: Uint8Array;
  if (headroom < HEADROOM) {
    frame = Buffer.allocUnsafe(size + length);
    frame.set(message, size);
  } else frame = Buffer.from(message.buffer, message.byteOffset - size, size + length);
  const bit = masked ? MASKED : 0;
  frame[0] = FIN_BINARY;
  if (length < LENGTH_16) frame[1] = bit | length;
  else if (length < 0x1_0000) {
    frame[1] = bit | LENGTH_16;
    frame[2] = length >>> 8;
    frame[3] = length;
  } else {
    frame[1] = bit | LENGTH_64;
    frame[2] = frame[3] = frame[4] = frame[5] = 0;
    frame[6] = length >>> 24;
    frame[7] = length >>> 16;
    frame[8] = length >>> 8;
    frame[9] = length;
  }
  if (masked) frame.fill(0, size - MASK_BYTES, size);
  return frame;
}
