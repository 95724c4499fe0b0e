import { describe, expect, test } from "vitest";
import { cutColoured, eventLine, type TraceEvent } from "../../../src/node/trace/event-line.ts";
import { Pid } from "../../../src/term/pid.ts";

const pid = (id: number): Pid => new Pid("alex@localhost", id, 0, 1);
const viewer = { node: "alex@localhost", creation: 1, indexOf: () => 1 } as const;
const line = (event: TraceEvent, of: Pid | undefined = pid(1)): string => eventLine(of, event, { viewer }, 400);

describe("eventLine()", () => {
  test.each<[TraceEvent, string]>([
    [["receive", ["ping", pid(2)]], '<< ["ping", #PID<0.2.0>]'],
    [["send", pid(2), "pong"], '#PID<0.2.0> ! "pong"'],
    [["send", ["Echo", "kate@localhost"], "pong"], '["Echo", "kate@localhost"] ! "pong"'],
    [["send", "Echo", "pong"], '"Echo" ! "pong"'],
    [["spawn", pid(2), "Counter.init/1"], "spawn #PID<0.2.0> as Counter.init/1"],
    [["spawned", pid(2), "Counter.init/1"], "spawned by #PID<0.2.0> as Counter.init/1"],
    [["exit", "normal"], 'exit "normal"'],
    [["link", pid(2)], "link #PID<0.2.0>"],
    [["unlink", pid(2)], "unlink #PID<0.2.0>"],
    [["gettingLinked", pid(2)], "getting linked #PID<0.2.0>"],
    [["gettingUnlinked", pid(2)], "getting unlinked #PID<0.2.0>"],
    [["register", "Echo"], 'register "Echo"'],
    [["unregister", "Echo"], 'unregister "Echo"'],
    [["call", "Kate.say", ["Hi", 1]], 'call Kate.say("Hi", 1)'],
    [["returned", "Kate.say", 2, "ok"], 'returned from Kate.say/2 -> "ok"'],
    [["exception", "Kate.say", 0, new RangeError("no")], "exception from Kate.say/0 RangeError: no"],
  ])("says %j as dbg does", (event, text) => {
    expect(line(event)).toBe(`(#PID<0.1.0>) ${text}`);
  });

  test("is one line, runs nothing of the value's, and says if there is no process", () => {
    const value = {
      text: "a\nb".repeat(60),
      get boom(): never {
        throw new Error("ran");
      },
      [Symbol.for("moebi.inspect")]: () => "ran",
    };
    const text = eventLine(undefined, ["call", "Kate.say", [value]], { viewer }, 400);
    expect(text.startsWith("(no process) call Kate.say(")).toBe(true);
    expect(text).not.toMatch(/\n|ran/);
  });
});

describe("cutColoured()", () => {
  test("counts what is seen, not colours, ends these, and parts no character", () => {
    expect(cutColoured("abcdef", 6)).toBe("abcdef");
    expect(cutColoured("abcdef", 3)).toBe("abc…");
    expect(cutColoured("\u001b[31mabc\u001b[39mdef", 4)).toBe("\u001b[31mabc\u001b[39md\u001b[0m…");
    expect(cutColoured("ab😀c", 3)).toBe("ab…");
  });
});
