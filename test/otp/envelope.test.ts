import { describe, expect, test } from "vitest";
import {
  asCall,
  asCast,
  asSystem,
  callMessage,
  castMessage,
  isDown,
  isExitMessage,
  isReply,
  replyMessage,
  systemMessage,
} from "../../src/otp/envelope.ts";
import { atom } from "../../src/term/atom.ts";
import { pidOf } from "../../src/term/pid.ts";
import { refOf } from "../../src/term/ref.ts";
import { tuple } from "../../src/term/tuple.ts";

const pid = pidOf("alex@localhost", 7, 0, 1);
const ref = refOf("alex@localhost", 1, 9);

describe("envelopes", () => {
  test("are taken apart as they were put together", () => {
    expect(asCall(callMessage([pid, ref], "now"))).toEqual({ from: [pid, ref], request: "now" });
    expect(asSystem(systemMessage([pid, ref], "stop"))).toEqual({ from: [pid, ref], request: "stop" });
    expect(asCast(castMessage("now"))).toEqual({ request: "now" });
    expect(isReply(replyMessage(ref, 1), ref)).toBe(true);
  });

  test("have Erlang's shapes, and are known by atoms and tuples too", () => {
    expect(callMessage([pid, ref], 1)).toEqual(["$gen_call", [pid, ref], 1]);
    expect(castMessage(1)).toEqual(["$gen_cast", 1]);
    expect(asCall(tuple(atom("$gen_call"), tuple(pid, ref), 1))).toMatchObject({ request: 1 });
  });

  test("are not seen in what only looks like one", () => {
    for (const message of [
      "$gen_call",
      ["$gen_call", [pid], 1],
      ["$gen_call", [pid, 1], 1],
      ["$gen_call", [pid, ref]],
      null,
    ]) {
      expect(asCall(message)).toBeUndefined();
    }
    expect(asCast(["$gen_call", 1])).toBeUndefined();
    expect(isReply([ref, 1, 2], ref)).toBe(false);
    expect(isDown(["DOWN", ref, "process", pid, "normal"], refOf("alex@localhost", 1, 10))).toBe(false);
    expect(isDown(["DOWN", ref, "process", pid, "normal"])).toBe(true);
    expect(isExitMessage(["EXIT", pid, "normal"], pid)).toBe(true);
    expect(isExitMessage(["EXIT", 1, "normal"])).toBe(false);
  });
});
