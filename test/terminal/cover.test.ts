import { beforeEach, describe, expect, test } from "vitest";
import { type Cover, Covering } from "../../src/terminal/cover.ts";
import { KeyParser } from "../../src/terminal/keys.ts";

let log: string[];
let covering: Covering;

function cover(): Cover {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  return {
    done,
    receive: (keys) => {
      const left = keys.findIndex((key) => key.type === "text" && key.text === "q") + 1;
      const taken = left > 0 ? keys.slice(0, left) : keys;
      log.push(taken.map((key) => (key.type === "chord" ? key.chord : key.text)).join(" "));
      if (left > 0) resolve();
      return keys.slice(taken.length);
    },
    withdraw: () => {
      log.push("withdrawn");
      return Promise.resolve();
    },
    redraw: () => log.push("redrawn"),
    close: resolve,
  };
}

const keysOf = (text: string) => new KeyParser().push(text);

beforeEach(() => {
  log = [];
  covering = new Covering(() => {
    log.push("stopped");
    return Promise.resolve();
  });
});

describe("Covering", () => {
  test("has nothing to do with keys while nothing covers the prompt", () => {
    expect([covering.receive(keysOf("a")), covering.redraw(), covering.close()]).toEqual([keysOf("a"), false, false]);
  });

  test("gives keys to what covers the prompt until that is left", async () => {
    const shown = covering.show(cover, undefined);
    expect([covering.receive(keysOf("ab\x03")), covering.redraw()]).toEqual([[], true]);
    expect(covering.close()).toBe(true);
    await shown;
    expect(covering.receive(keysOf("c"))).toEqual(keysOf("c"));
    expect(log).toEqual(["a b ctrl+c", "redrawn"]);
  });

  test("gives back the keys behind the one that left it, Ctrl+Z among them", async () => {
    const shown = covering.show(cover, undefined);
    expect(covering.receive(keysOf("aqb\x1a"))).toEqual(keysOf("b\x1a"));
    await shown;
    expect(log).toEqual(["a q"]);
  });

  test("ends it when the signal aborts", async () => {
    const gone = new AbortController();
    const shown = covering.show(cover, gone.signal);
    gone.abort();
    await shown;
    expect(covering.redraw()).toBe(false);
  });

  test.skipIf(process.platform === "win32")("stops the program at Ctrl+Z, once the screen is given away", async () => {
    void covering.show(cover, undefined);
    covering.receive(keysOf("ab\x1a"));
    await new Promise(setImmediate);
    expect(log).toEqual(["a b", "withdrawn", "stopped"]);
    covering.close();
  });
});
