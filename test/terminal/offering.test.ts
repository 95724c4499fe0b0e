import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Offer } from "../../src/shell/complete.ts";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { KeyParser } from "../../src/terminal/keys.ts";
import { sourceOf } from "../../src/terminal/buffer.ts";
import { Prompter } from "../../src/terminal/prompter.ts";

const OFFER: Offer = {
  start: 5,
  candidates: ["async", "asyncStream", "await"].map((text) => ({ text, kind: "function" })),
};

/** A prompt at which questions are answered when the test does, and what is shown there. */
function open() {
  const questions: { readonly before: string; readonly answer: PromiseWithResolvers<Offer> }[] = [];
  const keys = new KeyParser();
  const prompter = new Prompter(
    {
      parse: () => Promise.resolve({ kind: "complete" }),
      settings: () => ({ ...DEFAULT_SETTINGS, completeWhileTyping: true }),
      offer: (before) => {
        const answer = Promise.withResolvers<Offer>();
        questions.push({ before, answer });
        return answer.promise;
      },
    },
    {
      onChange: () => undefined,
      onSubmit: () => Promise.resolve(),
      onEdit: (source) => Promise.resolve({ source }),
      onInterrupt: () => undefined,
      onClear: () => undefined,
      onMenu: () => undefined,
      onSettings: () => Promise.resolve(),
      onSuspend: () => undefined,
    },
  );
  const read = prompter.read("statement", { first: "> ", continuation: "| " });
  return {
    read,
    type: (text: string): void => prompter.receive([...keys.push(text), ...keys.flush()]),
    asked: () => questions.map(({ before }) => before),
    answer: async (index: number, offer: Offer | Error): Promise<void> => {
      const question = questions[index]?.answer;
      if (offer instanceof Error) question?.reject(offer);
      else question?.resolve(offer);
      await vi.advanceTimersByTimeAsync(0);
    },
    shown: () => prompter.current?.state.popup?.candidates.map(({ text }) => text) ?? [],
    typed: () => prompter.current && sourceOf(prompter.current.state.buffer),
  };
}

describe("Offering", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  test("asks once for keys that come together or fast, behind them, and shows the answer", async () => {
    const { type, asked, answer, shown } = open();
    for (const key of "Task.a") type(key);
    expect(asked()).toEqual([]);
    await pass(20);
    expect(asked()).toEqual(["Task.a"]);
    await answer(0, OFFER);
    expect(shown()).toEqual(["async", "asyncStream", "await"]);
  });

  test("has one question under way, and asks for what is there when it is over; no key waits for it", async () => {
    const { type, asked, answer, shown, typed } = open();
    type("Node.p");
    await pass(20);
    type("\x15Ta");
    await pass(100);
    type("sk.a");
    await pass(100);
    expect([asked(), typed()]).toEqual([["Node.p"], "Task.a"]);
    await answer(0, { start: 5, candidates: [{ text: "ping", kind: "function" }] });
    expect(shown()).toEqual([]);
    await pass(20);
    expect(asked()).toEqual(["Node.p", "Task.a"]);
    await answer(1, OFFER);
    expect(shown()).toHaveLength(3);
  });

  test("shows nothing while an answer is late, and it when it comes, if nothing was typed since", async () => {
    const { type, asked, answer, shown } = open();
    type("Task.");
    await pass(20);
    await answer(0, OFFER);
    type("a");
    expect(shown()).toHaveLength(3);
    await pass(20);
    expect(asked()).toEqual(["Task.", "Task.a"]);
    await pass(300);
    expect(shown()).toEqual([]);
    type("s");
    expect(shown()).toEqual([]);
    await answer(1, OFFER);
    expect(shown()).toEqual(["async", "asyncStream"]);
  });

  test("asks no more after a question that failed, until the next key", async () => {
    const { type, asked, answer, shown } = open();
    type("Task.a");
    await pass(20);
    await answer(0, new Error("late"));
    await pass(10_000);
    expect([asked(), shown()]).toEqual([["Task.a"], []]);
    type("s");
    await pass(20);
    expect(asked()).toEqual(["Task.a", "Task.as"]);
  });

  test("an answer behind Enter shows nothing and changes nothing", async () => {
    const { type, read, answer, shown } = open();
    type("Task.a");
    await pass(20);
    type("\r");
    await answer(0, OFFER);
    expect([await read, shown()]).toEqual(["Task.a", []]);
  });

  test("what goes on from the last value is asked for with it, and stands where it was typed", async () => {
    const { type, asked, answer, shown, typed } = open();
    type(".si");
    await pass(20);
    expect(asked()).toEqual(["v().si"]);
    await answer(0, { start: 4, candidates: ["size", "sin"].map((text) => ({ text, kind: "property" })) });
    expect(shown()).toEqual(["size", "sin"]);
    type("\t\r");
    expect(typed()).toBe(".size");
  });
});
