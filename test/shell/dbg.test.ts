import { expect, test } from "vitest";
import { captureIO } from "../../src/io/capture-io.ts";
import { IO } from "../../src/io/io.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { dbg } from "../../src/shell/dbg.ts";
import { captureShell } from "../support/capture-shell.ts";
import { inProcess } from "../support/in-process.ts";

test("prints the code and its value with the place, and gives the value", async () => {
  const { out } = await captureShell(
    "const Kate = { total(price: number) { return 1 + dbg(price * (2 as number)); } }\nKate.total(4)",
  );
  expect(out).toBe("[moebi(1):1: Kate.total/1]\nprice * 2 #=> 8\n\n9\n");
});

test("stands around what is awaited, and at the top", async () => {
  const { out } = await captureShell("dbg(await Promise.resolve([1]))");
  expect(out).toBe("[moebi(1):1]\nawait Promise.resolve([1]) #=> [1]\n\n[1]\n");
});

test("prints as inspect does that is told how", async () => {
  const { out } = await captureShell("void dbg([1, 2, 3], { maxItems: 1 })");
  expect(out).toBe("[moebi(1):1]\n[1, 2, 3] #=> [1, ... 2 more]\n\nundefined\n");
});

test("shows no control characters", async () => {
  const { out } = await captureShell("void dbg('\u001b[2J'.length)");
  expect(out).not.toContain("\u001b");
});

test("of compiled code the place alone is known", async () => {
  await inProcess(new Runtime({ log: () => undefined }), async () => {
    let value = 0;
    const printed = await captureIO(() => {
      value = dbg(6 * 7);
      return IO.puts("end");
    });
    expect(value).toBe(42);
    expect(printed).toMatch(/^\[.*dbg\.test\.ts:\d+(?:: [^\]]*)?\]\n42\n\nend\n$/u);
  });
});
