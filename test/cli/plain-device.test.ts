import { PassThrough, Readable, Writable } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { PlainDevice, type PlainOptions } from "../../src/cli/plain-device.ts";

const devices: PlainDevice[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
});

/** A source is whole when its brackets are. */
const parse = (source: string) =>
  Promise.resolve({ kind: source.split("(").length > source.split(")").length ? "incomplete" : "complete" } as const);

function open(options: Partial<PlainOptions> = {}): PlainDevice {
  const device = new PlainDevice({
    texts: [],
    input: Readable.from([]),
    output: new PassThrough(),
    errors: new PassThrough(),
    parse,
    ...options,
  });
  devices.push(device);
  return device;
}

async function statementsOf(device: PlainDevice): Promise<string[]> {
  const statements: string[] = [];
  for (;;) {
    const statement = await device.readStatement();
    if (statement === null) return statements;
    statements.push(statement);
  }
}

describe("readStatement()", () => {
  test("gives the statements of texts, each of which ends a line", async () => {
    expect(await statementsOf(open({ texts: ["one\ntwo(\n)", "three"] }))).toEqual(["one", "two(\n)", "three"]);
  });

  test("tells where a statement of a file begins", async () => {
    const device = open({ texts: ["typed(\n)", { name: "a.ts", text: "one\n\ntwo(\n)\nthree\n" }, "last"] });
    const origins: unknown[] = [];
    for (let text = await device.readStatement(); text !== null; text = await device.readStatement())
      origins.push([text, device.origin && `${device.origin.name}:${String(device.origin.line)}`]);
    expect(origins).toEqual([
      ["typed(\n)", undefined],
      ["one", "a.ts:1"],
      ["", "a.ts:2"],
      ["two(\n)", "a.ts:3"],
      ["three", "a.ts:5"],
      ["last", undefined],
    ]);
  });

  test("gives the statements of standard input where there are no texts", async () => {
    expect(await statementsOf(open({ input: Readable.from(["on", "e\r\ntw", "o(\n)\nthree"]) }))).toEqual([
      "one",
      "two(\n)",
      "three",
    ]);
  });

  test("takes lines that end as on Windows, and characters cut in two", async () => {
    const bytes = Buffer.from("é(\r\n)\r\n");
    expect(await statementsOf(open({ input: Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]) }))).toEqual([
      "é(\n)",
    ]);
    expect(await statementsOf(open({ texts: ["a(\r\n)\r\nb"] }))).toEqual(["a(\n)", "b"]);
  });

  test("hands over what is given up or never completed", async () => {
    expect(await statementsOf(open({ texts: ["f(\n#moebi:break\nnext\ng("] }))).toEqual([
      "f(\n#moebi:break",
      "next",
      "g(",
    ]);
  });

  test("leaves the line to the next reader when the signal aborts, and the lines it had", async () => {
    const input = new PassThrough();
    const device = open({ input });
    const aborter = new AbortController();
    const given = device.readStatement(undefined, aborter.signal);
    input.write("f(\n");
    await new Promise((resolve) => setImmediate(resolve));
    aborter.abort(new Error("given up"));
    await expect(given).rejects.toThrow("given up");
    const next = device.readStatement();
    input.end("1)\n");
    expect(await next).toBe("f(\n1)");
  });

  test("fails with terminated once the device is closed", async () => {
    const device = open({ texts: ["one"] });
    await device.close();
    await expect(device.readStatement()).rejects.toMatchObject({ code: "terminated" });
  });
});

describe("readLine()", () => {
  test("reads standard input, where statements come from texts", async () => {
    const device = open({ texts: ["one"], input: Readable.from(["line\nlast"]) });
    expect(await device.readLine()).toBe("line\n");
    expect(await device.readStatement()).toBe("one");
    expect(await device.readLine()).toBe("last");
    expect(await device.readLine()).toBeNull();
  });

  test("reads the next line of a pipe that statements come from, too", async () => {
    const device = open({ input: Readable.from(["gets\nanswer\nnext\n"]) });
    expect(await device.readStatement()).toBe("gets");
    expect(await device.readLine()).toBe("answer\n");
    expect(await device.readStatement()).toBe("next");
  });

  test("gives one line to one reader", async () => {
    const device = open({ texts: [""], input: Readable.from(["one\ntwo\n"]) });
    expect((await Promise.all([device.readLine(), device.readLine()])).sort()).toEqual(["one\n", "two\n"]);
  });
});

describe("write()", () => {
  test("prints on standard output, and failures on standard error", async () => {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const device = open({ output, errors });
    await device.write("value\n");
    await device.writeError("failure\n");
    expect([String(output.read()), String(errors.read())]).toEqual(["value\n", "failure\n"]);
  });

  test("pushes back while nobody reads", async () => {
    const output = new PassThrough({ highWaterMark: 4 });
    const device = open({ output });
    const written = device.write("more than four");
    expect(written).toBeInstanceOf(Promise);
    output.resume();
    await written;
  });

  test("says when nobody reads any more, and goes on without", async () => {
    const gone = Promise.withResolvers<void>();
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    });
    const device = open({ output, onGone: gone.resolve });
    void device.write("text\n");
    await gone.promise;
    await device.write("more\n");
  });
});

test("takes SIGINT for an interrupt, until it is closed", async () => {
  const before = process.listenerCount("SIGINT");
  const device = open();
  device.onInterrupt = vi.fn();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  process.emit("SIGINT");
  expect(device.onInterrupt).toHaveBeenCalledOnce();
  await device.close();
  expect(process.listenerCount("SIGINT")).toBe(before);
});
