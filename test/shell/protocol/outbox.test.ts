import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Outbox } from "../../../src/shell/protocol/outbox.ts";

/** A reader that takes what is written when it is told to, or at once. */
class Reader {
  readonly lines: string[] = [];
  slow = false;
  private drained: (() => void) | undefined;

  write(text: string): boolean {
    this.lines.push(...text.split("\n").filter((line) => line !== ""));
    return !this.slow;
  }

  once(_event: "drain", listener: () => void): void {
    this.drained = listener;
  }

  read(): void {
    const { drained } = this;
    this.drained = undefined;
    drained?.();
  }

  get messages(): unknown[] {
    return this.lines.map((line) => JSON.parse(line) as unknown);
  }
}

function setUp(): { reader: Reader; outbox: Outbox } {
  const reader = new Reader();
  return { reader, outbox: new Outbox(reader) };
}

const ONE = { id: 1 };
const TWO = { id: 2 };

describe("Outbox", () => {
  test("tells messages and output in order, what one origin prints in a turn as one message", async () => {
    const { reader, outbox } = setUp();
    void outbox.print(ONE, "out", "a\n");
    void outbox.print(ONE, "out", "b\n");
    void outbox.print(ONE, "err", "c\n");
    void outbox.print(TWO, "out", "d\n");
    void outbox.print(ONE, "out", "e\n");
    outbox.send({ id: 1, status: ["done"] });
    await outbox.flushed();
    expect(reader.messages).toEqual([
      { id: 1, out: "a\nb\n" },
      { id: 1, err: "c\n" },
      { id: 2, out: "d\n" },
      { id: 1, out: "e\n" },
      { id: 1, status: ["done"] },
    ]);
  });

  test("asks writers to wait while the reader does not read, and lets them go on when it has", async () => {
    const { reader, outbox } = setUp();
    reader.slow = true;
    expect(outbox.print(ONE, "out", "first\n")).toBeUndefined();
    await setImmediate();
    const room = outbox.print(ONE, "out", "x".repeat(300_000));
    expect(room).toBeInstanceOf(Promise);
    reader.slow = false;
    reader.read();
    await room;
    expect(reader.messages).toHaveLength(2);
  });

  test("leaves out what comes when there is far too much, says how many lines, and loses no other message", async () => {
    const { reader, outbox } = setUp();
    reader.slow = true;
    outbox.send({ id: 0 });
    await setImmediate();
    const line = `${"x".repeat(1_048_575)}\n`;
    for (let i = 0; i < 30; i++) void outbox.print(ONE, "out", line);
    outbox.send({ id: 1, status: ["done"] });
    reader.slow = false;
    reader.read();
    await outbox.flushed();
    await outbox.flushed();
    const messages = reader.messages as { out?: string; err?: string; status?: string[] }[];
    expect(messages.filter(({ out }) => out !== undefined)).toHaveLength(17);
    expect(messages.filter(({ status }) => status !== undefined)).toHaveLength(1);
    expect(messages.at(-1)).toEqual({ id: 1, err: "… 13 lines left out: they came faster than they were read\n" });
  });

  test("a reader that is gone holds nobody up", async () => {
    const { reader, outbox } = setUp();
    reader.slow = true;
    outbox.send({ id: 0 });
    await setImmediate();
    const room = outbox.print(ONE, "out", "x".repeat(300_000));
    outbox.close();
    await room;
    await outbox.flushed();
    expect(outbox.print(ONE, "out", "more")).toBeUndefined();
    expect(reader.lines).toHaveLength(1);
  });
});
