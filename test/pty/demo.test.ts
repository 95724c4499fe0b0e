import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPty } from "../support/pty.ts";

const demo = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));

test("without a terminal the demo prints the three transcripts of its tour", async () => {
  const child = spawn(process.execPath, [demo], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  expect(await once(child, "close")).toEqual([0, null]);
  const [, alex = "", kate = "", moebi = ""] = text.split(/^── \w+@localhost ──$/m);
  expect(alex).toMatch(/> Chat\.sendMessage\("moebi@localhost", "hi"\)\nchicken\?\n"ok"\n/);
  expect(alex).toMatch(/^Hi, my name is Kate$/m);
  expect(alex).toContain("no connection to nobody@localhost");
  expect(kate).toMatch(/^hi$/m);
  expect(kate).not.toMatch(/^Hi, my name is Kate$/m);
  expect(moebi).toMatch(/^hi$/m);
});

test("at a terminal it shows the nodes side by side, then hands them over; a key switches panes, another leaves", async () => {
  await using pty = openPty([demo, "--fast"], { columns: 150, rows: 30 });
  await pty.waitFor((screen) => /^ alex@localhost +│ kate@localhost +│ moebi@localhost/.test(screen.line(0)));
  await pty.waitFor((screen) => screen.line(-1).includes("They are yours: type."));
  // Moebi's pane is in focus, as it typed last.
  pty.type("\x0f1000 + 1\r");
  await pty.waitFor((screen) => /^1001 +│/m.test(screen.text()));
  pty.type("\x1d");
  expect(await pty.exited).toMatchObject({ code: 0 });
  expect(pty.screen.text()).toBe("");
  expect(pty.screen.cursor.visible).toBe(true);
});

test("Ctrl+C leaves the tour, and a narrow screen says how to leave", async () => {
  await using pty = openPty([demo], { columns: 40, rows: 16 });
  await pty.waitFor(
    (screen) => screen.line(-1).startsWith(" Three nodes") && screen.line(-1).endsWith("…   Ctrl+] leave"),
  );
  pty.type("\x03");
  expect(await pty.exited).toMatchObject({ code: 0 });
  expect(pty.screen.text()).toBe("");
});
