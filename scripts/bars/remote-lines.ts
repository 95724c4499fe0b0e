/** F16: lines from a remote node at a prompt, in a terminal: is it usable meanwhile? */
import { execFileSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import * as pty from "node-pty";
import { type Bar, MB, quantile, sleep } from "./bar.ts";
import { memoryOf, startSubject } from "./run-subject.ts";

const PROGRAM = "scripts/moebi";
/** None of them is in a line, a prompt or a status line; and none comes twice, as only what is new on a line is drawn. */
const KEYS = [..."QXZWVKYJUHGFBDRTCPSA"];
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
    this.#pty = pty.spawn(PROGRAM, [...args], {
      cols: 100,
      rows: 30,
      name: "xterm-256color",
      env: { ...process.env, NO_COLOR: "1" },
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
const printing = (lines: number, wait = "await"): string =>
  `async () => { for (let i = 0; i < ${String(lines)}; i++) ${wait} IO.puts("a remote line " + i); }`;

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
    // What the machine alone takes for it: the bars are beside this.
    tell({
      what: "Quiet: a key is echoed after, the slowest of 20",
      measured: Math.max(...(await echoes(terminal))),
      unit: "ms",
    });
    terminal.type("\x15await Process.sleep(600_000)\r");
    await sleep(1_000);
    tell({ what: "Quiet: Ctrl+C ends a sleep, after", measured: await interrupted(terminal), unit: "ms" });

    const each = Math.ceil(lines / PRINTERS);
    terminal.type(`for (let i = 0; i < ${String(PRINTERS)}; i++) Node.spawn("${other.name}", ${printing(each)})\r`);
    await terminal.until((seen) => /a remote line \d/.test(seen));
    const begun = performance.now();
    const times = await echoes(terminal);
    const flowing = terminal.seen.includes("a remote line");
    const many = `${lines.toLocaleString("en")} lines from a remote node`;
    const middle = quantile(times, 0.5);
    tell({ what: `${many}: a key is echoed after, the middle`, measured: middle, unit: "ms", most: KEY_BAR });
    tell({ what: "the slowest echo of 20", measured: Math.max(...times), unit: "ms", most: KEY_BAR });
    tell({
      what: "lines still came at the last key (else give more lines)",
      measured: Number(flowing),
      unit: "",
      exactly: 1,
    });
    terminal.type("\x15");
    for (let quiet = 0; quiet < 6;) {
      terminal.type("");
      await sleep(500);
      quiet = terminal.seen.includes("a remote line") ? 0 : quiet + 1;
    }
    tell({ what: "all lines, after", measured: (performance.now() - begun) / 1_000, unit: "s" });
    const more = (memoryOf(terminal.pid).peak - before.rss) / MB;
    tell({ what: "RSS of the shell at most", measured: more, unit: "MB more", most: 100 });

    // Not awaited: nothing but the two programs themselves bounds what waits.
    const sender = other.child.pid ?? 0;
    const idle = memoryOf(sender).rss;
    terminal.type(`Node.spawn("${other.name}", ${printing(lines, "")})\r`);
    await terminal.until((seen) => seen.includes(`a remote line ${String(lines - 1)}`));
    const held = (memoryOf(terminal.pid).peak - before.rss) / MB;
    tell({ what: "RSS of the shell at most, if nobody awaits them", measured: held, unit: "MB more", most: 100 });
    const sent = (memoryOf(sender).peak - idle) / MB;
    tell({ what: "RSS of the node that prints them at most", measured: sent, unit: "MB more", most: 100 });

    // In the foreground, and to be ended.
    terminal.type(`await erpc.call("${other.name}", ${printing(lines)})\r`);
    await terminal.until((seen) => /a remote line \d/.test(seen));
    const ended = await interrupted(terminal);
    tell({ what: "Ctrl+C ends a call that prints, after", measured: ended, unit: "ms", most: CTRL_C_BAR });
  },
};

/** Milliseconds until each of the keys is on the screen, one after another. */
async function echoes(terminal: Terminal): Promise<number[]> {
  const times: number[] = [];
  terminal.type("\x15");
  await sleep(100);
  for (const key of KEYS) {
    terminal.type(key);
    times.push(await terminal.until((seen) => seen.includes(key)));
    await sleep(100);
  }
  return times;
}

/** Milliseconds from Ctrl+C to a prompt. */
function interrupted(terminal: Terminal): Promise<number> {
  terminal.type("\x03");
  return terminal.until((seen) => /\(f16@localhost\)\d+>/.test(seen));
}
