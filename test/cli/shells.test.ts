import { describe, expect, onTestFinished, test } from "vitest";
import type { OpenSession } from "../../src/cli/local-session.ts";
import { Shells } from "../../src/cli/shells.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { LocalNode } from "../../src/node/local-node.ts";

/** A shell that ends when it is told. */
class Told implements OpenSession {
  interrupted = false;
  readonly asked: string[] = [];
  readonly over = Promise.withResolvers<boolean>();

  start(): Promise<boolean> {
    return this.over.promise;
  }

  interrupt(): void {
    this.asked.push("interrupt");
  }

  stop(): void {
    this.asked.push("stop");
  }

  complete(): Promise<{ insert: string; candidates: [] }> {
    return Promise.resolve({ insert: "", candidates: [] });
  }

  offer(before: string): Promise<{ start: number; candidates: [] }> {
    return Promise.resolve({ start: before.length, candidates: [] });
  }
}

/** A terminal whose views are shown one at a time, and on whose menu the lines are typed in turn. */
class Views extends StringDevice {
  onMenu: (() => void) | undefined;
  shown = 0;
  readonly lines: string[] = [];
  private wanted: ((line: string) => void) | undefined;
  private views = 0;

  open(): StringDevice {
    const number = ++this.views;
    const view = new StringDevice();
    return Object.assign(view, {
      show: () => {
        this.shown = number;
      },
      readLine: () =>
        new Promise<string>((resolve) => {
          const line = this.lines.shift();
          if (line === undefined) this.wanted = resolve;
          else resolve(line);
        }),
    });
  }

  show(): void {
    this.shown = 0;
  }

  type(...lines: string[]): void {
    this.lines.push(...lines.slice(this.wanted === undefined ? 0 : 1));
    this.wanted?.(lines[0] ?? "");
    this.wanted = undefined;
  }

  /** Resolves when that has been printed. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) await new Promise((resolve) => setImmediate(resolve));
  }
}

function open(unreachable = false) {
  const node = new LocalNode({ name: "a@localhost", log: () => undefined });
  onTestFinished(() => node.stop());
  const device = new Views();
  const sessions = [new Told()];
  const [first] = sessions;
  if (first === undefined) throw new Error("There is a first one");
  const shells = new Shells({
    node,
    device,
    first: { node: undefined, session: first },
    open: () => {
      if (unreachable) return Promise.reject(new Error("nobody is there"));
      const session = new Told();
      sessions.push(session);
      return Promise.resolve(session);
    },
  });
  const started = shells.start();
  return { device, sessions, shells, started };
}

describe("Shells", () => {
  test("end with the last shell, and with whether its statements succeeded", async () => {
    const { sessions, started } = open();
    sessions[0]?.over.resolve(false);
    expect(await started).toBe(false);
  });

  test("fail as the first shell fails", async () => {
    const { sessions, started } = open();
    sessions[0]?.over.reject(new Error("the connection is gone"));
    await expect(started).rejects.toThrow("the connection is gone");
  });

  test("q leaves, whatever runs", async () => {
    const { device, started } = open();
    device.onMenu?.();
    device.type("s", "q");
    expect(await started).toBe(true);
  });

  test("a shell is started, shown, and what it is interrupted by is its own", async () => {
    const { device, sessions, shells } = open();
    device.onMenu?.();
    await device.printed("User switch command");
    device.type("s", "c", "?");
    while (device.shown !== 2) await new Promise((resolve) => setImmediate(resolve));
    shells.interrupt();
    expect(sessions.map(({ asked }) => asked)).toEqual([[], ["interrupt"]]);
  });

  test("Ctrl+C in the menu interrupts nothing, and i does", async () => {
    const { device, sessions, shells } = open();
    device.onMenu?.();
    await device.printed("User switch command");
    shells.interrupt();
    device.type("i", "j");
    await device.printed("1* shell");
    expect(sessions[0]?.asked).toEqual(["interrupt"]);
  });

  test("the end of the shell that is shown shows another, and says so", async () => {
    const { device, sessions } = open();
    device.onMenu?.();
    device.type("s", "c");
    while (device.shown !== 2) await new Promise((resolve) => setImmediate(resolve));
    sessions[1]?.over.resolve(true);
    await device.printed("*** Shell 2 has ended; this is shell 1 ***");
    while ((device.shown as number) !== 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("a node that can't be reached is told of, its shell is gone, and c goes back", async () => {
    const { device } = open(true);
    device.onMenu?.();
    device.type("r b@localhost");
    await device.printed("*** Shell 2 has ended: nobody is there ***");
    device.type("j");
    await device.printed("   1* shell\n");
    expect(device.output).not.toContain("   2");
    device.shown = 9;
    device.type("c");
    while ((device.shown as number) !== 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("killing the only shell leaves the menu, which starts another", async () => {
    const { device, sessions } = open();
    device.onMenu?.();
    device.type("k", "c", "s", "j");
    await device.printed("Unknown job\n   2* shell\n");
    expect(sessions[0]?.asked).toEqual(["stop"]);
  });
});
