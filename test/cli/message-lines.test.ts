import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { messageLines } from "../../src/cli/message-lines.ts";

async function linesOf(chunks: readonly (string | Buffer)[], most = 10): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of messageLines(Readable.from(chunks), most)) lines.push("text" in line ? line.text : null);
  return lines;
}

test("lines come whole, however they are cut, the last without an end", async () => {
  expect(await linesOf(["a\nb", "c", "\n\r\n", "d\r\n", "e"])).toEqual(["a", "bc", "", "d", "e"]);
});

test("a character that is cut is whole again", async () => {
  const bytes = Buffer.from("žluť\n");
  expect(await linesOf([...bytes].map((_, i) => bytes.subarray(i, i + 1)))).toEqual(["žluť"]);
});

test("a line that is too long is passed over, and those behind it are not", async () => {
  expect(await linesOf(["x".repeat(8), "yyyy", "zzzz\nnext\n", `${"x".repeat(11)}\nlast`])).toEqual([
    null,
    "next",
    null,
    "last",
  ]);
});
