import { describe, expect, test } from "vitest";
import { loggerOf } from "../../../src/otp/logger/state.ts";
import { type LogEntry, SASL } from "../../../src/process/log.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function start() {
  const seen: LogEntry[] = [];
  const clock = new ManualClock();
  const runtime = new Runtime({ name: "a@localhost", clock, log: (entry) => seen.push(entry) });
  return { runtime, clock, logger: loggerOf(runtime), messages: () => seen.map(({ message }) => message) };
}

describe("the log of a node", () => {
  test("is one for the node, and between it and where its entries went", () => {
    const { runtime, logger, messages } = start();
    expect(loggerOf(runtime)).toBe(logger);
    runtime.log("error", "own");
    expect(messages()).toEqual(["own"]);
  });

  test("keeps to its level also for what the node itself says", () => {
    const { runtime, logger, messages } = start();
    logger.configure({ level: "error" });
    runtime.log("warning", "low");
    runtime.log("error", "high");
    logger.configure({ level: "none" });
    runtime.log("emergency", "nothing");
    expect(messages()).toEqual(["high"]);
  });

  test("what a supervisor says of its children is left out unless asked for, as the child has said it", () => {
    const { runtime, logger, messages } = start();
    runtime.log("error", "the supervisor's first", undefined, SASL);
    runtime.log("error", "the child's");
    logger.configure({ handleSaslReports: true });
    runtime.log("error", "the supervisor's second", undefined, SASL);
    expect(messages()).toEqual(["the child's", "the supervisor's second"]);
  });

  test("LOGGER-016: drops what is above its limit with a notice, and handlers get no more", () => {
    const { runtime, clock, logger, messages } = start();
    const handled: string[] = [];
    logger.addHandler("mine", { log: ({ message }) => handled.push(message) });
    logger.configure({ burstLimit: 2 });
    for (let i = 0; i < 100; i++) runtime.log("info", String(i));
    clock.advance(1000);
    expect(messages()).toEqual(["0", "1", "Logger dropped 98 events: more than 2 a second"]);
    expect(handled).toEqual(messages());
  });

  test("LOGGER-011: a handler that fails hurts nobody, is removed, and that is logged once", () => {
    const { runtime, logger, messages } = start();
    logger.addHandler("bad", {
      log: () => {
        throw new Error("disk");
      },
    });
    runtime.log("info", "one");
    runtime.log("info", "two");
    expect(messages()).toEqual(["one", 'The log handler "bad" failed and was removed: disk', "two"]);
    expect([...logger.handlers.keys()]).toEqual([]);
  });

  test.each([
    [{ level: "loud" }, "loud"],
    [{ colour: true }, "colour"],
    [{ truncate: -1 }, "truncate"],
    [{ handleSaslReports: 1 }, "handleSaslReports"],
    [{ format: "$nothing" }, "$nothing"],
  ])("refuses %o, and nothing has changed", (options, named) => {
    const { logger } = start();
    expect(() => logger.configure({ level: "error", ...options } as object)).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(named) as string }),
    );
    expect(logger.level).toBe("debug");
  });

  test.each([{}, { file: "" }, { log: "text" }, { log: () => undefined, level: "loud" }])(
    "refuses the handler %o",
    (options) => {
      const { logger } = start();
      expect(() => logger.addHandler("h", options as never)).toThrow(expect.objectContaining({ code: "badarg" }));
      expect(logger.handlers.size).toBe(0);
    },
  );
});
