import { describe, expect, test } from "vitest";
import { exit } from "../../src/process/exit.ts";
import { alreadyStarted, StartError, startFailure, startReason } from "../../src/otp/start-error.ts";
import { pidOf } from "../../src/term/pid.ts";

test("alreadyStarted() names the holder, for people and for programs", () => {
  const pid = pidOf("alex@localhost", 7, 0, 1);
  const error = alreadyStarted("Tasks", pid);
  expect(error).toBeInstanceOf(StartError);
  expect(error).toMatchObject({ code: "already_started", reason: ["already_started", pid] });
  expect(error.message).toMatch(/^"Tasks" is the name of #PID<.+> already$/);
});

describe("startFailure()", () => {
  const thrownBy = (body: () => unknown): unknown => {
    try {
      return body();
    } catch (thrown) {
      return thrown;
    }
  };

  test("is a copy of the error, or tells the reason of an exit; startReason() finds either again", () => {
    const error = Object.assign(new TypeError("boom"), { code: "e" });
    expect(startFailure(error)).toEqual(error);
    expect(startFailure(error)).not.toBe(error);
    expect(startReason(startFailure(error))).toEqual(error);
    for (const reason of ["shutdown", ["why", 1], 7]) {
      const failure = startFailure(thrownBy(() => exit(reason)));
      expect(failure).toBeInstanceOf(StartError);
      expect(startReason(failure)).toEqual(reason);
    }
    expect(startFailure(thrownBy(() => exit(["why", 1])))).toMatchObject({ code: "why" });
    expect(startFailure(thrownBy(() => exit(7)))).toMatchObject({ code: "start_failed" });
  });
});
