import { expect, test } from "vitest";
import { alreadyStarted, StartError } from "../../src/otp/start-error.ts";
import { pidOf } from "../../src/term/pid.ts";

test("alreadyStarted() names the holder, for people and for programs", () => {
  const pid = pidOf("alex@localhost", 7, 0, 1);
  const error = alreadyStarted("Tasks", pid);
  expect(error).toBeInstanceOf(StartError);
  expect(error).toMatchObject({ code: "already_started", reason: ["already_started", pid] });
  expect(error.message).toMatch(/^"Tasks" is the name of #PID<.+> already$/);
});
