import { describe, expect, test } from "vitest";
import {
  applyMfa,
  asOrder,
  asStartTask,
  mfaOf,
  type Mfa,
  orderMessage,
  running,
  splitCall,
  startRequest,
  withInput,
} from "../../src/otp/task-protocol.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { atom } from "../../src/term/atom.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";
import { tuple } from "../../src/term/tuple.ts";

const pid = pidOf("alex@localhost", 7, 0, 1);
const ref = refOf("alex@localhost", 1, 9);
const owner = ["alex@localhost", pid, pid] as const;
const mfa: Mfa = ["Job", "run", [1]];

describe("calls as data", () => {
  test("run as they were meant", () => {
    const runtime = new Runtime();
    runtime.modules.define("Job", { run: (...args: number[]) => args });
    expect(applyMfa(runtime, mfa)).toEqual([1]);
    expect(applyMfa(runtime, withInput(mfa, 0))).toEqual([0, 1]);
    expect(
      applyMfa(
        runtime,
        mfaOf(() => 5),
      ),
    ).toBe(5);
    expect(
      applyMfa(
        runtime,
        withInput(
          mfaOf((n: number) => n + 1),
          5,
        ),
      ),
    ).toBe(6);
    expect(() => applyMfa(runtime, ["Job", "walk", []])).toThrow("Job.walk/0 is undefined");
  });

  test("say what they run", () => {
    const fn = (): number => 1;
    expect(running(mfa)).toEqual({ fun: "Job.run/1", args: [1] });
    expect(running(mfaOf(fn))).toEqual({ fun: fn, args: [] });
  });

  test("are told from their options", () => {
    const fn = (): number => 1;
    expect(splitCall<{ a: number }>([fn, { a: 1 }], "It", ["a"])).toEqual({ call: [fn], options: { a: 1 } });
    expect(splitCall<{ a: number }>(["Job", "run", [1], { a: 1 }], "It", ["a"])).toEqual({
      call: ["Job", "run", [1]],
      options: { a: 1 },
    });
    expect(() => splitCall([fn, 5], "It", [])).toThrow("options");
  });
});

describe("Elixir's messages", () => {
  test("have its shapes", () => {
    expect(startRequest(owner, "monitor", "temporary", null)).toEqual([
      "start_task",
      [owner, "monitor"],
      "temporary",
      null,
    ]);
    expect(startRequest(owner, { callers: [pid], mfa }, "transient", 10)).toEqual([
      "start_task",
      [owner, [pid], mfa],
      "transient",
      10,
    ]);
    expect(orderMessage(pid, { ref, replyTo: ref, callers: [pid], mfa })).toEqual([pid, ref, ref, [pid], mfa]);
  });

  test("are read, from an Erlang node too", () => {
    const sent = tuple(
      atom("start_task"),
      [tuple(atom("alex@localhost"), pid, pid), atom("monitor")],
      atom("temporary"),
      atom("nil"),
    );
    expect(asStartTask(sent)).toEqual({ owner, run: undefined, restart: "temporary", shutdown: null });
    expect(asOrder(tuple(pid, ref, ref, [pid], tuple(atom("Job"), atom("run"), [1])), pid)).toEqual({
      ref,
      replyTo: ref,
      callers: [pid],
      mfa,
    });
  });

  test("are not read into anything else", () => {
    for (const request of [
      "start_task",
      ["start_task", [owner], "temporary", null],
      ["start_task", [owner, "monitor"], "sometimes", null],
      ["start_task", [owner, "monitor"], "temporary", -1],
      ["start_task", [owner, [1], mfa], "temporary", null],
      ["start_task", [owner, [], ["Job", "run"]], "temporary", null],
    ]) {
      expect(asStartTask(request)).toBeUndefined();
    }
    expect(asOrder([pid, ref, ref, [], mfa], pidOf("alex@localhost", 8, 0, 1))).toBeUndefined();
    expect(asOrder([pid, ref, "Name", [], mfa], pid)).toBeUndefined();
  });
});
