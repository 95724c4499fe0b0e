import type { Readable } from "node:stream";

/** A line of input, or that one was longer than is taken, which is then passed over. */
export type MessageLine = { readonly text: string } | { readonly tooLong: true };

/** The lines of `input`, without their ends, as they come; the last need not have one. Each of at most `most` characters. */
export async function* messageLines(input: Readable, most: number): AsyncGenerator<MessageLine, undefined> {
  let parts: string[] = [];
  let length = 0;
  const take = (): MessageLine => {
    const line: MessageLine = length > most ? { tooLong: true } : { text: parts.join("").replace(/\r$/u, "") };
    parts = [];
    length = 0;
    return line;
  };
  input.setEncoding("utf8");
  for await (const chunk of input as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      add(chunk.slice(start, end));
      start = end + 1;
      yield take();
    }
    add(chunk.slice(start));
  }
  if (length > 0) yield take();

  function add(part: string): void {
    length += part.length;
    if (length > most) parts = [];
    else if (part !== "") parts.push(part);
  }
}
