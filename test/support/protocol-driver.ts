import { onTestFinished } from "vitest";
import "../../src/library.ts";
import { LocalSession } from "../../src/cli/local-session.ts";
import { readCommandLine } from "../../src/cli/options.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { Outbox } from "../../src/shell/protocol/outbox.ts";
import { Protocol } from "../../src/shell/protocol/protocol.ts";
import { startNode } from "../../src/start-node.ts";

export interface Answer {
  readonly id?: number | string;
  readonly event?: string;
  readonly session?: string;
  readonly out?: string;
  readonly err?: string;
  readonly value?: string;
  readonly json?: unknown;
  readonly jsonOmitted?: string;
  readonly error?: { code?: string; name: string; message: string; text: string; frames?: { file?: string }[] };
  readonly status?: readonly string[];
  readonly [field: string]: unknown;
}

/** A program that drives a shell of a node in this one. */
export class Driver {
  readonly answers: Answer[] = [];
  readonly protocol: Protocol;
  readonly over: Promise<void>;
  private changed = Promise.withResolvers<void>();

  constructor(protocol: (outbox: Outbox) => Protocol) {
    const write = (text: string): boolean => {
      for (const line of text.split("\n")) if (line !== "") this.answers.push(JSON.parse(line) as Answer);
      this.changed.resolve();
      this.changed = Promise.withResolvers();
      return true;
    };
    this.protocol = protocol(new Outbox({ write, once: () => undefined }));
    this.over = this.protocol.start();
    this.over.catch(() => undefined);
  }

  send(...messages: object[]): void {
    for (const message of messages) this.protocol.hear(JSON.stringify(message));
  }

  async until(found: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const answer = this.answers.find(found);
      if (answer !== undefined) return answer;
      await this.changed.promise;
    }
  }

  /** All answers to a message, once it is done. */
  async ask(message: {
    readonly id: number | string;
    readonly op: string;
    readonly [field: string]: unknown;
  }): Promise<Answer[]> {
    this.send(message);
    await this.done(message.id);
    return this.of(message.id);
  }

  done(id: number | string): Promise<Answer> {
    return this.until((answer) => answer.id === id && answer.status?.includes("done") === true);
  }

  of(id: number | string): Answer[] {
    return this.answers.filter((answer) => answer.id === id);
  }

  evaluate(id: number | string, code: string, more: object = {}): Promise<Answer[]> {
    return this.ask({ id, op: "eval", code, ...more });
  }
}

export async function drive(): Promise<Driver> {
  const device = new StringDevice();
  const node = await startNode({ device, log: () => undefined });
  const line = readCommandLine([], "0");
  if (line === undefined) throw new Error("No command line");
  const driver = new Driver(
    (outbox) =>
      new Protocol({
        runtime: node.runtime,
        outbox,
        node: node.name,
        versions: { moebi: "0" },
        open: (leader) => new LocalSession(node, device, line, { leader, driven: true }),
      }),
  );
  onTestFinished(async () => {
    driver.protocol.stop();
    await node.stop();
  });
  return driver;
}
