import { expect, test } from "vitest";
import { reportTermination } from "../../src/otp/server-report.ts";
import { current } from "../../src/process/context.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

test("tells why, at what, in which state, and who called from which node", async () => {
  const log: string[] = [];
  await inProcess(new Runtime({ log: ({ message }) => void log.push(message) }), () => {
    const me = current();
    const report = (handlers: object, last?: object): void =>
      reportTermination(me, handlers, { reason: "why", thrown: undefined, last: last as never });
    report({});
    report({ name: { global: "Main" }, getState: () => 7 }, { message: "m", from: pidOf("kate@localhost", 1, 0, 1) });
    const formatState = (): never => {
      throw new Error("in formatStatus");
    };
    report(
      { getState: () => 7, formatState },
      { message: "m", from: pidOf(me.runtime.name, 99_999, 0, me.runtime.creation) },
    );
  });
  expect(log[0]).toMatch(/^GenServer #PID<.*> terminating\n\*\* \(stop\) "why"$/);
  expect(log[1]).toMatch(/^GenServer \{ global: "Main" \} terminating\n/);
  expect(log[1]).toMatch(
    /\nLast message \(from #PID<.*>\): "m"\nState: 7\nClient #PID<.*> is remote on node kate@localhost$/,
  );
  expect(log[2]).toMatch(/\nState: 7\nClient #PID<.*> is dead$/);
});
