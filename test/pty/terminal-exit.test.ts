import { expect, test } from "vitest";
import { Pty } from "../support/pty.ts";

const program = new URL("fixtures/echo-shell.ts", import.meta.url).pathname;

/** Runs the program from a shell, ends it with `leave`, and looks at the terminal it leaves. */
async function leftBehind(leave: (pty: Pty, pid: number) => void | Promise<void>): Promise<string> {
  const script = `"$NODE" "$PROGRAM" & echo pid $!; fg >/dev/null; echo "code $?"; stty -a; echo over; read line; echo "read $line"`;
  await using pty = new Pty("bash", ["--norc", "-c", `set -m; ${script}`], {
    rows: 40,
    env: { NODE: process.execPath, PROGRAM: program },
  });
  await pty.waitFor("moebi(1)>");
  const pid = Number(/pid (\d+)/.exec(pty.screen.text())?.[1]);
  await leave(pty, pid);
  await pty.waitFor("over");
  expect(pty.screen.cursor.visible).toBe(true);
  expect(pty.screen.pasteMode).toBe(false);
  const text = pty.screen.text();
  expect(text).toMatch(/(?<!-)\bicanon\b/);
  expect(text).toMatch(/(?<!-)\becho\b/);
  expect(text).toMatch(/(?<!-)\bisig\b/);
  // A terminal that is sane makes a line of this for the next program.
  pty.type("next\r");
  await pty.waitFor("read next");
  return text;
}

test("leaves the terminal sane at Ctrl+D", async () => {
  const text = await leftBehind((pty) => {
    pty.type("\x04");
  });
  expect(text).toMatch(/moebi\(1\)> *\nbye\ncode 0\n/);
});

test("leaves the terminal sane at the second Ctrl+C", async () => {
  const text = await leftBehind((pty) => {
    pty.type("\x03\x03");
  });
  expect(text).toContain("code 0\n");
});

test("leaves the terminal sane after an uncaught exception, which is shown", async () => {
  const text = await leftBehind((pty) => {
    pty.type("throw\r");
  });
  expect(text).toContain("Error: uncaught in fixture");
  expect(text).toContain("code 1\n");
});

test("leaves the terminal sane after process.exit()", async () => {
  const text = await leftBehind((pty) => {
    pty.type("exit\r");
  });
  expect(text).toContain("code 3\n");
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("leaves the terminal sane after %s, and dies of it", async (signal, code) => {
  const text = await leftBehind((_, pid) => {
    process.kill(pid, signal);
  });
  expect(text).toContain(`code ${String(code)}\n`);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("dies of %s in an endless loop too, and leaves the terminal sane", async (signal, code) => {
  const text = await leftBehind(async (pty, pid) => {
    pty.type("loop\r");
    await pty.waitFor("looping");
    process.kill(pid, signal);
  });
  expect(text).toContain(`code ${String(code)}\n`);
});
