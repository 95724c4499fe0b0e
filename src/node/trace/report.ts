import { sendFrom } from "../../process/destination.ts";
import type { Process } from "../../process/process.ts";
import type { Timer } from "../../process/clock.ts";
import type { Pid } from "../../term/pid.ts";
import { Allowance } from "./allowance.ts";
import { PortableViewer } from "./portable-text.ts";
import type { TraceMessage } from "./trace-types.ts";

/** What happens together is sent together. */
const SOON_MS = 20;
/** That events were left out is told once in so long. */
const MISSED_MS = 1000;
/** More lines do not wait: they are left out too, while the owner prints the last ones. */
const MOST_WAITING = 400;

/**
 * What goes from a node to whoever traces it: lines, one batch at a time, the next when the last is printed. A terminal that is
 * slow, or stands still, so holds at most two of them.
 */
export class Report {
  readonly viewer = new PortableViewer();
  private readonly process: Process;
  private readonly owner: Pid;
  private readonly allowance: Allowance;
  private lines: string[] = [];
  private underWay = false;
  private timer: Timer;
  private due = Infinity;

  constructor(process: Process, owner: Pid, rate: number) {
    const { clock } = process.runtime;
    this.process = process;
    this.owner = owner;
    this.allowance = new Allowance(rate, () => clock.now());
  }

  /** Tells the owner that there is this now: one that has given up waiting for it would not know whom to stop. */
  greet(): void {
    sendFrom(this.process, this.owner, ["trace", this.process.pid, [], [], 0] satisfies TraceMessage);
  }

  /** Whether one more event may be shown. If not, it is counted. */
  accepts(): boolean {
    const accepted = this.lines.length < MOST_WAITING ? this.allowance.take() : (this.allowance.miss(), false);
    if (!accepted) this.schedule(MISSED_MS);
    return accepted;
  }

  /** Adds the line of an event that was accepted. */
  add(line: string): void {
    this.lines.push(line);
    this.schedule(SOON_MS);
  }

  /** The owner has printed what it got. */
  printed(): void {
    this.underWay = false;
    if (this.lines.length > 0) this.schedule(SOON_MS);
    else if (this.allowance.hasMissed) this.schedule(MISSED_MS);
  }

  /** Sends what there is, however busy the owner is. */
  flush(): void {
    const { process, lines } = this;
    const missed = this.allowance.takeMissed();
    this.unschedule();
    if (lines.length === 0 && missed === 0) return;
    this.lines = [];
    this.underWay = true;
    const message: TraceMessage = ["trace", process.pid, lines, this.viewer.take(), missed];
    if (process.alive) sendFrom(process, this.owner, message);
  }

  unschedule(): void {
    if (this.due !== Infinity) this.process.runtime.clock.clearTimeout(this.timer);
    this.due = Infinity;
  }

  private schedule(ms: number): void {
    const { clock } = this.process.runtime;
    const due = clock.now() + ms;
    if (this.underWay || this.due <= due) return;
    this.unschedule();
    this.due = due;
    this.timer = clock.setTimeout(() => {
      this.due = Infinity;
      this.flush();
    }, ms);
  }
}
