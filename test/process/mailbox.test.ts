import { describe, expect, test } from "vitest";
import { Mailbox } from "../../src/process/mailbox.ts";
import { numbers } from "../support/processes.ts";

function filled(count: number): Mailbox {
  const mailbox = new Mailbox();
  for (const n of numbers(count)) mailbox.push(n);
  return mailbox;
}

describe("Mailbox", () => {
  test("gives messages in the order they came, however many, and is empty afterwards", () => {
    const mailbox = filled(5000);
    expect(numbers(5000).map(() => mailbox.shift())).toEqual(numbers(5000));
    expect(mailbox.length).toBe(0);
    mailbox.push("again");
    expect(mailbox.toArray()).toEqual(["again"]);
  });

  test("takes one from the front, the middle and the end, and the others keep their order", () => {
    const mailbox = filled(5);
    for (const wanted of [0, 2, 4]) expect(mailbox.take((m) => m === wanted)).toEqual({ message: wanted });
    expect(mailbox.take((m) => m === 9)).toBeUndefined();
    expect(mailbox.toArray()).toEqual([1, 3]);
  });

  test("tells an undefined message from none", () => {
    const mailbox = new Mailbox();
    mailbox.push(undefined);
    expect(mailbox.take(() => true)).toEqual({ message: undefined });
    expect(mailbox.take(() => true)).toBeUndefined();
  });

  test("drops what is told, after some have been taken, and shares nothing with other empty ones", () => {
    const mailbox = filled(6);
    mailbox.shift();
    mailbox.drop((m) => (m as number) % 2 === 0);
    expect(mailbox.toArray()).toEqual([1, 3, 5]);
    mailbox.clear();
    mailbox.push("own");
    expect(new Mailbox().length).toBe(0);
  });
});
