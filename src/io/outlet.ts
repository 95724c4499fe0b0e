/** What a process prints at a leader of another node, on its way there. */
import { sendFrom } from "../process/destination.ts";
import { DeadProcessError } from "../process/exit.ts";
import type { Process, Unsent, Waiting } from "../process/process.ts";
import type { Pid } from "../term/pid.ts";
import { put } from "./ask.ts";
import { ioRequest } from "./io-protocol.ts";

/** So many answers may be out before what is printed is put together. */
const FEW = 32;
/** So many may be out before what was put together waits too. */
const MOST = 64;
/** How much is put together, in UTF-16 units. */
const PIECE = 32 * 1024;
/** How much of what a process leaves behind goes before its end is told; the rest follows as it is taken. */
const LAST = 1024 * 1024;

/** Lines that go in one request. */
interface Piece {
  readonly leader: Pid;
  lines: string[];
  length: number;
  readonly done: PromiseWithResolvers<"ok">;
}

const outlets = new WeakMap<Process, Outlet>();

/** Prints behind all that the process has printed before. Gives `"ok"` once it is printed, and fails as {@link put} does. */
export function printAfar(process: Process, leader: Pid, text: string): Promise<"ok"> {
  let outlet = outlets.get(process);
  if (outlet === undefined) outlets.set(process, (outlet = new Outlet(process)));
  return outlet.print(leader, text);
}

/**
 * A request takes a kilobyte at each end until it is answered, and a loop that awaits nothing makes a million of them.
 * So once many answers are out, lines are put together; and while yet more are, or the connection is busy, they wait here, as
 * text. Whatever else the process sends goes behind them, and so does its end.
 */
class Outlet implements Unsent, Waiting {
  readonly #process: Process;
  #unanswered = 0;
  #pieces: Piece[] = [];
  #wait = 0;
  #scheduled = false;
  /** It goes on once a connection has room. */
  #held = false;

  constructor(process: Process) {
    this.#process = process;
  }

  print(leader: Pid, text: string): Promise<"ok"> {
    if (this.#pieces.length === 0 && (!this.#process.alive || (this.#unanswered < FEW && !this.#isBusy(leader))))
      return this.#send(leader, text);
    const last = this.#pieces.at(-1);
    const piece = last?.leader === leader && last.length < PIECE ? last : this.#begin(leader);
    piece.lines.push(text);
    piece.length += text.length;
    if (piece.length >= PIECE) {
      piece.lines = [piece.lines.join("")];
      this.#pump();
    } else this.#schedule();
    return piece.done.promise;
  }

  /** Sends all that a connection takes. */
  flush(): void {
    this.#pump(Infinity);
  }

  /** The process has ended, and nobody has heard of it yet. */
  end(): void {
    const pieces = this.#take();
    const process = this.#process;
    const { runtime } = process;
    const dead = new DeadProcessError();
    let sent = 0;
    let count = 0;
    for (const { leader, lines, length, done } of pieces) {
      done.reject(dead);
      if (sent > LAST) continue;
      count++;
      sent += length;
      sendFrom(process, leader, ioRequest(process.pid, runtime.makeRef(), ["put_chars", "unicode", lines.join("")]));
    }
    if (count < pieces.length && !runtime.stopped) this.#leave(pieces.slice(count));
  }

  /** Has another process print what is much. */
  #leave(pieces: readonly Piece[]): void {
    const { runtime, leader: own } = this.#process;
    const printing = async (): Promise<void> => {
      for (const { leader, lines } of pieces) await put(heir, leader, lines.join("")).catch(() => undefined);
    };
    const heir: Process = runtime.spawn(printing, { leader: own, initialCall: "IO.write/1" });
  }

  /** A person has stopped what the process does: what was not sent is not wanted any more. */
  abandon(error: unknown): void {
    for (const { done } of this.#take()) done.reject(error);
  }

  #begin(leader: Pid): Piece {
    const piece: Piece = { leader, lines: [], length: 0, done: Promise.withResolvers() };
    // Its failure is for whoever awaits it.
    piece.done.promise.catch(() => undefined);
    if (this.#pieces.push(piece) === 1) {
      this.#wait = this.#process.waitFor(this);
      this.#process.unsent = this;
    }
    return piece;
  }

  #take(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#process.unsent = undefined;
    this.#process.waitedFor(this.#wait);
    return pieces;
  }

  /** What comes in one turn goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#unanswered >= MOST) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(most = MOST): void {
    const process = this.#process;
    if (this.#pieces.length === 0) return;
    // What is sent here is no reason to send it.
    process.unsent = undefined;
    let taken = 0;
    for (const { leader, lines, done } of this.#pieces) {
      if (this.#unanswered >= most || this.#isBusy(leader)) break;
      taken++;
      this.#send(leader, lines.join("")).then(done.resolve, done.reject);
    }
    if (taken > 0) this.#pieces = this.#pieces.slice(taken);
    if (this.#pieces.length > 0) process.unsent = this;
    else process.waitedFor(this.#wait);
  }

  #send(leader: Pid, text: string): Promise<"ok"> {
    this.#unanswered++;
    const done = put(this.#process, leader, text);
    const answered = (): void => {
      this.#unanswered--;
      if (this.#pieces.length > 0) this.#pump();
    };
    done.then(answered, answered);
    return done;
  }

  /** Whether the connection has its fill. */
  #isBusy(leader: Pid): boolean {
    const { router } = this.#process.runtime;
    if (router?.state(leader.node) !== "busy") return false;
    if (this.#held) return true;
    this.#held = true;
    void router.drained(leader.node)?.then(() => {
      this.#held = false;
      this.#pump();
    });
    return true;
  }
}
