import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { DumbDevice, isDumb } from "../../src/cli/dumb-device.ts";

const PROMPTS = { first: "moebi(1)> ", continuation: "...(1)> " };
const parse = (source: string) =>
  Promise.resolve({ kind: source.split("(").length > source.split(")").length ? "incomplete" : "complete" } as const);

let device: DumbDevice | undefined;

afterEach(async () => {
  await device?.close();
});

/** What the system shows of what is typed, its echo left out, and what was printed. */
function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const opened = (device = new DumbDevice({ input, output, parse }));
  const settled = async (): Promise<string> => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    return shown;
  };
  return { device: opened, type: (text: string) => void input.write(text), settled };
}

test("the prompt is shown again when the program was stopped and goes on", async () => {
  const { device, type, settled } = open();
  const read = device.readStatement(PROMPTS);
  await settled();
  process.emit("SIGCONT", "SIGCONT");
  expect(await settled()).toBe("moebi(1)> moebi(1)> ");
  type("1\n");
  expect(await read).toBe("1");
});

test("clear() moves what is there out of sight", async () => {
  const { device, settled } = open();
  void device.write("one\n");
  device.clear();
  expect(await settled()).toBe(`one\n${"\n".repeat(24)}`);
});

describe("readStatement()", () => {
  test("shows the prompt, and that of lines which continue", async () => {
    const { device, type, settled } = open();
    const read = device.readStatement(PROMPTS);
    type("f(\n");
    expect(await settled()).toBe("moebi(1)> ...(1)> ");
    type(")\n");
    expect(await read).toBe("f(\n)");
  });

  test("shows the prompt again below what was printed meanwhile", async () => {
    const { device, type, settled } = open();
    const read = device.readStatement(PROMPTS);
    void device.write("one\n");
    void device.write("two\n");
    expect(await settled()).toBe("moebi(1)> \none\ntwo\nmoebi(1)> ");
    type("1\n");
    expect(await read).toBe("1");
  });

  test("a statement that is put aside waits until it is back, whatever reads meanwhile", async () => {
    const { device, type, settled } = open();
    const outer = device.readStatement(PROMPTS);
    await settled();
    const back = device.setAside();
    const first = device.readStatement({ first: "pry(1)> ", continuation: "...(1)> " });
    await settled();
    type("1\n");
    expect(await first).toBe("1");
    await settled();
    const second = device.readStatement({ first: "pry(2)> ", continuation: "...(2)> " });
    await settled();
    type("2\n");
    expect(await second).toBe("2");
    back();
    await settled();
    type("3\n");
    expect(await outer).toBe("3");
    expect(await settled()).toBe("moebi(1)> pry(1)> pry(2)> moebi(1)> ");
  });

  test("ends a line that was begun", async () => {
    const { device, settled } = open();
    void device.write("partial");
    void device.readStatement(PROMPTS).catch(() => undefined);
    expect(await settled()).toBe("partial\nmoebi(1)> ");
  });

  test("gives up what is typed at Ctrl+C, and is the end of input at a second one", async () => {
    const { device, type, settled } = open();
    const read = device.readStatement(PROMPTS);
    type("f(\n");
    await settled();
    process.emit("SIGINT");
    expect(await settled()).toBe("moebi(1)> ...(1)> \nmoebi(1)> ");
    // It was for the block, not the first of two to leave.
    process.emit("SIGINT");
    expect(await settled()).toBe("moebi(1)> ...(1)> \nmoebi(1)> \n(Ctrl+C again to leave, or Ctrl+D)\nmoebi(1)> ");
    type("2\n");
    expect(await read).toBe("2");
    const next = device.readStatement(PROMPTS);
    process.emit("SIGINT");
    await settled();
    process.emit("SIGINT");
    expect(await next).toBeNull();
  });

  test("says at the second Ctrl+C what would end with it, and is the end of input at a third", async () => {
    const { device, settled } = open();
    device.stillRunning = () => 1;
    const read = device.readStatement(PROMPTS);
    await settled();
    process.emit("SIGINT");
    await settled();
    process.emit("SIGINT");
    expect(await settled()).toContain("\n(1 process started here still runs; Ctrl+C again to leave)\nmoebi(1)> ");
    process.emit("SIGINT");
    expect(await read).toBeNull();
  });

  test("leaves Ctrl+C to what is evaluated while nothing is read", () => {
    const { device } = open();
    let interrupts = 0;
    device.onInterrupt = () => interrupts++;
    process.emit("SIGINT");
    expect(interrupts).toBe(1);
  });
});

describe("readLine()", () => {
  test("takes the next line before a statement that waits, whose prompt comes again", async () => {
    const { device, type, settled } = open();
    const statement = device.readStatement(PROMPTS);
    const line = device.readLine("Name: ");
    expect(await settled()).toBe("moebi(1)> \nName: ");
    type("Kate\n");
    expect(await line).toBe("Kate\n");
    expect(await settled()).toBe("moebi(1)> \nName: moebi(1)> ");
    type("3\n");
    expect(await statement).toBe("3");
  });
});

describe("isDumb()", () => {
  test("is what TERM or Emacs says", () => {
    expect(isDumb({ TERM: "dumb" })).toBe(true);
    expect(isDumb({ TERM: "unknown" })).toBe(true);
    expect(isDumb({ TERM: "xterm-256color" })).toBe(false);
    expect(isDumb({ TERM: "xterm-256color", INSIDE_EMACS: "29.1,comint" })).toBe(true);
    expect(isDumb({ TERM: "eterm-color", INSIDE_EMACS: "29.1,term:0.96" })).toBe(false);
  });
});
