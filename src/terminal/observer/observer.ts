/** The observer at work: asks the node every second, draws what it knows, and obeys keys. */
import type { ReadStream } from "node:tty";
import { apply, type CallResult, type Failure } from "../../node/erpc.ts";
import { runAs } from "../../process/context.ts";
import { formatExit } from "../../process/format-exit.ts";
import { Process } from "../../process/process-module.ts";
import type { Runtime } from "../../process/runtime.ts";
import { terminate } from "../../process/terminate.ts";
import { viewerOf } from "../../process/viewer.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName, Pid } from "../../term/pid.ts";
import type { Cover } from "../cover.ts";
import type { Key } from "../keys.ts";
import type { TerminalStream } from "../stream.ts";
import { Asker } from "./asker.ts";
import { frame } from "./frame.ts";
import { createModel, type Model, type Question, questions, received, unanswered } from "./model.ts";
import { press } from "./press.ts";
import { sgr } from "./rows.ts";
import { FullScreen } from "./screen.ts";

export interface ObserverOptions {
  /** The node that asks. */
  readonly runtime: Runtime;
  /** The node that is asked. */
  readonly node: NodeName;
  readonly stream: TerminalStream;
  readonly stdin: ReadStream;
  readonly colours: boolean;
}

const EVERY_MS = 1000;
/** A node that takes longer is shown as one that does not answer. It is asked again. */
const PATIENCE_MS = 2000;

export class Observer implements Cover {
  /** Resolves when it has been left, and the screen is as it was. */
  readonly done: Promise<void>;
  readonly #options: ObserverOptions;
  readonly #screen: FullScreen;
  readonly #process: ReturnType<Runtime["spawn"]>;
  readonly #timer: NodeJS.Timeout;
  readonly #end: () => void;
  readonly #asker: Asker;
  #model: Model;
  #drawing = false;
  #closed = false;

  constructor(options: ObserverOptions) {
    const { runtime, node, stream, stdin } = options;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#end = resolve;
    // Calls are made by a process.
    this.#process = runtime.spawn(() => promise, { initialCall: "Observer/0" });
    this.#screen = new FullScreen(stream, stdin, () => this.#change(this.#model));
    const viewer = viewerOf(runtime);
    this.#model = createModel(node, this.#screen.size, (pid) => inspect(pid, { viewer }));
    this.#model = { ...this.#model, now: performance.now(), answeredAt: performance.now() };
    this.#asker = new Asker({
      questions: () => (this.#closed ? [] : questions(this.#model)),
      ask: (question) => this.#question(question),
    });
    this.#timer = setInterval(() => {
      if (!this.#model.paused) this.#asker.all();
      this.#change(this.#model);
    }, EVERY_MS);
    this.#asker.all();
    this.#change(this.#model);
  }

  receive(keys: readonly Key[]): readonly Key[] {
    for (const [index, key] of keys.entries()) {
      if (this.#closed) return keys.slice(index);
      const [model, effect] = press(this.#model, key);
      this.#change(model);
      if (effect === "leave") this.close();
      else if (effect === "ask") this.#asker.all();
      else if (effect !== undefined) this.#kill(effect.kill);
    }
    return [];
  }

  withdraw(): Promise<void> {
    return this.#screen.withdraw();
  }

  /** Ends a process as nothing can prevent, wherever it is. That it is gone is seen with the next answer. */
  #kill(pid: Pid): void {
    runAs(this.#process, () => Process.exit(pid, "kill"));
    this.#asker.all();
  }

  /** Draws all of it again, as the screen is another program's by now. */
  redraw(): void {
    if (this.#closed) return;
    this.#screen.redraw();
    this.#change(this.#model);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#screen.close();
    terminate(this.#process, "normal");
    this.#end();
  }

  #change(model: Model): void {
    this.#model = { ...model, now: performance.now(), screen: this.#screen.size };
    if (this.#drawing) return;
    this.#drawing = true;
    setImmediate(() => {
      this.#drawing = false;
      if (!this.#closed) this.#screen.show(frame(this.#model).map((row) => sgr(row, this.#options.colours)));
    });
  }

  async #question(question: Question): Promise<void> {
    const [fun, ...args] = question;
    const { node } = this.#model;
    const call = { what: "Moebi.Observed", fun, args };
    const answer = await apply(this.#process, node, call, PATIENCE_MS).catch(() => undefined);
    if (this.#closed || answer === undefined) return;
    // Another node may have been chosen meanwhile.
    if (node === this.#model.node) this.#change(next(this.#model, question, answer));
  }
}

function next(model: Model, question: Question, answer: CallResult | Failure): Model {
  if ("failed" in answer) {
    if (answer.failed === "exit")
      return unanswered(model, `It failed: ${formatExit(answer.reason).split("\n")[0] ?? ""}`);
    return unanswered(model, answer.failed === "timeout" ? "no answer" : "no connection");
  }
  const [kind, value] = answer;
  if (kind !== "ok") return unanswered(model, `It can't be observed: ${formatExit(value).split("\n").join(" ")}`);
  try {
    return received(model, question, value);
  } catch {
    // What comes from another node may be anything.
    return unanswered(model, "an answer that makes no sense");
  }
}
