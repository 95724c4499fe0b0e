import { expect, test } from "vitest";
import { newHost, program, prompts } from "../support/moebi.ts";
import { Pty } from "../support/pty.ts";
import type { Screen } from "../support/screen.ts";

/** Runs a node from a shell, ends it with `leave`, and looks at the terminal it leaves. Gives its status. */
async function statusAfter(leave: (pty: Pty, pid: number) => void): Promise<string | undefined> {
  await using host = await newHost();
  const script = `"$NODE" "$PROGRAM" --sname alex & echo pid $!; fg >/dev/null; echo "code $?"; stty -a; echo over; read line; echo "read $line"`;
  await using pty = new Pty("bash", ["--norc", "-c", `set -m; ${script}`], {
    rows: 40,
    cwd: host.home,
    env: { ...host.env, NODE: process.execPath, PROGRAM: program },
  });
  await pty.waitFor(prompts("moebi(alex@localhost)1>"));
  leave(pty, Number(/pid (\d+)/.exec(pty.screen.text())?.[1]));
  await pty.waitFor("over");
  expect(pty.screen.cursor.visible).toBe(true);
  expect(pty.screen.pasteMode).toBe(false);
  const text = pty.screen.text();
  for (const mode of ["icanon", "echo", "isig"]) expect(text).toMatch(new RegExp(String.raw`(?<!-)\b${mode}\b`));
  pty.type("next\r");
  await pty.waitFor("read next");
  return /code (\d+)/.exec(text)?.[1];
}

test("Ctrl+D ends the node with status 0, and leaves the terminal sane", async () => {
  expect(
    await statusAfter((pty) => {
      pty.type("\x04");
    }),
  ).toBe("0");
});

test("Ctrl+D says first what still runs that was started at the prompt, and leaves if it comes again", async () => {
  await using host = await newHost();
  await using pty = host.open(["--sname", "alex"]);
  await pty.waitFor(prompts("moebi(alex@localhost)1>"));
  pty.type("spawn(() => receive())\r");
  await pty.waitFor(prompts("moebi(alex@localhost)2>"));
  pty.type("Agent.startLink(() => 1)\r");
  await pty.waitFor(prompts("moebi(alex@localhost)3>"));
  pty.type("\x04");
  const below = (text: string) => (screen: Screen) => screen.line(screen.cursor.y + 1) === text;
  await pty.waitFor(below("(2 processes started here still run; Ctrl+D again to leave)"));
  // It is no longer meant.
  pty.type("flush()\r");
  await pty.waitFor(prompts("moebi(alex@localhost)4>"));
  expect(pty.screen.text()).not.toContain("again to leave");
  pty.type("\x03\x03");
  await pty.waitFor(below("(2 processes started here still run; Ctrl+C again to leave)"));
  pty.type("\x03");
  expect(await pty.exited).toMatchObject({ code: 0 });
  expect(pty.screen.text()).not.toContain("again to leave");
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s ends the node while a process that was spawned computes without end",
  async (signal) => {
    await using host = await newHost();
    await using pty = host.open(["--sname", "alex"]);
    await pty.waitFor(prompts("moebi(alex@localhost)1>"));
    pty.type("spawn(() => { process.getBuiltinModule('fs').writeSync(1, 'loops'); while (true); })\r");
    await pty.waitFor((screen) => screen.line(screen.cursor.y).startsWith("loops"));
    pty.kill(signal);
    expect(await pty.exited).toMatchObject({ signal: signal === "SIGTERM" ? 15 : 1 });
  },
);

test("Ctrl+D ends another shell and the prompt that looks into a process at once, whatever runs; exit() the node", async () => {
  await using host = await newHost();
  await using pty = host.open(["--sname", "alex"]);
  await pty.waitFor(prompts("moebi(alex@localhost)1>"));
  pty.type("spawn(() => receive())\r");
  await pty.waitFor(prompts("moebi(alex@localhost)2>"));
  pty.type("await pry()\r");
  await pty.waitFor(prompts("pry(alex@localhost)1>"));
  pty.type("\x04");
  await pty.waitFor(prompts("moebi(alex@localhost)3>"));
  pty.type("\x07");
  await pty.waitFor(prompts(" -->"));
  pty.type("s\r");
  await pty.waitFor((screen) => screen.line(screen.cursor.y - 1) === " --> s");
  pty.type("c\r");
  await pty.waitFor(prompts("moebi(alex@localhost)1>"));
  pty.type("\x04");
  await pty.waitFor("*** Shell 2 has ended; this is shell 1 ***");
  await pty.waitFor(prompts("moebi(alex@localhost)3>"));
  pty.type("\x04");
  await pty.waitFor("(1 process started here still runs; Ctrl+D again to leave)");
  pty.type("System.stop()\r");
  expect(await pty.exited).toMatchObject({ code: 0 });
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s stops the node in good order with status 0, and leaves the terminal sane",
  async (signal) => {
    expect(
      await statusAfter((_, pid) => {
        process.kill(pid, signal);
      }),
    ).toBe("0");
  },
);

test("a name that is taken is refused at a terminal, which is left as it was", async () => {
  await using host = await newHost();
  await host.background("alex@localhost");
  // From a shell: what a program wrote last can be lost when its terminal goes with it.
  await using pty = new Pty("sh", ["-c", '"$NODE" "$PROGRAM" --sname alex; echo "code $?"; read line'], {
    cwd: host.home,
    env: { ...host.env, NODE: process.execPath, PROGRAM: program },
  });
  await pty.waitFor("code 1");
  expect(pty.screen.text()).toMatch(/^moebi: The name "alex" is taken on this host/);
  expect(pty.screen.pasteMode).toBe(false);
});
