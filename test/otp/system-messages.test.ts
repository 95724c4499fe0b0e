import { expect, test } from "vitest";
import { answerSystem } from "../../src/otp/system-messages.ts";
import { current } from "../../src/process/context.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";

test("answers as Erlang's servers do", async () => {
  await inProcess(new Runtime({ log: () => undefined }), () => {
    const process = current();
    let state: unknown = 1;
    const handlers = {
      handleCall: () => undefined,
      handleInfo: () => undefined,
      terminate: () => undefined,
      getState: () => state,
      replaceState: (change: (state: unknown) => unknown) => (state = change(state)),
    };
    const ask = (request: unknown, asked = handlers): unknown =>
      answerSystem({ process, parent: undefined, handlers: asked, suspended: true, logged: [["in", 1]] }, request);
    expect(ask("suspend")).toBe("ok");
    expect(ask("get_state")).toEqual(["ok", 1]);
    expect(ask(["replace_state", (n: number) => n + 1])).toEqual(["ok", 2]);
    const failing = (): never => {
      throw new Error("boom");
    };
    expect(ask(["replace_state", failing])).toEqual([
      "error",
      ["callback_failed", ["sys", "replace_state"], new Error("boom")],
    ]);
    expect(ask(["replace_state", "x"])).toEqual(["error", "badarg"]);
    expect(ask(["what", 1])).toEqual(["error", ["unknown_system_msg", ["what", 1]]]);
    expect(ask("get_status")).toMatchObject([
      "status",
      process.pid,
      ["module", "GenServer"],
      {
        1: "suspended",
        2: process.pid,
        4: { 1: ["data", { 2: ["Logged events", [["in", 1]]] }], 2: ["data", [["State", 2]]] },
      },
    ]);
  });
});
