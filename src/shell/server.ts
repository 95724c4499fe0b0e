import { hasCode } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { formatExit, formatThrown, type ThrownOptions } from "../process/format-exit.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { terminate } from "../process/terminate.ts";
import type { StatementPrompts } from "../io/device.ts";
import { statementsReadAt } from "../io/group.ts";
import { EOF, type IoRequest } from "../io/io-protocol.ts";
import { ask } from "../io/ask.ts";
import { commandsOf } from "./commands.ts";
import { Evaluator, type Outcome } from "./evaluator.ts";
import { makeHelpers } from "./helpers/index.ts";
import { PRINTED } from "./helpers/print.ts";
import { type Reloaded, reloadChanged, reloadedText } from "./helpers/reload-changed.ts";
import { Presentation } from "./presentation.ts";
import type { Pried } from "./pry-session.ts";
import { promptingOf } from "./prompting.ts";
import { promptsFor } from "./prompts.ts";
import { type Evaluation, failureOf, type Report, reportOfValue } from "./report.ts";
import { type Evaluated, Session } from "./session.ts";
import { settingsOf, type SettingsStore } from "./settings.ts";
import { Traces } from "./traces.ts";

const PRY_PROMPT = "pry(%node)%counter> ";

/** A line that gives up the statement it stands in. */
export const BREAK = "#moebi:break";

export interface ShellOptions {
  readonly runtime: Runtime;
  /** The node's scope: where names are found that are no variables of the session. */
  readonly scope: object;
  /** Where statements are read and results printed; may be on another node. */
  readonly leader: Pid;
  /**
   * The statements are a script's, which no person waits between: `caughtUp` is awaited before each, and before the end.
   * An interrupt ends the script. Errors of a statement that is a file's say so: `origin` tells of the one read last.
   */
  readonly script?:
    { caughtUp(): Promise<void>; origin?(): { readonly name: string; readonly line: number } | undefined } | undefined;
  /** The process that evaluates outlives the input; else what it is linked to ends with it. */
  readonly stay?: boolean;
  /** Ends the shell at the first statement that fails. */
  readonly bail?: boolean;
  readonly colors?: boolean;
  /** Makes Ctrl+C a signal, so that it can stop synchronous code. Only where the leader's terminal is this program's. */
  readonly signals?: ((on: boolean) => void) | undefined;
  /** Stops a statement that computes for so many milliseconds without a pause: where no Ctrl+C can. */
  readonly atMost?: number | undefined;
  /** What to evaluate comes from a program, one {@link Evaluation} after the other, which is told a {@link Report} of each. */
  readonly driven?: boolean | undefined;
  /** Settings of its own; the node's unless told. */
  readonly settings?: SettingsStore | undefined;
  /** The statements typed so far, for `history()`. */
  readonly entries?: (() => readonly string[]) | undefined;
  /** The process that is looked into, instead of one of the shell's own. */
  readonly pried?: ShellPried | undefined;
}

/** A process that waits while it is looked into. */
export interface ShellPried extends Omit<Pried, "variables"> {
  /** Its variables, as accessors. */
  readonly frame: object;
  /** It is the process of a shell itself. */
  readonly own: boolean;
}

/** What goes on with the process that is looked into. JavaScript has the word for itself, so it is no function. */
const CONTINUE = /^\s*continue\s*(?:\(\s*\)\s*)?;?\s*$/u;

interface EvaluateOptions {
  /** Whether its value is printed. */
  readonly shown?: boolean;
  readonly name?: string | undefined;
  /** The line of `name` it begins in. Default 1. */
  readonly line?: number | undefined;
  /** A program wants to know what comes of it. */
  readonly evaluation?: Evaluation;
}

/**
 * The shell: reads a statement from its group leader, has it evaluated in a process of its own, prints the result
 * there, and again. It asks by messages alone, so the terminal may be another node's.
 */
export class Shell {
  readonly session: Session;
  /** Statements that failed so far. */
  failures = 0;
  /** Whether somebody stopped the evaluation of the last statement. */
  interrupted = false;
  private readonly options: ShellOptions;
  /** What a program wants evaluated, while it is. */
  private evaluation: Evaluation | undefined;
  /** The number of the evaluation that is to be stopped. */
  private unwanted: number | undefined;
  /** Whether the statement that has been read is not to begin. */
  private givenUp = false;
  /** How many statements had been read when Ctrl+C came at the prompt, or behind a statement that had not come here yet. */
  private readBefore: number | undefined;
  /** How often a program was told what came of something. */
  private reports = 0;
  private readonly settings: SettingsStore;
  private readonly presentation: Presentation;
  private readonly traces: Traces;
  private process: Process | undefined;
  private evaluator: Evaluator | undefined;
  /** What `save()` writes. */
  private readonly succeeded: string[] = [];
  /** What is evaluated before the first statement is read, and what errors call it. */
  private readonly preload: { readonly source: string; readonly name?: string }[] = [];

  constructor(options: ShellOptions) {
    this.options = options;
    this.settings = options.settings ?? settingsOf(options.runtime);
    const colors = (): boolean => this.presentation.inspect.colors === true;
    this.traces = new Traces({ runtime: options.runtime, leader: options.leader, colors });
    const helpers = makeHelpers({
      runtime: options.runtime,
      session: () => this.session,
      settings: this.settings,
      respawn: () => this.respawn(),
      entries: options.entries ?? (() => []),
      succeeded: () => this.succeeded,
      traces: this.traces,
      colors,
      pried: options.pried,
    });
    const { pried } = options;
    this.session = new Session({
      scope: commandsOf(options.runtime).over(options.scope),
      helpers,
      ...(pried && { filename: "pry", frame: pried.frame, self: pried.site.self }),
    });
    this.presentation = new Presentation({
      settings: this.settings,
      colors: options.colors === true,
      statements: this.session.statements,
      ask: (request) => this.ask(request),
    });
  }

  /** The process that evaluates, whose pid `self()` gives. */
  get evaluatorPid(): Pid | undefined {
    return this.evaluator?.process.pid;
  }

  /** Starts reading. Settles when the input ends, with whether every statement succeeded. */
  start(): Promise<boolean> {
    const { runtime, leader } = this.options;
    return new Promise((resolve, reject) => {
      const process = runtime.spawn(
        async () => {
          try {
            await this.loop().finally(this.settings.follow("prompt", () => this.promptAgain()));
            resolve(this.failures === 0);
          } catch (error) {
            // A terminal that is gone is the end of input.
            if (hasCode(error, "terminated") || hasCode(error, "dead")) resolve(this.failures === 0);
            else reject(error);
          } finally {
            this.traces.end();
          }
        },
        { leader, initialCall: "Shell.loop/0" },
      );
      process.trapExit = true;
      this.process = process;
    });
  }

  /** Has a file loaded, as by `c(file)`, before the first statement is read. */
  load(file: string): void {
    this.preload.push({ source: `void await c(${JSON.stringify(file)})` });
  }

  /** Has `source` evaluated before the first statement is read, as if it had been typed; errors say it is of `name`. */
  startWith(source: string, name: string): void {
    this.preload.push({ source, name });
  }

  /** Takes settings of the terminal it is used at, if it has settings of its own. */
  adopt(settings: unknown): void {
    this.options.settings?.adopt(settings);
  }

  /**
   * Stops what is being evaluated, or has been read and is about to be; only that of the number given, if one is, and as
   * soon as it begins. At the prompt, what is traced.
   */
  interrupt(number?: number): void {
    if (number === undefined && this.reading) {
      this.traces.interrupt();
      this.readBefore = this.statementsRead;
    } else if (number === undefined) this.givenUp = true;
    this.unwanted = number;
    if (number === undefined || number === this.evaluation?.number) this.abandon();
  }

  private abandon(): void {
    this.session.abandon();
    this.evaluator?.interrupt();
  }

  /** Ends the shell and what it evaluates, at once. Only for one whose terminal is gone: whoever started it hears nothing. */
  stop(): void {
    this.abandon();
    this.traces.end();
    if (this.process !== undefined) terminate(this.process, "normal");
    if (this.evaluator !== undefined && this.options.pried === undefined) terminate(this.evaluator.process, "shutdown");
  }

  /** It is no longer the shell's, so that its end is not announced. Not `normal`: what is linked to it is to end too. */
  private endEvaluator(): void {
    const { evaluator } = this;
    this.evaluator = undefined;
    if (evaluator !== undefined && this.options.pried === undefined) terminate(evaluator.process, "shutdown");
  }

  private respawn(): void {
    // What is looked into goes on, but for the shell's own process, which is begun anew by its shell.
    if (this.options.pried?.own === false) {
      this.leaving = true;
      return;
    }
    if (this.evaluator !== undefined) terminate(this.evaluator.process, "normal");
  }

  private async loop(): Promise<void> {
    this.startEvaluator();
    for (const { source, name } of this.preload) await this.evaluate(source, { shown: false, name });
    this.session.restart();
    if (this.options.driven === true) await this.follow();
    else await this.readAll();
    if (this.options.stay !== true) this.endEvaluator();
  }

  /** Evaluates what a program says, until it wants no more. */
  private async follow(): Promise<void> {
    for (;;) {
      this.givenUp = false;
      const evaluation = (await this.ask(["get_evaluation"])) as Evaluation | typeof EOF;
      if (evaluation === EOF) return;
      this.evaluation = evaluation;
      const { source, file, line } = evaluation;
      const before = this.reports;
      await this.evaluate(source, { name: file, line, evaluation });
      // There is always an answer, though there be nothing to say.
      if (this.reports === before) await this.report({ kind: "nothing" });
      this.evaluation = undefined;
    }
  }

  private async readAll(): Promise<void> {
    const { bail = false, script } = this.options;
    for (;;) {
      const source = await this.read();
      await script?.caughtUp();
      if (source === undefined || (this.options.pried !== undefined && CONTINUE.test(source))) break;
      const before = this.failures;
      this.interrupted = false;
      if (await this.reloaded()) await this.evaluate(source, script?.origin?.());
      if (this.leaving || (bail && this.failures > before)) break;
      if (script !== undefined && this.interrupted) break;
    }
  }

  /** What this node shows beside its prompt is about our evaluator: not if the prompt is a visitor's, on another node. */
  private prompting(): void {
    const { runtime, leader, pried } = this.options;
    if (pried === undefined && this.reading && runtime.isLocal(leader))
      promptingOf(runtime).shown(this.evaluator?.process);
  }

  /** The next statement, `undefined` at the end of input. */
  private async read(): Promise<string | undefined> {
    this.reading = true;
    this.givenUp = false;
    this.readBefore = undefined;
    this.prompting();
    const answer = (await this.ask(
      this.options.pried === undefined ? ["get_statement", this.prompts] : ["get_statement", this.prompts, "pry"],
    )) as string;
    this.reading = false;
    this.givenUp = this.readBefore !== undefined && this.readBefore === this.statementsRead;
    // Like a line, a statement comes with its newline: what ends without one is the end of input.
    return answer === EOF ? undefined : answer.replace(/\n$/, "");
  }

  private get statementsRead(): number | undefined {
    return statementsReadAt(this.options.runtime, this.options.leader);
  }

  private get prompts(): StatementPrompts {
    const { runtime, pried } = this.options;
    const template = pried === undefined ? this.settings.current.prompt : PRY_PROMPT;
    return promptsFor(template, runtime.name, this.session.counter);
  }

  private async evaluate(
    source: string,
    { shown = true, name, line, evaluation }: EvaluateOptions = {},
  ): Promise<void> {
    if (source.trimEnd().endsWith(BREAK) && source.trimEnd().split("\n").at(-1)?.trim() === BREAK) {
      if (source.trim() !== BREAK) await this.fail("** (IncompleteError) the statement was given up");
      return;
    }
    let prepared;
    try {
      prepared = await this.session.prepare(source, name, line);
    } catch (thrown) {
      await this.failWith(thrown, this.presentation.inspect);
      return;
    }
    if (prepared.empty) return;
    const unwanted = this.givenUp || (evaluation !== undefined && this.unwanted === evaluation.number);
    const outcome: Outcome = unwanted
      ? { kind: "interrupted" }
      : await (this.evaluator ?? this.startEvaluator()).evaluate(prepared, evaluation?.leader);
    if (shown && outcome.kind === "value") this.succeeded.push(source);
    this.givenUp = false;
    await this.conclude(outcome, shown);
  }

  /** Loads again what has changed on disk, if that is wanted. `false` if the statement after it is not to be run. */
  private async reloaded(): Promise<boolean> {
    const { runtime, script } = this.options;
    if (!this.settings.current.autoReload) return true;
    let found: readonly Reloaded[] = [];
    const run = async (): Promise<Evaluated> => ({ value: (found = await reloadChanged(runtime)), shown: false });
    const outcome = await (this.evaluator ?? this.startEvaluator()).evaluate({ empty: false, run });
    for (const one of found) {
      const text = `${reloadedText(one, this.presentation.inspect)}\n`;
      if (one.failure !== undefined) await this.ask(["put_error", "unicode", text]);
      else if (script === undefined) await this.print(text);
    }
    await this.conclude(outcome, false);
    return outcome.kind === "value";
  }

  private async conclude(outcome: Outcome, shown: boolean): Promise<void> {
    switch (outcome.kind) {
      case "value":
        if (!shown || !outcome.evaluated.shown || outcome.evaluated.value === PRINTED) return;
        await this.showValue(outcome.evaluated.value);
        return;
      case "thrown":
        await this.failWith(outcome.thrown, await this.presentation.thrown());
        return;
      case "interrupted":
        this.interrupted = true;
        if (this.evaluation === undefined) await this.fail("** (interrupted)");
        else await this.report({ kind: "interrupted" });
        return;
      case "exited":
        // The death has been announced by whoever noticed it.
        await this.settled;
    }
  }

  private settled: Promise<void> = Promise.resolve();
  /** Whether the person wants to leave the process that is looked into. */
  private leaving = false;
  /** Whether a prompt is shown. */
  private reading = false;

  private startEvaluator(): Evaluator {
    const { runtime, leader, signals, atMost, pried } = this.options;
    const shell = this.process;
    if (shell === undefined) throw new TypeError("The shell has not been started");
    const evaluator = new Evaluator(runtime, shell, { leader, signals, atMost, pried: pried?.process });
    this.evaluator = evaluator;
    // Its end is the end of the shell, which whoever has started it sees to.
    if (pried !== undefined) return evaluator;
    monitor(shell, evaluator.process.pid, {}, { onDown: (reason) => this.evaluatorExited(evaluator, reason) });
    return evaluator;
  }

  /** Says why the shell's process died, and goes on with a new one: variables are kept, numbering begins again. */
  private evaluatorExited(evaluator: Evaluator, reason: unknown): void {
    if (this.process?.alive !== true || evaluator !== this.evaluator) return;
    const { pid } = evaluator.process;
    this.session.restart();
    this.startEvaluator();
    if (reason !== "normal") {
      const text = `** (EXIT from ${inspect(pid, this.presentation.inspect)}) shell process exited with reason: ${formatExit(reason, this.presentation.inspect)}`;
      this.settled =
        this.evaluation === undefined
          ? this.fail(text)
          : this.report({
              kind: "error",
              error: { text, name: "EXIT", message: formatExit(reason), code: "exit", frames: [] },
            });
    } else this.settled = Promise.resolve();
    this.prompting();
    this.promptAgain();
    evaluator.exited();
  }

  private promptAgain(): void {
    if (this.reading) void this.ask(["set_prompts", this.prompts]).catch(() => undefined);
  }

  private async fail(text: string): Promise<void> {
    this.failures++;
    await this.ask(["put_error", "unicode", `${text}\n`]);
  }

  private async failWith(thrown: unknown, options: ThrownOptions): Promise<void> {
    if (this.evaluation === undefined) return this.fail(formatThrown(thrown, options));
    this.failures++;
    await this.report({ kind: "error", error: failureOf(thrown, options) });
  }

  /** Tells the program what came of its evaluation, behind all that it has printed. */
  private async report(report: Report): Promise<void> {
    const { evaluation, process } = this;
    if (evaluation === undefined || process === undefined) return;
    this.reports++;
    await ask(process, evaluation.leader, ["put_report", report]);
  }

  private async showValue(value: unknown): Promise<void> {
    if (this.evaluation === undefined) await this.print(`${await this.presentation.value(value)}\n`);
    else await this.report(reportOfValue(value, inspect(value, this.presentation.inspect)));
  }

  private async print(text: string): Promise<void> {
    await this.ask(["put_chars", "unicode", text]);
  }

  private ask(request: IoRequest): Promise<unknown> {
    if (this.process === undefined) throw new TypeError("The shell has not been started");
    return ask(this.process, this.options.leader, request);
  }
}
