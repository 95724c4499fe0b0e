import { connect, type Socket } from "node:net";
import { systemClock, type Clock } from "../../process/clock.ts";
import { Patience } from "../../process/patience.ts";
import {
  BANNER,
  LONGEST_ANSWER,
  LineReader,
  formatRequest,
  parseAnswerLine,
  type AnswerLine,
  type Request,
} from "./protocol.ts";

/** How long an answer may take, from the first attempt to connect, in milliseconds. */
export const ANSWER_MS = 2000;

/**
 * Why there is no answer: `nobody` listens; a `foreign` program does; it is `silent` for too long; it has `closed` the
 * connection before the answer was complete; or the host can't be reached, in the system's words (`EHOSTUNREACH`).
 */
export type Failure = "nobody" | "foreign" | "silent" | "closed" | "aborted" | (string & {});

export type Reply =
  | { readonly lines: readonly AnswerLine[]; readonly socket: Socket; readonly failure?: never }
  | { readonly failure: Failure; readonly lines?: never; readonly socket?: never };

export interface AskOptions {
  readonly host: string;
  readonly port: number;
  readonly request: Request;
  readonly clock?: Clock;
  /** Default {@link ANSWER_MS}. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks a name service one thing. Never rejects. What answers is a stranger until the handshake, so whatever it sends is
 * at most a failure.
 *
 * The socket of a reply is still open if the request was `register`, and the answer `registered`: it is the registration.
 */
export function ask({
  host,
  port,
  request,
  clock = systemClock,
  timeout = ANSWER_MS,
  signal,
}: AskOptions): Promise<Reply> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve({ failure: "aborted" });
      return;
    }
    const socket = connect({ host, port });
    const reader = new LineReader(LONGEST_ANSWER);
    const answer: AnswerLine[] = [];
    let greeted = false;
    let settled = false;

    const patience = new Patience(clock, timeout, () => fail("silent"));
    const abort = (): void => fail("aborted");
    signal?.addEventListener("abort", abort);

    const settle = (reply: Reply): void => {
      if (settled) return;
      settled = true;
      patience[Symbol.dispose]();
      signal?.removeEventListener("abort", abort);
      socket.off("data", read);
      resolve(reply);
    };
    const fail = (failure: Failure): void => {
      if (settled) return;
      settle({ failure });
      socket.destroy();
    };
    const read = (chunk: Buffer): void => {
      const lines = reader.push(chunk);
      if (lines === undefined) return fail("foreign");
      for (const line of lines) {
        if (!greeted) {
          if (line !== BANNER) return fail("foreign");
          greeted = true;
          socket.write(`${formatRequest(request)}\n`);
          continue;
        }
        const parsed = parseAnswerLine(line);
        if (parsed === undefined || !answers(request, parsed)) return fail("foreign");
        answer.push(parsed);
        if (parsed.op === "name") continue;
        settle({ lines: answer, socket });
        if (parsed.op !== "registered") socket.destroy();
        return;
      }
    };

    socket.setNoDelay(true);
    socket.on("data", read);
    socket.on("error", (error: NodeJS.ErrnoException) => fail(failureOf(error)));
    socket.on("end", () => fail("closed"));
    socket.on("close", () => fail("closed"));
  });
}

function failureOf({ code }: NodeJS.ErrnoException): Failure {
  if (code === "ECONNREFUSED") return "nobody";
  return code === "ECONNRESET" || code === "EPIPE" ? "closed" : (code ?? "unknown error");
}

/** Whether a line of that kind belongs in an answer to that request. */
function answers(request: Request, { op }: AnswerLine): boolean {
  switch (request.op) {
    case "register":
      return op === "registered" || op === "taken" || op === "full" || op === "refused";
    case "lookup":
      return op === "port" || op === "none";
    case "names":
      return op === "name" || op === "end";
  }
}
