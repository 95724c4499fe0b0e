import { describe, expect, test } from "vitest";
import { Exit, exitedIn } from "../../src/process/exit.ts";
import { formatExit, formatThrown as format, type ThrownOptions } from "../../src/process/format-exit.ts";
import { nameModule } from "../../src/term/module-name.ts";
import { NONODE, pidOf } from "../../src/term/pid.ts";
import { ESCAPE_SEQUENCES, isHarmless } from "../support/escape-sequences.ts";

const NO_PROCESS =
  "no process: the process is not alive or there's no process currently associated with the given name, possibly because its application isn't started";

/** An error whose stack holds these frames only. */
function failed(error: Error, ...frames: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

/** The frames here are of no session: one of another test may have a statement 4 as well. */
function formatThrown(value: unknown, options: ThrownOptions = {}): string {
  return format(value, { place: () => undefined, ...options });
}

const Chat = { receiveMessage: (text: string) => text };
nameModule(Chat, "Chat");

describe("formatExit()", () => {
  test.each<[unknown, string]>([
    ["normal", "normal"],
    ["shutdown", "shutdown"],
    [["shutdown", "tired"], 'shutdown: "tired"'],
    ["killed", "killed"],
    ["noproc", NO_PROCESS],
    ["noconnection", "no connection"],
    [["nodedown", "gone@localhost"], "no connection to gone@localhost"],
    ["timeout", "time out"],
    ["calling_self", "process attempted to call itself"],
    [["bad_return_value", "bad"], 'bad return value: "bad"'],
    [["already_started", pidOf(NONODE, 9, 0, 0)], "already started: #PID<0.9.0>"],
    ["kill", '"kill"'],
    [["a", "b", "c"], '["a", "b", "c"]'],
    [["error", ["lower", "case", []]], '["error", ["lower", "case", []]]'],
    [{ toString: 1 }, "{ toString: 1 }"],
  ])("says %o in Elixir's words", (reason, text) => {
    expect(formatExit(reason)).toBe(text);
  });

  test("says which call failed, and why below", () => {
    const reason = ["timeout", ["Task", "await", [pidOf(NONODE, 151, 0, 0), 50]]];
    expect(formatExit(reason)).toBe("exited in: Task.await(#PID<0.151.0>, 50)\n    ** (EXIT) time out");
  });

  test("sets calls inside calls further in", () => {
    const reason = [
      ["noproc", ["GenServer", "call", ["x"]]],
      ["Task", "await", []],
    ];
    expect(formatExit(reason)).toBe(
      `exited in: Task.await()\n    ** (EXIT) exited in: GenServer.call("x")\n        ** (EXIT) ${NO_PROCESS}`,
    );
  });

  test("shows an error with its stack", () => {
    const error = failed(new RangeError("boom"), "Job.boom (/app/job.ts:4:11)");
    expect(formatExit(error)).toBe(
      "an exception was raised:\n    ** (RangeError) boom\n        at Job.boom (/app/job.ts:4:11)",
    );
    expect(formatExit([error, ["GenServer", "call", []]])).toBe(
      "exited in: GenServer.call()\n    ** (EXIT) an exception was raised:\n        ** (RangeError) boom\n            at Job.boom (/app/job.ts:4:11)",
    );
  });

  test("shows what was thrown without being an error, and a function that is not there", () => {
    expect(formatExit(["nocatch", "ball"])).toBe('an exception was raised:\n    ** (throw) "ball"');
    expect(formatExit(["undef", [["Nope", "nope", [1], []]]])).toBe(
      "an exception was raised:\n    ** (UndefinedFunctionError) function Nope.nope/1 is undefined\n        Nope.nope(1)",
    );
  });

  test("says which child failed to start", () => {
    expect(formatExit(["shutdown", ["failed_to_start_child", "broken", "refused"]])).toBe(
      'shutdown: failed to start child: "broken"\n    ** (EXIT) "refused"',
    );
  });

  test("ends on a reason nested without end", () => {
    let reason: unknown = "x";
    for (let i = 0; i < 10_000; i++) reason = ["EXIT", reason];
    expect(formatExit(reason).length).toBeLessThan(1000);
  });
});

describe("formatThrown()", () => {
  test("shows a failed call as the transcript of the chat does", () => {
    const thrown = exitedIn(["nodedown", "nobody@localhost"], "Task.Supervisor", "async", [
      ["Chat.TaskSupervisor", "nobody@localhost"],
      Chat,
      "receiveMessage",
      ["hi"],
    ]);
    expect(formatThrown(thrown)).toBe(
      '** (exit) exited in: Task.Supervisor.async(["Chat.TaskSupervisor", "nobody@localhost"], Chat, "receiveMessage", ["hi"])\n' +
        "    ** (EXIT) no connection to nobody@localhost",
    );
  });

  test("shows exits and throws as iex does", () => {
    expect(formatThrown(new Exit("normal"))).toBe("** (exit) normal");
    expect(formatThrown(new Exit("reason"))).toBe('** (exit) "reason"');
    expect(formatThrown("ball")).toBe('** (throw) "ball"');
  });

  test("IEX-005: shows kind, message and the user's frames", () => {
    const error = failed(new TypeError("x is not a function"), "sayName (moebi(3):2:5)", "moebi(4):1:6", "node:vm:1:1");
    const typed = "** (TypeError) x is not a function\n    at sayName (moebi(3):2:5)";
    expect(formatThrown(error, { belowStatement: true })).toBe(typed);
    // A log stands anywhere, so that it has to say of which statement it tells.
    expect(formatThrown(error)).toBe(`${typed}\n    at moebi(4):1:6`);
  });

  test("a function without a name is a place alone, and an error that was raised again says once what it says", () => {
    const error = failed(new RangeError("x"), "<anonymous> (/app/a.ts:1:2)");
    expect(formatThrown(error)).toBe("** (RangeError) x\n    at /app/a.ts:1:2");
    const there = failed(new RangeError("x", { cause: "deep" }), "on kate@localhost", "f (/app/k.ts:1:1)");
    const again = failed(new RangeError("x", { cause: there }));
    expect(formatThrown(again)).toBe(
      '** (RangeError) x\n    on kate@localhost\n    at f (/app/k.ts:1:1)\n    caused by ** (throw) "deep"',
    );
  });

  test("keeps the lines of a message, set off", () => {
    const error = failed(
      new ReferenceError("Hello is not defined\nmodule Hello is not loaded on bar@localhost"),
      "moebi(1):1:1",
    );
    expect(formatThrown(error, { belowStatement: true })).toBe(
      "** (ReferenceError) Hello is not defined\n  module Hello is not loaded on bar@localhost",
    );
  });

  test("shows causes and the errors of an aggregate, each once", () => {
    const inner = failed(new TypeError("inner"), "parse (/app/a.ts:1:1)");
    const outer = failed(new Error("outer", { cause: inner }), "load (/app/b.ts:2:2)");
    inner.cause = outer;
    expect(formatThrown(outer)).toBe(
      "** (Error) outer\n    at load (/app/b.ts:2:2)\n    caused by ** (TypeError) inner\n        at parse (/app/a.ts:1:1)\n        caused by [Circular]",
    );
    const all = failed(new AggregateError([failed(new Error("a")), "b"], "all"));
    expect(formatThrown(all)).toBe('** (AggregateError) all\n    * ** (Error) a\n    * ** (throw) "b"');
  });

  test("shows the line that the nearest of the user's own frames points at, if it is known", () => {
    const error = failed(new Error("x"), "g (/app/node_modules/b.js:1:1)", "f (moebi(2):3:5)", "h (moebi(1):1:1)");
    const excerpt = ({ line }: { line?: number | undefined }) => ({ line: line ?? 0, text: "  a\x1b.b()", column: 5 });
    expect(formatThrown(error, { excerpt })).toBe(
      [
        "** (Error) x",
        "    at g (/app/node_modules/b.js:1:1)",
        "    at f (moebi(2):3:5)",
        "      3 |   a\\x1b.b()",
        "        |     ^",
        "    at h (moebi(1):1:1)",
      ].join("\n"),
    );
    const typed = failed(new Error("x"), "moebi(2):3:5");
    expect(formatThrown(typed, { belowStatement: true })).toBe("** (Error) x");
    expect(formatThrown(typed, { excerpt, belowStatement: true })).toContain("\n      3 |   a");
    const far = failed(new Error("x"), "on kate@localhost", "f (moebi(2):3:5)");
    expect(formatThrown(far, { excerpt })).toBe("** (Error) x\n    on kate@localhost\n    at f (moebi(2):3:5)");
  });

  test("makes the head red and everything dim but the user's own frames, where colours are asked for", () => {
    const error = failed(new Error("x"), "f (/app/a.ts:1:1)", "g (/app/node_modules/b/b.js:1:1)");
    expect(formatThrown(error, { colors: true })).toBe(
      "\x1b[91m** (Error) x\x1b[39m\n    at f (/app/a.ts:1:1)\n    \x1b[2mat g (/app/node_modules/b/b.js:1:1)\x1b[22m",
    );
  });

  test("B17, O3: escapes messages, names, stacks, reasons and nodes", () => {
    for (const s of ESCAPE_SEQUENCES) {
      const named = Object.assign(failed(new Error(s), `${s} (${s}:1:1)`), { name: s, cause: s });
      const values = [
        s,
        new Error(s),
        named,
        new Exit(["nodedown", s]),
        new Exit(["timeout", [s, s, [s]]]),
        new Exit(named),
        ["nocatch", s],
      ];
      for (const value of values) {
        expect(isHarmless(formatThrown(value, { colors: true }))).toBe(true);
        expect(isHarmless(formatExit(value))).toBe(true);
      }
    }
  });

  test("does not run or fail on a hostile value", () => {
    const never = (): never => expect.unreachable();
    const proxy = new Proxy(new Error("x"), { get: never, getOwnPropertyDescriptor: never, getPrototypeOf: never });
    expect(formatThrown(proxy)).toBe("** (throw) [Proxy]");
    expect(formatExit(["a", proxy])).toBe('["a", [Proxy]]');
    const throwing = Object.defineProperty(new Error("x"), "stack", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(formatThrown(throwing)).toBe("** (Error) x");
  });
});
