import { escapeControls } from "../term/escape.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { isNodeName } from "../node/node-name.ts";
import { runAs } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { formatExit } from "../process/format-exit.ts";
import { watchMailbox } from "../process/mailbox-watch.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Device, StatementPrompts } from "./device.ts";
import {
  asIoRequest,
  EOF,
  type IoError,
  ioReply,
  type IoRequest,
  isRead,
  isShown,
  type PryAllowed,
  type PryRequest,
  withdrawnIn,
} from "./io-protocol.ts";
import { OutputFilter } from "./output-filter.ts";
import { type Holder, PryQueue } from "./pry-queue.ts";

export interface GroupOptions {
  /** Prints what other nodes send as it is. Off: their output can't take over the terminal. */
  readonly raw?: boolean;
  /** The name it is registered under, such as `user`. */
  readonly name?: string;
}

/**
 * A group leader: the process through which others print and read. Output is served in the order it comes, whatever
 * is being read; each read waits by itself, and is given up when the one who asked exits or no longer waits.
 */
export function startGroup(runtime: Runtime, device: Device, options: GroupOptions = {}): Process {
  const group = new Group(runtime, device, options);
  const process = runtime.spawn(() => group.loop(), { initialCall: "Group.loop/0" });
  process.trapExit = true;
  group.process = process;
  groups.set(process, group);
  if (options.name !== undefined) runtime.register(process, options.name);
  return process;
}

const groups = new WeakMap<Process, Group>();

/** Who has the prompt to look into a process, at a leader of this node; `undefined` if nobody has. */
export function pryingAt(runtime: Runtime, leader: Pid): Holder | undefined {
  const process = runtime.find(leader);
  return process && groups.get(process)?.prys.current;
}

/** How many statements a leader of this node has read so far; `undefined` for another node's. */
export function statementsReadAt(runtime: Runtime, leader: Pid): number | undefined {
  const process = runtime.find(leader);
  return process && groups.get(process)?.statements;
}

/** Lets the terminal of a leader of this node send SIGINT; see `Device.signals`. `undefined` where there is none. */
export function signalsAt(runtime: Runtime, leader: Pid): ((on: boolean) => void) | undefined {
  const process = runtime.find(leader);
  return process && groups.get(process)?.signals;
}

/** What a person types who allows something. */
const YES = /^\s*(?:y|yes)?\s*$/iu;
/** When the mailbox has grown by so many requests, those who print do not wait for their answers. */
const MANY = 10_000;
const MOST_UNANSWERED = 100;

/** How many remote processes' streams are told apart at once; the oldest is forgotten. */
const STREAMS = 1000;

class Group {
  process!: Process;
  readonly prys = new PryQueue();
  private readonly runtime: Runtime;
  private readonly device: Device;
  private readonly raw: boolean;
  private readonly filters = new Map<Pid, OutputFilter>();
  /** What ends each read before its time. */
  private readonly reads = new Map<Ref, AbortController>();
  /** How many statements have been read. */
  statements = 0;
  /** What was read and not wanted yet: characters after the ones asked for. */
  private leftover = "";
  /** How many answers each process has to come. */
  private readonly unanswered = new Map<Pid, number>();
  /** Whether requests are served without waiting for the device, and how few have waited since that began or ended. */
  private overrun = false;
  private least = Infinity;
  /** The node whose shell was read for last. */
  private home: NodeName | undefined = undefined;
  /** The prompts that a statement is to have which is read below one that looks into a process. */
  private promptsBelow: StatementPrompts | undefined = undefined;

  constructor(runtime: Runtime, device: Device, options: GroupOptions) {
    this.runtime = runtime;
    this.device = device;
    this.raw = options.raw ?? false;
  }

  /** Those of a terminal that somebody is at. */
  get signals(): ((on: boolean) => void) | undefined {
    return this.device.kind === "plain" ? undefined : (on) => this.device.signals(on);
  }

  async loop(): Promise<never> {
    const { mailbox } = this.process;
    for (;;) {
      await this.hear(await take(this.process, undefined));
      // At once, or those who print more each time than is served in a turn would never be caught up with.
      while (this.overrun && mailbox.length > 0) {
        const busy = this.hear(mailbox.shift());
        if (busy !== undefined) await busy;
      }
    }
  }

  /** Takes a message. Gives a promise if the next is to wait. */
  private hear(message: unknown): void | Promise<void> {
    const withdrawn = withdrawnIn(message);
    if (withdrawn !== undefined) this.reads.get(withdrawn)?.abort(new Error("The one who asked no longer waits"));
    const asked = asIoRequest(message);
    if (asked === undefined) return undefined;
    const { from, reply, request } = asked;
    const answer = (value: unknown): void =>
      runAs(this.process, () => sendFrom(this.process, reply, ioReply(reply, value)));
    if (isRead(request) || isShown(request)) {
      void this.read(from, request, reply).then(answer);
      return undefined;
    }
    if (request[0] !== "put_chars" && request[0] !== "put_error") return this.serve(from, request).then(answer);
    const room = this.put(from, request);
    if (room === undefined) answer("ok");
    else if (this.device.leavesOut === true) return this.holdBack(from, room, answer);
    else return room.then(() => answer("ok"));
  }

  /**
   * Holds back the answer until there is room, and with it whoever waits for it. Who has many answers to come waits for
   * none of them, and each costs memory: the answer comes at once.
   */
  private holdBack(from: Pid, room: Promise<void>, answer: (value: unknown) => void): void | Promise<void> {
    const held = this.unanswered.get(from) ?? 0;
    if (held >= MOST_UNANSWERED) answer("ok");
    else {
      this.unanswered.set(from, held + 1);
      void room.then(() => {
        this.unanswered.delete(from);
        answer("ok");
      });
    }
    return this.unlessOverrun(room);
  }

  /**
   * Waits until there is room for more. Not while output comes faster than it is taken from those who do not wait for
   * their answers, whom nothing holds back: the mailbox would grow and grow.
   */
  private unlessOverrun(room: Promise<void>): void | Promise<void> {
    const { mailbox } = this.process;
    if (this.overrun) {
      if (mailbox.length >= MANY) return undefined;
      this.overrun = false;
      this.least = Infinity;
    }
    const grown = Promise.withResolvers<void>();
    const look = (): void => {
      this.least = Math.min(this.least, mailbox.length);
      if (mailbox.length <= this.least + MANY) return;
      this.overrun = true;
      grown.resolve();
    };
    const unwatch = watchMailbox(this.process, look);
    return Promise.race([room, grown.promise]).then(unwatch);
  }

  /** Prints. Gives a promise while the device pushes back. */
  private put(
    from: Pid,
    [kind, , text]: IoRequest & readonly ["put_chars" | "put_error", ...unknown[]],
  ): void | Promise<void> {
    const shown = this.filtered(from, String(text));
    if (kind === "put_chars") return this.device.write(this.tinted(from, shown));
    return (this.device.writeError ?? this.device.write).call(this.device, shown);
  }

  /** Everything that does not wait for a person. */
  private async serve(from: Pid, request: IoRequest): Promise<unknown> {
    switch (request[0]) {
      case "put_chars":
      case "put_error":
        await this.put(from, request);
        return "ok";
      case "get_geometry":
        return (
          (request[1] === "columns" ? this.device.columns : this.device.rows) ??
          (["error", "enotsup"] satisfies IoError)
        );
      case "set_prompts":
        if (this.prys.current === undefined) this.device.setPrompts?.(request[1]);
        else this.promptsBelow = request[1];
        return "ok";
      case "put_report":
        if (this.device.report === undefined) return ["error", "enotsup"] satisfies IoError;
        this.device.report(request[1]);
        return "ok";
      case "clear":
        this.device.clear();
        return this.device.kind !== "plain" ? "ok" : (["error", "enotsup"] satisfies IoError);
      case "copy":
        if (this.device.copy === undefined) return ["error", "enotsup"] satisfies IoError;
        if (!this.atHome(from)) return ["error", "eacces"] satisfies IoError;
        return this.device.copy(String(request[2])) ?? "ok";
      case "requests": {
        let last: unknown = "ok";
        for (const one of request[1]) last = await (isRead(one) ? this.read(from, one) : this.serve(from, one));
        return last;
      }
      default:
        return ["error", "request"] satisfies IoError;
    }
  }

  private async read(from: Pid, request: IoRequest, reply?: Ref): Promise<unknown> {
    const gone = new AbortController();
    if (reply !== undefined) this.reads.set(reply, gone);
    const watch = monitor(this.process, from, {}, { onDown: () => gone.abort(new Error("The one who asked is gone")) });
    try {
      return (await this.readOne(request, from, gone.signal)) ?? EOF;
    } catch {
      return ["error", "terminated"] satisfies IoError;
    } finally {
      if (reply !== undefined) this.reads.delete(reply);
      if (this.process.alive) demonitor(this.process, watch);
    }
  }

  private async readOne(request: IoRequest, from: Pid, signal: AbortSignal): Promise<unknown> {
    if (request[0] === "edit") return this.edit(request[1], request[2], from, signal);
    if (request[0] === "pry") return this.pry(request[1], from, signal);
    if (request[0] === "get_evaluation") {
      if (this.device.readEvaluation === undefined) return ["error", "enotsup"] satisfies IoError;
      return this.device.readEvaluation(signal);
    }
    if (request[0] === "observe") return this.observe(request[1], from, signal);
    if (request[0] === "settings") return this.settings(from, signal);
    if (request[0] === "page") return this.page(this.filtered(from, String(request[2])), from, signal);
    if (request[0] === "get_statement") {
      // Whoever looks into a process is not interrupted by the shell.
      if (request[2] !== "pry") await this.prys.idle(signal);
      this.home = from.node;
      const statement = await this.device.readStatement(request[1], signal);
      this.statements++;
      return statement === null ? null : `${statement}\n`;
    }
    const prompt = String(request[2] ?? "");
    if (request[0] === "get_line")
      return (await this.readUntil(prompt, signal, (text) => text.indexOf("\n") + 1)) ?? null;
    if (request[0] === "get_chars") {
      const count = Number(request[3]);
      return (
        (await this.readUntil(prompt, signal, (text) =>
          [...text].length >= count ? [...text].slice(0, count).join("").length : 0,
        )) ?? null
      );
    }
    if (request[0] === "get_until") {
      const stop = String(request[3]);
      return (
        (await this.readUntil(prompt, signal, (text) =>
          text.includes(stop) ? text.indexOf(stop) + stop.length : 0,
        )) ?? null
      );
    }
    return ["error", "request"];
  }

  /** Takes the whole screen: for shells that are used at this terminal alone, whose node may be another. */
  private async observe(node: unknown, from: Pid, signal: AbortSignal): Promise<string | IoError> {
    if (this.device.observe === undefined || !isNodeName(node)) return ["error", "enotsup"];
    if (!this.atHome(from)) return ["error", "eacces"];
    await this.device.observe({ runtime: this.runtime, node }, signal);
    return "ok";
  }

  /** Opens a file of this machine in the person's editor: for the shells of this program alone, whose files it has. */
  private async edit(path: unknown, line: unknown, from: Pid, signal: AbortSignal): Promise<IoError | string> {
    if (this.device.edit === undefined || typeof path !== "string" || !Number.isInteger(line))
      return ["error", "enotsup"];
    if (from.node !== this.runtime.name) return ["error", "eacces"];
    return (await this.device.edit(path, line as number, signal)) ?? "ok";
  }

  /** Asks the person here whether a process may be looked into, and gives whoever asked the prompt until it exits. */
  private async pry(about: PryRequest, from: Pid, signal: AbortSignal): Promise<IoError | PryAllowed | "refused"> {
    if (this.device.kind === "plain") return ["error", "enotsup"];
    const { pid, own } = about;
    if (!isPid(pid) || pid.node !== from.node) return ["error", "request"];
    await this.prys.turn(pid, signal);
    let allowed = false;
    try {
      const what = own === true ? "Break reached:" : `Request to pry ${inspect(pid)} at`;
      await this.device.write(`${what} ${escapeControls(String(about.at))}\n\n`);
      await this.device.write(`${this.filtered(from, String(about.lines))}\n\n`);
      allowed = own === true || YES.test((await this.device.readLine("Allow? [Yn] ", signal)) ?? "n");
    } finally {
      if (!allowed || signal.aborted) this.prys.giveUp();
    }
    if (!allowed) return "refused";
    signal.throwIfAborted();
    this.hold(about, from);
    return ["allowed", { colors: this.device.kind === "terminal" && process.env["NO_COLOR"] === undefined }];
  }

  private hold({ pid, own }: PryRequest, session: Pid): void {
    const holder = { pried: pid, session };
    const { home } = this;
    this.prys.enter(holder);
    const back = this.device.setAside?.();
    monitor(
      this.process,
      session,
      {},
      {
        onDown: (reason) => {
          this.home = home;
          back?.();
          this.prys.leave(holder);
          if (this.prys.current === undefined && this.promptsBelow !== undefined) {
            this.device.setPrompts?.(this.promptsBelow);
            this.promptsBelow = undefined;
          }
          // Of its own process' end the shell tells itself.
          if (reason === "normal" || own === true) return;
          void this.device.write(`** (EXIT from ${inspect(pid)}) process exited with reason: ${formatExit(reason)}\n`);
        },
      },
    );
  }

  /** Shows the terminal's settings, to be changed: by whoever is at a shell here, so for no one else. */
  private async settings(from: Pid, signal: AbortSignal): Promise<string | IoError> {
    if (this.device.settings === undefined) return ["error", "enotsup"];
    if (!this.atHome(from)) return ["error", "eacces"];
    await this.device.settings(signal);
    return "ok";
  }

  /** Shows a text page by page to whoever is at a shell here; what others send is printed. */
  private async page(text: string, from: Pid, signal: AbortSignal): Promise<string> {
    if (this.device.page === undefined || !this.atHome(from)) await this.device.write(`${text}\n`);
    else await this.device.page(text, signal);
    return "ok";
  }

  /** Whether a process is of this node, or of the one whose shell is used here. */
  private atHome(from: Pid): boolean {
    return from.node === this.runtime.name || from.node === this.home;
  }

  /** Reads lines until `enough` says how much of the text so far is wanted; what is beyond it stays for the next. */
  private async readUntil(
    prompt: string,
    signal: AbortSignal,
    enough: (text: string) => number,
  ): Promise<string | undefined> {
    for (;;) {
      const length = enough(this.leftover);
      if (length > 0) {
        const wanted = this.leftover.slice(0, length);
        this.leftover = this.leftover.slice(length);
        return wanted;
      }
      const line = await this.device.readLine(prompt, signal);
      if (line === null) {
        const rest = this.leftover;
        this.leftover = "";
        return rest === "" ? undefined : rest;
      }
      this.leftover += line;
    }
  }

  /** Shows whose output it is, where that is not the node whose shell is used here. */
  private tinted(from: Pid, text: string): string {
    if (from.node === this.runtime.name || from.node === this.home) return text;
    return this.device.tint?.(from.node, text) ?? text;
  }

  /** What another node prints can't take over the terminal; each of its processes is a stream of its own. */
  private filtered(from: Pid, text: string): string {
    if (this.raw || from.node === this.runtime.name) return text;
    let filter = this.filters.get(from);
    if (filter === undefined) {
      this.filters.set(from, (filter = new OutputFilter()));
      const [oldest] = this.filters.keys();
      if (this.filters.size > STREAMS && oldest !== undefined) this.filters.delete(oldest);
    }
    return filter.write(text);
  }
}
