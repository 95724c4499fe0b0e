import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { cursorIn } from "../../src/shell/cursor.ts";
import { eventsAt } from "../../src/shell/event-names.ts";

const emitter = new EventEmitter().on("heard", () => undefined);
const trap = new Proxy({}, { get: () => expect.fail("it ran") });
const names = { layers: () => [{ emitter, trap, plain: {} }] };
const events = (before: string) => eventsAt(cursorIn(before), names);

describe("eventsAt()", () => {
  test("gives those that are listened for, and those that Node's own tells", () => {
    expect(events('emitter.once("')).toEqual(["heard"]);
    expect(events('process?.on("')).toEqual(expect.arrayContaining(["exit", "SIGINT"]));
    expect(events('new AbortController().signal.addEventListener("')).toBeUndefined();
    expect(events('AbortSignal.prototype.addEventListener("')).toEqual(["abort"]);
  });

  test("gives none where nothing is named that has events", () => {
    for (const before of ['emitter.on("x", "', 'emitter.other("', 'on("', 'plain.on("', 'trap.on("', 'nowhere.on("'])
      expect(events(before)).toBeUndefined();
  });
});
