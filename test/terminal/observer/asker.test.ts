import { describe, expect, test } from "vitest";
import { Asker } from "../../../src/terminal/observer/asker.ts";
import type { Question } from "../../../src/terminal/observer/model.ts";
import { settled } from "../../support/manual-clock.ts";

/** Three questions, with what was asked, and the answers to be given. */
function opened() {
  const sent: Question[0][] = [];
  const waiting = new Map<Question[0], () => void>();
  const asked: Question[] = [["summary"], ["events", 0], ["processes", {}]];
  const asker = new Asker({
    questions: () => asked,
    ask: (question) => {
      sent.push(question[0]);
      return new Promise((resolve) => waiting.set(question[0], resolve));
    },
  });
  /** Answers what waits, once, one after the other. */
  const answered = async (): Promise<void> => {
    for (const [fun, resolve] of [...waiting]) {
      waiting.delete(fun);
      resolve();
      await settled();
    }
  };
  return { asker, asked, sent, answered };
}

describe("Asker", () => {
  test("asks one at a time of each function, and once more what was to be asked meanwhile", async () => {
    const { asker, sent, answered } = opened();
    asker.all();
    asker.all();
    asker.all();
    expect(sent).toEqual(["summary", "events", "processes"]);
    await answered();
    expect(sent.slice(3)).toEqual(["summary", "events", "processes"]);
  });

  test("comes to rest: answers set no questions going but what waited for them", async () => {
    const { asker, sent, answered } = opened();
    asker.all();
    asker.all();
    for (let round = 0; round < 5; round++) await answered();
    expect(sent).toHaveLength(6);
    asker.all();
    expect(sent).toHaveLength(9);
  });

  test("asks no more what is not to be known any more", async () => {
    const { asker, asked, sent, answered } = opened();
    asker.all();
    asker.all();
    asked.pop();
    await answered();
    expect(sent.slice(3)).toEqual(["summary", "events"]);
  });
});
