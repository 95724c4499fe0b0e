/** Two ends of a handshake, and messages with a field changed. */
import { Cookie } from "../../src/node/cookie.ts";
import {
  formatChallenge,
  formatHello,
  parseChallenge,
  parseHello,
  type Challenge,
  type Hello,
} from "../../src/node/wire/handshake-message.ts";
import {
  AcceptHandshake,
  DialHandshake,
  type AcceptOptions,
  type DialOptions,
  type Step,
} from "../../src/node/wire/handshake.ts";
import type { Peer } from "../../src/process/signal.ts";

export const cookie = new Cookie("the cookie of the cluster");
export const alex: Peer = { name: "alex@localhost", creation: 1, hidden: false };
export const kate: Peer = { name: "kate@localhost", creation: 0xffff_ffff, hidden: true };
export const end = { address: "127.0.0.1", port: 4001 };
export const keyFor = () => cookie.key();

export function dialler(options: Partial<DialOptions> = {}): DialHandshake {
  return new DialHandshake({ self: alex, wanted: kate.name, dialled: end, keyFor, ...options });
}

export function acceptor(options: Partial<AcceptOptions> = {}): AcceptHandshake {
  return new AcceptHandshake({ self: kate, local: [end], keyFor, admit: () => "ok", ...options });
}

/** The one message of a step that goes on. */
export function sent(step: Step): Uint8Array {
  const [message, ...more] = step.send;
  if (message === undefined || more.length > 0)
    throw new Error(`Refused: ${step.refused?.reason ?? "nothing was sent"}`);
  return message;
}

/** Both ends' last step; each message passes through `change` on its way, by its place in the handshake. */
export async function run(
  dial: DialHandshake,
  accept: AcceptHandshake,
  change: (message: Uint8Array, index: number) => Uint8Array = (message) => message,
): Promise<{ dialled: Step; accepted: Step }> {
  let dialled = dial.start();
  let accepted: Step = { send: [] };
  for (let index = 0; index < 4; index++) {
    const [message] = (index % 2 === 0 ? dialled : accepted).send;
    if (message === undefined) break;
    const changed = change(message, index);
    if (index % 2 === 0) accepted = await accept.step(changed);
    else dialled = dial.step(changed);
  }
  return { dialled, accepted };
}

/** Where an honest pair stands after CHALLENGE. */
export async function challenged(): Promise<{
  dial: DialHandshake;
  accept: AcceptHandshake;
  hello: Uint8Array;
  challenge: Uint8Array;
}> {
  const dial = dialler();
  const accept = acceptor();
  const hello = sent(dial.start());
  return { dial, accept, hello, challenge: sent(await accept.step(hello)) };
}

export function changedHello(bytes: Uint8Array, change: Partial<Hello>): Uint8Array {
  const hello = parseHello(bytes);
  if (hello === undefined) throw new Error("No HELLO");
  return formatHello({ ...hello, ...change });
}

export function changedChallenge(bytes: Uint8Array, change: Partial<Challenge>): Uint8Array {
  const challenge = parseChallenge(bytes);
  if (challenge === undefined) throw new Error("No CHALLENGE");
  return formatChallenge({ ...challenge, ...change });
}
