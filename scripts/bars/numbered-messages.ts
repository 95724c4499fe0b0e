/** L5: five nodes send numbered messages to one process, all at once. */
import { type Bar, timed } from "./bar.ts";
import { startSubject, type Subject } from "./run-subject.ts";

const SENDERS = 5;
const EACH = 100_000;

export const numberedMessages: Bar = {
  id: "L5",
  async run(tell) {
    await using receiver = await startSubject("l5");
    const senders: Subject[] = [];
    try {
      for (let i = 0; i < SENDERS; i++) senders.push(await startSubject(`l5_${String(i)}`));
      const from = senders.map(({ name }) => name);
      let arrived = { came: 0, wrong: 0 };
      const ms = await timed(async () => (arrived = await receiver.ask("numbers", { from, each: EACH })));
      tell({ what: "5 × 100,000 numbered messages to one process, after", measured: ms / 1_000, unit: "s" });
      tell({ what: "came", measured: arrived.came, unit: "", exactly: SENDERS * EACH });
      tell({ what: "not the next of their sender", measured: arrived.wrong, unit: "", exactly: 0 });
    } finally {
      for (const sender of senders) await sender[Symbol.asyncDispose]();
    }
  },
};
