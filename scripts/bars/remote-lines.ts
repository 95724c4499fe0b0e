/** F16: lines from a remote node at a prompt, in a terminal: is it usable meanwhile? */
import { execFileSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import * as pty from "node-pty";
import { type Bar, MB, quantile, sleep } from "./bar.ts";
import { memoryOf, startSubject } from "./run-subject.ts";

const PROGRAM = "dist/bin/moebi.js";
/** None of them is in a line, a prompt or a status line. */
const KEYS = "QXZWVKYJ";
const KEY_BAR = 200;
const CTRL_C_BAR = 500;
/** An operation that takes longer is given up. */
const PATIENCE = 120_000;

/** A shell on a terminal; what it writes is only searched, as drawing it would take the processor from it. */
class Terminal implements Disposable {
  readonly #pty: pty.IPty;
  #seen = "";
  #wake = (): void => undefined;

  constructor(args: readonly string[]) {
    this.#pty = pty.spawn(process.execPath, [PROGRAM, ...args], {
      cols: 100,
      rows: 30,
      name: "xterm-256color",
      env: { ...process.env, NO_COLOR: "1" } as Record<string, string>,
    });
    this.#pty.onData((data) => {
      this.#seen = (this.#seen + data).slice(-1_000_000);
      this.#wake();
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What was written since the last {@link type}, in plain text; the end of it if it is much. */
  get seen(): string {
    return stripVTControlCharacters(this.#seen);
  }

  type(text: string): void {
    this.#seen = "";
    this.#pty.write(text);
  }

  /** Milliseconds until what has been written since the last key meets it. Infinite if it takes too long. */
  async until(met: (seen: string) => boolean): Promise<number> {
    const begun = performance.now();
    const timer = setTimeout(() => this.#wake(), PATIENCE);
    while (!met(this.seen)) {
      if (performance.now() - begun >= PATIENCE) return Infinity;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(timer);
    return performance.now() - begun;
  }

  [Symbol.dispose](): void {
    this.#pty.kill("SIGKILL");
  }
}

/** Prints lines from the other node, each awaited, as a program does; several processes of it share them. */
const printing = (lines: number): string =>
  `async () => { for (let i = 0; i < ${String(lines)}; i++) await IO.puts("a remote line " + i); }`;

const PRINTERS = 16;

export const remoteLines: Bar = {
  id: "F16",
  async run(tell, { lines }) {
    execFileSync("/bin/sh", ["-c", "set -eu; root=.; . scripts/ensure.sh; ensure_built"], { stdio: "inherit" });
    await using other = await startSubject("f16_far");
    using terminal = new Terminal(["--sname", "f16", "--cookie", "bars"]);
    const prompt = (n: number) => (seen: string) => seen.includes(`(f16@localhost)${String(n)}>`);
    await terminal.until(prompt(1));
    terminal.type(`Node.connect("${other.name}")\r`);
    await terminal.until(prompt(2));
    const before = memoryOf(terminal.pid);
    // The first use compiles what is shared.
    terminal.type(
      `for (let i = 0; i < ${String(PRINTERS)}; i++) Node.spawn("${other.name}", ${printing(Math.ceil(lines / PRINTERS))})\r`,
    );
    const last = `a remote line ${String(Math.ceil(lines / PRINTERS) - 1)}\r\n`;
    let left = PRINTERS;
    await terminal.until((seen) => seen.includes("a remote line"));
    const begun = performance.now();
    const echoes: number[] = [];
    let highest = 0;
    for (let i = 0; echoes.length < 20 && left === PRINTERS; i++) {
      const key = KEYS[i % KEYS.length] ?? "Q";
      terminal.type(i % KEYS.length === 0 && i > 0 ? `\x15${key}` : key);
      echoes.push(await terminal.until((seen) => seen.includes(key)));
      highest = Math.max(highest, memoryOf(terminal.pid).rss);
      if (terminal.seen.includes(last)) left--;
      await sleep(100);
    }
    tell({
      what: `${lines.toLocaleString("en")} lines from a remote node: a key is echoed after, the middle`,
      measured: quantile(echoes, 0.5),
      unit: "ms",
      most: KEY_BAR,
    });
    tell({ what: "the slowest echo of 20", measured: Math.max(...echoes), unit: "ms", most: KEY_BAR });
    terminal.type("\x15");
    for (let quiet = 0; quiet < 3;) {
      const had = terminal.seen.length;
      await sleep(500);
      highest = Math.max(highest, memoryOf(terminal.pid).rss);
      quiet = terminal.seen.length === had && terminal.seen.length < 900_000 ? quiet + 1 : 0;
      if (quiet === 0 && terminal.seen.length > 100_000) terminal.type("");
    }
    const seconds = (performance.now() - begun) / 1_000;
    tell({ what: "all lines, after", measured: seconds, unit: "s" });
    tell({
      what: "RSS of the shell at most",
      measured: (memoryOf(terminal.pid).peak - before.rss) / MB,
      unit: "MB more",
      most: 100,
    });

    // In the foreground, and to be ended.
    terminal.type(`await erpc.call("${other.name}", ${printing(lines)})\r`);
    await terminal.until((seen) => /a remote line \d{3}/.test(seen));
    terminal.type("\x03");
    const ended = await terminal.until((seen) => /\(f16@localhost\)\d+>/.test(seen));
    tell({ what: "Ctrl+C ends a call that prints, after", measured: ended, unit: "ms", most: CTRL_C_BAR });
  },
};
