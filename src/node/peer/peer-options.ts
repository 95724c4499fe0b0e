import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import { hostOf } from "../node-name.ts";

/** How a peer ends when it is stopped: see {@link PeerOptions.shutdown}. */
export type PeerShutdown = "close" | "halt" | readonly ["halt", timeout: number] | number;

export interface PeerOptions {
  /** What precedes the at-sign of its name; one of {@link randomPeerName} unless told. */
  readonly name?: string | undefined;
  /** What follows it: that of the starter's node unless told. */
  readonly host?: string | undefined;
  /**
   * How it is controlled. Unless told it is a node like others, connected to the starter's. With `"standardIo"` only
   * through the channel between the two programs: it needs no name, nor does the starter.
   */
  readonly connection?: "standardIo" | undefined;
  /** Options of the command `moebi`. */
  readonly args?: readonly string[] | undefined;
  /** Variables for its environment, beside those of the starter's program. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The program that runs it: the Node of the starter unless told. */
  readonly exec?: string | undefined;
  /** Milliseconds to wait until it is up (15,000 unless told), or `false`: not at all. */
  readonly waitBoot?: number | false | undefined;
  /**
   * What `Peer.stop` does. `"halt"`: it ends at once; with a limit in milliseconds, after which it is killed
   * (`["halt", 5000]` unless told). A number: it ends in good order, and is killed after so many milliseconds.
   * `"close"`: nobody waits for it.
   */
  readonly shutdown?: PeerShutdown | undefined;
  /**
   * What the controlling process does when the peer is gone: it ends as well (`"stop"`, unless told), with the reason
   * (`"crash"`), or lives and says so (`"continue"`).
   */
  readonly peerDown?: "stop" | "continue" | "crash" | undefined;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTime = (value: unknown): boolean => typeof value === "number" && value >= 0;

/** What each option may be, in words and as a test. */
const EXPECTED: { readonly [K in keyof Required<PeerOptions>]: readonly [string, (value: unknown) => boolean] } = {
  name: ["a name without @", (value) => isText(value) && !String(value).includes("@")],
  host: ["a host", isText],
  connection: ['"standardIo"', (value) => value === "standardIo"],
  args: ["an array of strings", (value) => Array.isArray(value) && value.every((arg) => typeof arg === "string")],
  env: [
    "an object of strings",
    (value) =>
      typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string"),
  ],
  exec: ["the path of a program", isText],
  waitBoot: ["a number of milliseconds, or false", (value) => value === false || isTime(value)],
  shutdown: [
    '"close", "halt", ["halt", milliseconds] or a number of milliseconds',
    (value) =>
      value === "close" ||
      value === "halt" ||
      isTime(value) ||
      (Array.isArray(value) && value.length === 2 && value[0] === "halt" && isTime(value[1])),
  ],
  peerDown: ['"stop", "continue" or "crash"', (value) => value === "stop" || value === "continue" || value === "crash"],
};

/** Throws `badarg`, naming the option. */
export function checkPeerOptions(options: unknown): asserts options is PeerOptions {
  if (typeof options !== "object" || options === null) throw new ArgumentError("The options of a peer are an object");
  for (const [key, value] of Object.entries(options)) {
    const expected = Object.hasOwn(EXPECTED, key) ? EXPECTED[key as keyof PeerOptions] : undefined;
    if (expected === undefined) throw new ArgumentError(`A peer has no option ${inspect(key)}`);
    if (value !== undefined && !expected[1](value))
      throw new ArgumentError(`The option ${key} of a peer is ${expected[0]}, not ${inspect(value)}`);
  }
}

let names = 0;

/** A name that no other node of this host has. */
export function randomPeerName(prefix = "peer"): string {
  return `${prefix}-${String(++names)}-${String(process.pid)}`;
}

/** The name of the peer as the command `moebi` takes it: with dots in its host it is a long one. */
export function peerNameArgs({ name, host }: PeerOptions, origin: NodeName): readonly ["--name" | "--sname", NodeName] {
  const on = host ?? hostOf(origin);
  return [/[.:]/.test(on) ? "--name" : "--sname", `${name ?? randomPeerName()}@${on}`];
}
