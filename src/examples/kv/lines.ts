import { MoebiError } from "../../term/error.ts";

const NEWLINE = 0x0a;

/**
 * The lines in a stream of bytes, without their ends; what follows the last end of a line is none, as whoever sent it hung
 * up half-way. Throws `line_too_long` for one of more than `limit` bytes, and keeps no more than that.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string, void> {
  let rest: Uint8Array[] = [];
  let size = 0;
  for await (let chunk of bytes) {
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE)) {
      check(size + end, limit);
      yield Buffer.concat([...rest, chunk.subarray(0, end)])
        .toString()
        .replace(/\r$/, "");
      chunk = chunk.subarray(end + 1);
      rest = [];
      size = 0;
    }
    size += chunk.length;
    check(size, limit);
    rest.push(chunk);
  }
}

function check(size: number, limit: number): void {
  if (size > limit) throw new MoebiError("line_too_long", `A line has more than ${limit} bytes`);
}
