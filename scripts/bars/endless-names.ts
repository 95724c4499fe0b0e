/** B11: pids, references and names without end, and pings of nodes that there are not. Nothing of them is kept. */
import { type Bar, MB, sleep } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

/** Of each of four kinds: 2,000,000 in all. */
const EACH = 500_000;
const PINGS = 100_000;

export const endlessNames: Bar = {
  id: "B11",
  async run(tell) {
    await using subject = await startSubject("b11");
    await using other = await startSubject("b11_other");
    await other.ask("connect", subject.name);
    const before = await subject.figures();
    await other.ask("identifiers", { to: subject.name, count: EACH });
    await sleep(1_000);
    const named = await subject.figures();
    const more = (now: number, then: number): number => (now - then) / MB;
    tell({
      what: "2,000,000 pids, references and names: heap",
      measured: more(named.heap, before.heap),
      unit: "MB more",
    });
    tell({ what: "RSS", measured: more(named.rss, before.rss), unit: "MB more", most: 64 });
    const answered = await subject.ask("pingNobody", PINGS);
    const after = await subject.figures();
    tell({ what: "100,000 pings of nobody: answered", measured: answered, unit: "", exactly: 0 });
    tell({ what: "heap", measured: more(after.heap, before.heap), unit: "MB more" });
    tell({ what: "RSS", measured: more(after.rss, before.rss), unit: "MB more", most: 64 });
    tell({
      what: "the peer is still there, of 1",
      measured: await subject.ask("reach", [other.name]),
      unit: "",
      exactly: 1,
    });
  },
};
