import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, test } from "vitest";
import { Input } from "../../src/terminal/input.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let stdin: PassThrough;
let clock: ManualClock;
let keys: string[];
let input: Input;
let retaken: number;

beforeEach(() => {
  stdin = new PassThrough();
  clock = new ManualClock();
  keys = [];
  retaken = 0;
  input = new Input(
    stdin,
    {
      onKeys: (more) => keys.push(...more.map((key) => (key.type === "chord" ? `<${key.chord}>` : key.text))),
      onEnd: () => keys.push("end"),
      onRetaken: () => retaken++,
    },
    { clock, escapeDelay: () => 50 },
  );
});

async function arrives(...chunks: string[]): Promise<void> {
  for (const chunk of chunks) {
    stdin.write(chunk);
    await settled();
  }
}

async function passes(ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}

describe("Input", () => {
  test("takes Escape for a key of its own after the delay", async () => {
    await arrives("\x1b");
    await passes(49);
    expect(keys).toEqual([]);
    await passes(1);
    expect(keys).toEqual(["<escape>"]);
    await passes(401);
    await arrives("[A");
    expect(keys).toEqual(["<escape>", "[", "A"]);
  });

  test("takes what comes late from a slow connection for the sequence that it is", async () => {
    for (const byte of "\x1b[1;5D\x1b[200~ab\x1b[201~") {
      await arrives(byte);
      await passes(300);
    }
    expect(keys).toEqual(["<escape>", "<ctrl+left>", "<escape>", "ab"]);
  });

  test("loses no bracket that was typed behind Escape", async () => {
    await arrives("\x1b");
    await passes(50);
    await arrives("[");
    await passes(500);
    await arrives("b");
    await arrives("\x1b");
    await passes(50);
    await arrives("[]", "c");
    expect(keys).toEqual(["<escape>", "[", "b", "<escape>", "[", "]", "c"]);
  });

  test("reads on when somebody else has paused what it reads, not where that is meant to be", async () => {
    stdin.pause();
    await arrives("a");
    await new Promise(setImmediate);
    await settled();
    expect([keys, retaken]).toEqual([["a"], 1]);
    input.pause();
    await new Promise(setImmediate);
    expect([stdin.isPaused(), retaken]).toEqual([true, 1]);
    input.resume();
    input.stop();
    await new Promise(setImmediate);
    expect([stdin.isPaused(), retaken]).toEqual([true, 1]);
  });

  test("gives the rest of a sequence that has begun more time than an Escape", async () => {
    await arrives("\x1b", "[");
    await passes(499);
    await arrives("A");
    expect(keys).toEqual(["<up>"]);
  });

  test("takes what never became a sequence as it is", async () => {
    await arrives("\x1b[");
    await passes(500);
    expect(keys).toEqual(["<alt+[>"]);
  });

  test("reads what has arrived before it counts the time as up", async () => {
    await arrives("\x1b");
    clock.advance(50);
    await arrives("[A");
    expect(keys).toEqual(["<up>"]);
  });

  test("ends a paste whose end does not come a second after its last bytes", async () => {
    await arrives("\x1b[200~one");
    await passes(999);
    await arrives(" two");
    await passes(999);
    expect(keys).toEqual([]);
    await passes(1);
    expect(keys).toEqual(["one two"]);
  });

  test("tells nothing after it was stopped, of what it held either", async () => {
    await arrives("\x1b");
    input.stop();
    await passes(1000);
    stdin.end("a");
    await settled();
    expect(keys).toEqual([]);
  });

  test("tells of the end", async () => {
    stdin.end();
    await settled();
    expect(keys).toEqual(["end"]);
  });
});
