import { EventEmitter, once } from "node:events";
import { describe, expect, test } from "vitest";
import { Output, type LineSink } from "../../src/terminal/output.ts";

/** A terminal that shows what it was given, and can be slow. */
class FakeSink extends EventEmitter implements LineSink {
  full = false;
  readonly printed: string[] = [];

  print(lines: string): void {
    this.printed.push(lines);
    this.emit("printed");
  }

  get text(): string {
    return this.printed.join("");
  }
}

describe("Output", () => {
  test("prints what one turn writes in one batch", async () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    for (let line = 0; line < 100; line++) void output.write(`${String(line)}\n`);
    await once(sink, "printed");
    expect(sink.printed).toHaveLength(1);
    expect(sink.text.split("\n")).toHaveLength(101);
  });

  test("holds a partial line until it is whole", () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    void output.write("a");
    output.flush();
    expect(sink.printed).toEqual([]);
    expect(output.tail).toBe("a");
    void output.write("b\nc");
    output.flush();
    expect(sink.text).toBe("ab\n");
    expect(output.tail).toBe("c");
  });

  test("puts a line of its own after a partial one", () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    void output.write("part");
    output.line("whole");
    output.flush();
    expect(sink.text).toBe("part\nwhole\n");
  });

  test("keeps the order and every line over many batches", async () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    let expected = "";
    for (let line = 0; line < 10_000; line++) {
      const text = `line ${String(line)} of many\n`;
      expected += text;
      await output.write(text);
    }
    await output.drained();
    expect(sink.text).toBe(expected);
  });

  test("cuts a large text at line ends", async () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    const text = `${"x".repeat(999)}\n`.repeat(200);
    void output.write(text);
    await output.drained();
    expect(sink.text).toBe(text);
    expect(sink.printed.length).toBeGreaterThan(1);
    for (const batch of sink.printed) expect(batch.endsWith("\n")).toBe(true);
  });

  test("asks writers to wait while the terminal takes nothing, and lets them go on when it does", async () => {
    const sink = new FakeSink();
    sink.full = true;
    const output = new Output(sink);
    expect(output.write("small\n")).toBeUndefined();
    const waiting = output.write(`${"x".repeat(300_000)}\n`);
    expect(waiting).toBeInstanceOf(Promise);
    expect(sink.printed).toEqual([]);
    sink.full = false;
    sink.emit("drain");
    await waiting;
    await output.drained();
    expect(sink.text).toHaveLength(300_007);
  });

  test("leaves lines out, with a notice, of writers who do not wait", async () => {
    const sink = new FakeSink();
    sink.full = true;
    const output = new Output(sink);
    const line = `${"x".repeat(99_999)}\n`;
    for (let count = 0; count < 200; count++) void output.write(line);
    sink.full = false;
    sink.emit("drain");
    await output.drained();
    expect(sink.text.length).toBeLessThan(17 * 1024 * 1024);
    expect(sink.text).toMatch(/… \d+ lines left out: they came faster than the terminal takes them\n$/);
  });

  test("keeps what is written while it is told to hold, and nobody waits; the latest is what stays", async () => {
    const sink = new FakeSink();
    const output = new Output(sink);
    void output.write("before\n");
    output.flush();
    output.hold(true);
    void output.write("meanwhile\n");
    output.flush();
    expect(sink.text).toBe("before\n");
    for (let line = 0; line < 10_000; line++)
      expect(output.write(`${String(line)} ${"x".repeat(50)}\n`)).toBeUndefined();
    output.hold(false);
    await output.drained();
    const lines = sink.text.split("\n");
    expect(lines[1]).toMatch(/^… \d+ lines left out, as the screen showed something else$/);
    expect(lines.at(-2)).toBe(`9999 ${"x".repeat(50)}`);
    const leftOut = Number(/\d+/.exec(lines[1] ?? "")?.[0]);
    expect(leftOut + lines.length - 3).toBe(10_001);
  });
});
