import { describe, expect, onTestFinished, test, vi } from "vitest";
import { watchMailbox } from "../../src/process/mailbox-watch.ts";
import { Runtime } from "../../src/process/runtime.ts";

describe("watchMailbox()", () => {
  test("tells of each change, and of none once it has ended", () => {
    const runtime = new Runtime({ log: () => undefined });
    onTestFinished(() => runtime.stop());
    const { mailbox } = runtime.spawn(() => new Promise(() => undefined));
    const changed = vi.fn();
    const [process] = runtime.processes.values();
    if (process === undefined) throw new Error("There is a process");
    const stop = watchMailbox(process, changed);
    mailbox.push(1);
    mailbox.push(2);
    mailbox.take((message) => message === 3);
    expect(changed).toHaveBeenCalledTimes(2);
    mailbox.take((message) => message === 2);
    expect(changed.mock.calls.length).toBeGreaterThan(2);
    const before = changed.mock.calls.length;
    stop();
    mailbox.clear();
    expect(changed).toHaveBeenCalledTimes(before);
    expect(mailbox.length).toBe(0);
  });
});
