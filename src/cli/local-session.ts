import type { Completion, Device } from "../io/device.ts";
import type { LocalNode } from "../node/local-node.ts";
import type { Offer } from "../shell/complete.ts";
import type { Completer } from "../shell/completer.ts";
import type { Found } from "../shell/lookup.ts";
import { readCompletion, readOffer } from "../shell/read-offer.ts";
import { Shell } from "../shell/server.ts";
import type { Facts } from "../shell/status.ts";
import { ArgumentError } from "../term/error.ts";
import type { Pid } from "../term/pid.ts";
import { catchUp } from "./catch-up.ts";
import { askPried, interruptPried } from "./pried.ts";
import type { CommandLine } from "./options.ts";
import { PlainDevice, type Origin } from "./plain-device.ts";
import type { Startup } from "./startup-file.ts";

/** What the command has open at its terminal or for its script: a shell of its own node, or of another. */
export interface OpenSession {
  /** Whether somebody stopped the evaluation of the last statement. */
  readonly interrupted: boolean;
  /** Settles when the input ends, with whether every statement succeeded. */
  start(): Promise<boolean>;
  /** Stops what is being evaluated. */
  interrupt(): void;
  /** Ends it, whatever it does. What {@link start} gave need not settle then. */
  stop(): void;
  /** What a Tab offers after `before`. */
  complete(before: string): Promise<Completion>;
  /** All that may stand behind `before`. Rejects if the answer takes long. */
  offer(before: string): Promise<Offer>;
  /** What is told below the prompt, of a shell that is another node's. */
  status?(): Promise<Facts | undefined>;
}

export interface LocalOptions {
  /** What it starts with. */
  readonly startup?: Startup | undefined;
  /** Where it reads and prints; the node's user device unless told. */
  readonly leader?: Pid;
  /** What it evaluates comes from a program, by the leader. */
  readonly driven?: boolean;
}

/** A shell of this program's node. */
export class LocalSession implements OpenSession {
  private readonly node: LocalNode;
  private readonly shell: Shell;
  private readonly leader: Pid;
  private completer: Promise<Completer> | undefined;

  constructor(
    node: LocalNode,
    device: Device,
    line: CommandLine,
    { startup, leader = userOf(node), driven = false }: LocalOptions = {},
  ) {
    const scripted = device.kind === "plain" && !driven;
    const { runtime, scope } = node;
    this.node = node;
    this.leader = leader;
    this.shell = new Shell({
      runtime,
      scope,
      leader,
      bail: line.bail,
      stay: !line.halt,
      colors: device.kind === "terminal" && process.env["NO_COLOR"] === undefined,
      driven,
      script: !scripted ? undefined : { caughtUp: () => catchUp(node), origin: () => originIn(device) },
      signals: (on) => device.signals(on),
      entries: () => device.history?.entries ?? [],
    });
    for (const file of line.require) this.shell.load(file);
    // After the modules it may use.
    if (startup !== undefined) this.shell.startWith(startup.source, startup.path);
  }

  get interrupted(): boolean {
    return this.shell.interrupted;
  }

  start(): Promise<boolean> {
    return this.shell.start();
  }

  interrupt(number?: number): void {
    if (!interruptPried(this.node, this.leader)) this.shell.interrupt(number);
  }

  stop(): void {
    this.shell.stop();
  }

  /** What a Tab offers after `before`. */
  async complete(before: string): Promise<Completion> {
    const pried = askPried(this.node, this.leader, "complete", before);
    return pried === undefined ? (await this.theCompleter()).complete(before) : readCompletion(await pried);
  }

  /** All that may stand behind `before`, for a program, or while it is typed. */
  async offer(before: string): Promise<Offer> {
    const pried = askPried(this.node, this.leader, "offer", before);
    if (pried !== undefined) return readOffer(await pried);
    return (await this.theCompleter()).offer(before);
  }

  /** What is known of a name, for a program. */
  async lookup(name: string): Promise<Found> {
    const { lookup } = await import("../shell/lookup.ts");
    const { runtime } = this.node;
    return this.node.run(() => lookup({ runtime, session: () => this.shell.session }, name));
  }

  private theCompleter(): Promise<Completer> {
    const { runtime } = this.node;
    this.completer ??= import("../shell/completer.ts").then(
      ({ Completer }) => new Completer({ runtime, session: this.shell.session }),
    );
    return this.completer;
  }
}

/** Where a node's processes print that have no other leader. */
export function userOf({ runtime }: LocalNode): Pid {
  const leader = runtime.names.get("user")?.pid;
  if (leader === undefined) throw new ArgumentError("The node has no user device");
  return leader;
}

/** A statement of a file that is run has its place there. */
function originIn(device: Device): Origin | undefined {
  return device instanceof PlainDevice ? device.origin : undefined;
}
