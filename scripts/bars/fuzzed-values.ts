/** B8: values with something changed are decoded within bounds of memory and time. */
import { type Bar } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const COUNT = 100_000;

export const fuzzedValues: Bar = {
  id: "B8",
  async run(tell) {
    await using subject = await startSubject("b8");
    const seed = Math.floor(Math.random() * 2 ** 32);
    tell({ what: "100,000 fuzzed values, seed", measured: seed, unit: "" });
    const { refused, strange, bytes, time } = await subject.ask("decodeFuzzed", { count: COUNT, seed });
    tell({ what: "refused", measured: refused, unit: "", least: COUNT / 10 });
    tell({ what: "refused otherwise than with bad_frame", measured: strange, unit: "", exactly: 0 });
    tell({ what: "memory of one at most, in shares of 64 × input + 1 MB", measured: bytes, unit: "", most: 1 });
    tell({ what: "time of one at most, in shares of 5 ms + 1 µs a byte", measured: time, unit: "", most: 1 });
  },
};
