import { hasCode } from "../../term/error.ts";
import type { NodeName } from "../../term/pid.ts";
import { parse } from "../parse.ts";
import { OPS, PROTOCOL_VERSION } from "./ops.ts";
import type { Message, Outbox } from "./outbox.ts";
import { type Id, readRequest, type Request, type RequestOf } from "./request.ts";
import { ProtocolSession, told, type SessionOptions } from "./session.ts";

export interface ProtocolOptions extends Omit<SessionOptions, "name" | "onDone"> {
  /** The node whose shell it is. */
  readonly node: NodeName;
  readonly versions: Readonly<Record<string, string>>;
}

/** Lines are taken until so many characters wait to be evaluated, each request counting for some more. */
const MOST_WAITING = 64 * 1024 * 1024;
const REQUEST = 500;

/** The session that requests are of which name none. */
const MAIN = "main";

/**
 * A shell driven by a program: lines in, messages out; see `OPS`. It knows no pipe and no program, and so can be driven by
 * a test.
 */
export class Protocol {
  private readonly options: ProtocolOptions;
  private readonly outbox: Outbox;
  private readonly sessions = new Map<string, ProtocolSession>();
  private readonly main: ProtocolSession;
  private last = 0;
  private ending = false;
  private asking = 0;
  /** How much is to be evaluated still, in characters. */
  private waiting = 0;
  private eased: PromiseWithResolvers<void> | undefined;
  private readonly over = Promise.withResolvers<void>();

  constructor(options: ProtocolOptions) {
    this.options = options;
    this.outbox = options.outbox;
    this.main = this.open(MAIN);
  }

  /** Settles when all sessions have ended behind {@link end}. Rejects if the node has gone whose shell it is. */
  async start(): Promise<void> {
    await this.over.promise;
    await this.outbox.flushed();
  }

  /** Takes a line. Never throws: what can't be read is answered. */
  hear(line: string): void {
    if (line.trim() === "") return;
    const read = readRequest(line);
    if ("problem" in read) {
      const { id, ...error } = read.problem;
      this.refuse(id, error);
      return;
    }
    this.asking++;
    this.answer(read.request)
      .catch((error: unknown) => this.refuse(read.request.id, told(error)))
      .finally(() => {
        this.asking--;
        this.settle();
      });
  }

  /** Settles when what waits to be evaluated is no more than may wait: who hears lines awaits it before the next. */
  async room(): Promise<void> {
    while (!this.ending && this.waiting > MOST_WAITING) await (this.eased ??= Promise.withResolvers()).promise;
  }

  /** Tells of a line that could not be taken. */
  refuse(id: Id | undefined, error: { readonly code: string; readonly message: string }): void {
    const origin = id === undefined ? {} : { id };
    this.outbox.send({ ...origin, error: { name: "ProtocolError", ...error }, status: ["error", "done"] });
  }

  /** Tells of what no request has asked for. */
  tell(event: string, about: Message): void {
    this.outbox.send({ event, ...about });
  }

  /** There will be no more lines: what was asked for is still done. */
  end(): void {
    this.ending = true;
    for (const session of this.sessions.values()) session.end();
    this.settle();
  }

  /** Stops what is being evaluated, in all sessions. */
  interrupt(): void {
    for (const session of this.sessions.values()) session.interrupt(undefined);
  }

  /** Ends all, at once. */
  stop(): void {
    for (const session of this.sessions.values()) session.close();
  }

  private async answer(request: Request): Promise<void> {
    const { id } = request;
    switch (request.op) {
      case "eval":
        return this.evaluate(request);
      case "interrupt":
        return this.stopOne(request);
      case "stdin":
        this.session(request).stdin(request.stdin);
        return this.done(id);
      case "isComplete":
        return this.judge(request);
      case "complete": {
        const { code, cursor = code.length } = request;
        const end = Math.min(cursor, code.length);
        const { start, candidates } = await this.session(request).offer(code.slice(0, end));
        return this.done(id, { start, end, candidates });
      }
      case "lookup": {
        const found = await this.session(request).lookup(request.name);
        return Object.keys(found).length === 0 ? this.done(id, {}, ["noInfo"]) : this.done(id, { ...found });
      }
      case "newSession":
        return this.done(id, { session: this.open(String(++this.last)).name });
      case "closeSession":
        this.session(request).close();
        return this.done(id);
      case "sessions": {
        const all = [...this.sessions.values()].map(({ name, evaluations }) => ({ session: name, ...evaluations }));
        return this.done(id, { sessions: all });
      }
      case "describe": {
        const versions = { ...this.options.versions, protocol: PROTOCOL_VERSION };
        return this.done(id, { node: this.options.node, versions, ops: OPS });
      }
    }
  }

  private evaluate(request: RequestOf<"eval">): void {
    const session = this.session(request);
    if ([...this.sessions.values()].some((one) => one.has(request.id)))
      throw new ProtocolError("id_in_use", "Another evaluation has this id, and is not done");
    this.waiting += request.code.length + REQUEST;
    session.evaluate(request);
  }

  private stopOne({ id, interruptId, session }: RequestOf<"interrupt">): void {
    const asked =
      session === undefined && interruptId !== undefined ? [...this.sessions.values()] : [this.session({ session })];
    if (asked.some((one) => one.interrupt(interruptId))) return this.done(id);
    if (interruptId === undefined) return this.done(id, {}, ["sessionIdle"]);
    throw new ProtocolError("no_such_evaluation", `No evaluation ${JSON.stringify(interruptId)} runs or waits`);
  }

  private async judge({ id, code }: RequestOf<"isComplete">): Promise<void> {
    const judged = await parse(code);
    if (judged.kind !== "wrong") return this.done(id, { completeness: judged.kind });
    const { message, line, column } = judged.problem;
    return this.done(id, { completeness: "invalid", problem: { message, line, column } });
  }

  private done(id: Id, answer: Message = {}, status: readonly string[] = []): void {
    this.outbox.send({ id, ...answer, status: [...status, "done"] });
  }

  private session({ session: name = MAIN }: { readonly session?: string | undefined }): ProtocolSession {
    const session = this.sessions.get(name);
    if (session !== undefined) return session;
    const all = [...this.sessions.keys()].map((one) => JSON.stringify(one)).join(", ");
    throw new ProtocolError(
      "no_such_session",
      `There is no session ${JSON.stringify(name)}; there are ${all || "none"}`,
    );
  }

  private open(name: string): ProtocolSession {
    const onDone = ({ code }: RequestOf<"eval">): void => {
      this.waiting -= code.length + REQUEST;
      this.eased?.resolve();
      this.eased = undefined;
    };
    const session = new ProtocolSession({ ...this.options, name, onDone });
    this.sessions.set(name, session);
    session.start().then(
      () => this.closed(session),
      (error: unknown) => {
        this.closed(session, error);
        // Its node has gone, and with it every other.
        if (session === this.main && !hasCode(error, "dead")) this.over.reject(error);
      },
    );
    return session;
  }

  private closed(session: ProtocolSession, error?: unknown): void {
    this.sessions.delete(session.name);
    const why = error === undefined ? {} : { error: { name: "Error", ...told(error) } };
    if (!this.ending) this.tell("sessionClosed", { session: session.name, ...why });
    this.settle();
  }

  private settle(): void {
    if (this.ending && this.sessions.size === 0 && this.asking === 0) this.over.resolve();
  }
}

class ProtocolError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
