/**
 * A session: the variables of a person at a prompt, the values so far, and the number of the next input. It knows nothing
 * of processes: whoever runs a prepared input does so in a process of theirs.
 */

import { types } from "node:util";
import { Script } from "node:vm";
import { isCapitalised } from "../code/ast.ts";
import { builtinOf } from "../code/builtin.ts";
import { declare, environmentOf, isGlobal } from "../code/environment.ts";
import { inputToJavaScript } from "../code/input.ts";
import { explainCall, makeReadable, replaceMessage } from "../code/message.ts";
import { isObject, peekProperty, propertiesOf } from "../code/peek.ts";
import type { AnyFunction, Unit } from "../code/registry.ts";
import { rewriteStatement } from "../code/rewrite.ts";
import { createRuntime, type Evaluated, type Runtime, valueOfVariable } from "../code/runtime.ts";
import type { JavaScript, SyntaxProblem } from "../code/typescript.ts";
import { ArgumentError } from "../term/error.ts";
import { continueLast } from "./continue-last.ts";
import { cursorIn } from "./cursor.ts";
import { DeclaredTypes } from "./declared-types.ts";
import { Statements } from "./excerpt.ts";
import { inferBefore, type Names } from "./infer.ts";
import { interruptible, within } from "./interruptible.ts";
import { nearest } from "../term/nearest.ts";
import { Results } from "./results.ts";

export type { Evaluated } from "../code/runtime.ts";

export interface SessionOptions {
  /** The scope of the node, made by `createScope`. */
  readonly scope: object;
  /** Functions of this session alone, by name; `v` is among them without being given. */
  readonly helpers?: object;
  /** What inputs are called in stack frames, `moebi(3)` for the third. Default `moebi`. */
  readonly filename?: string;
  /** Variables in front of the helpers: those of a function that is looked into, each with a getter and a setter. */
  readonly frame?: object;
  /** What `this` is. */
  readonly self?: () => unknown;
  /** How many values `v` reaches back. Default 100. */
  readonly historySize?: number;
}

export interface RunOptions {
  /** Lets Ctrl+C stop the part that runs at once. Main thread only. */
  readonly breakOnSigint?: boolean;
  /** Lets the terminal send SIGINT for it; see `Device.signals`. */
  readonly signals?: ((on: boolean) => void) | undefined;
  /** Stops that part after so many milliseconds. */
  readonly atMost?: number | undefined;
  /** What is done behind that part, and stopped as it is. */
  readonly then?: (() => void) | undefined;
}

/** An input that has been read and is ready to run, once. */
export interface Prepared {
  /** Nothing but space, comments or types: running it changes nothing, not even the counter. */
  readonly empty: boolean;
  /**
   * Starts it: what can run at once has run when this returns, and the rest is in the promise. A value is recorded when
   * it is there; a failure leaves variables and counter as they are.
   *
   */
  run(options?: RunOptions): Promise<Evaluated>;
}

type Body = (this: unknown, scope: object, runtime: Runtime) => Promise<Evaluated | undefined>;

const NOTHING: Evaluated = { value: undefined, shown: false };

/** A session of a node. Several can share a node; their variables are their own, its modules are everybody's. */
export class Session {
  /** What `v` reads. */
  readonly results: Results;
  /** What was declared that is gone from the code that runs, for completion. */
  readonly types = new DeclaredTypes();
  /** The statements evaluated so far, for showing where an error points. */
  readonly statements = new Statements();
  readonly #filename: string;
  #life = 0;
  readonly #helpers: object;
  /** With the variables of the function that is looked into. */
  readonly #frame: object | undefined = undefined;
  readonly #scope: object;
  readonly #self: () => unknown;

  constructor({ scope, helpers = {}, filename = "moebi", historySize, frame, self }: SessionOptions) {
    if (environmentOf(scope) === undefined)
      throw new ArgumentError("The scope of a session must come from createScope");
    this.results = new Results(historySize);
    this.#filename = filename;
    this.#helpers = Object.create(scope) as object;
    declare(this.#helpers, "v", (n?: number | "error") => (n === "error" ? this.results.error : this.results.nth(n)));
    Object.defineProperties(this.#helpers, Object.getOwnPropertyDescriptors(helpers));
    if (frame !== undefined)
      this.#frame = Object.create(this.#helpers, Object.getOwnPropertyDescriptors(frame)) as object;
    this.#scope = Object.create(this.#frame ?? this.#helpers) as object;
    this.#self = self ?? (() => undefined);
  }

  /** The number in the prompt: of the next input. It rises only when one succeeds. */
  get counter(): number {
    return this.results.next;
  }

  /** The object evaluated code finds its names in. */
  get scope(): object {
    return this.#scope;
  }

  /** Begins again at 1 without values, as after the death of the shell's process. Variables are kept. */
  restart(): void {
    this.abandon();
    this.results.clear();
  }

  /** What still runs was given up: its value, should it come, is not recorded. */
  abandon(): void {
    this.#life++;
  }

  /** Forgets every variable. */
  clearVariables(): void {
    for (const name of Object.keys(this.#scope)) Reflect.deleteProperty(this.#scope, name);
  }

  /** The variables, by name, without running anything. */
  variables(): Map<string, unknown> {
    const found = new Map<string, unknown>();
    for (const holder of [this.#frame ?? {}, this.#scope]) {
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        // Names a compiler made up for its own use.
        if (!name.startsWith("__")) found.set(name, valueOfVariable(descriptor)?.value);
      }
    }
    return found;
  }

  /** The objects names are found in, nearest first, for listing by property descriptor. */
  layers(): object[] {
    const lookup = environmentOf(this.#scope)?.lookup;
    const layers: object[] = [Object.fromEntries(this.variables())];
    for (let at: object = this.#helpers; !types.isProxy(at); at = Object.getPrototypeOf(at) as object) layers.push(at);
    return lookup === undefined ? layers : [...layers, lookup];
  }

  /**
   * Reads an input. An input that begins with an operator goes on from the last value.
   *
   * @param filename what stack frames and errors call it, if it is a file's
   * @param firstLine the line of the file it begins in
   * @throws SyntaxError with `code: "syntax"` and `problem`, whose message shows line, column and cause
   */
  async prepare(
    source: string,
    filename = `${this.#filename}(${String(this.counter)})`,
    firstLine = 1,
  ): Promise<Prepared> {
    const text = continueLast(source);
    const js = await inputToJavaScript(text);
    if ("error" in js) throw syntaxError(js.error, source, { filename, firstLine, shift: text.length - source.length });
    this.types.add(source);
    if (js.program.body.every(({ type }) => type === "EmptyStatement")) {
      return { empty: true, run: () => Promise.resolve(NOTHING) };
    }
    const { code, columnOffset, place } = rewriteStatement(js, { isGlobal: (name) => isGlobal(this.#scope, name) });
    this.statements.add(filename, { source: text, code: js.code, place, firstLine });
    const script = new Script(code, { filename, columnOffset, lineOffset: firstLine - 1 });
    const unit = this.#unit(js.code, text, filename, firstLine);
    return { empty: false, run: (options) => this.#run(script, js, unit, options ?? {}) };
  }

  async #run(
    script: Script,
    js: JavaScript,
    unit: Unit,
    { breakOnSigint = false, signals, atMost, then }: RunOptions,
  ): Promise<Evaluated> {
    const life = this.#life;
    const body = script.runInThisContext() as Body;
    const runtime = createRuntime(unit, this.#scope);
    try {
      const start = (): Promise<Evaluated | undefined> => {
        const evaluated = body.call(this.#self(), this.#scope, runtime);
        // Nobody waits for it if what is behind is stopped.
        evaluated.catch(() => undefined);
        then?.();
        return evaluated;
      };
      const guarded = (): Promise<Evaluated | undefined> => {
        if (breakOnSigint) return interruptible(start, signals);
        return atMost === undefined ? start() : within(atMost, start);
      };
      const evaluated = (await guarded()) ?? NOTHING;
      if (this.#life === life) this.results.push(evaluated.value);
      return evaluated;
    } catch (error) {
      runtime.abandon();
      makeReadable(error);
      const meant = this.#meant(error, js.code);
      // One name is enough of an answer; without it, all there are.
      explainCall(error, js.program, js.code, (module) => this.#exports(module, meant === undefined));
      if (meant !== undefined) replaceMessage(error as Error, suggesting((error as Error).message, meant));
      if (this.#life === life) this.results.error = error;
      throw error;
    }
  }

  #unit(text: string, source: string, file: string, firstLine: number): Unit {
    const scope = this.#scope;
    return {
      text,
      source,
      file,
      firstLine,
      variable(name) {
        const descriptor = Object.getOwnPropertyDescriptor(scope, name);
        if (descriptor !== undefined) return valueOfVariable(descriptor);
        // What was imported from Node's own modules is on every node, though its name looks like one of ours.
        const value = isCapitalised(name) ? peekProperty(environmentOf(scope)?.lookup, name) : undefined;
        return builtinOf(value) === undefined ? undefined : { value };
      },
      knows: (name) => name in scope,
    };
  }

  /** What may have been meant by a name that does not exist. */
  #meant(error: unknown, source: string): string | undefined {
    if (!(error instanceof TypeError || error instanceof ReferenceError)) return undefined;
    const missing = /^(?:(?<path>.+)\.)?(?<name>[\p{ID_Continue}$]+) is not (?:defined|a function)$/u;
    const { path, name } = missing.exec(error.message.split("\n", 1)[0] ?? "")?.groups ?? {};
    if (name === undefined) return undefined;
    if (path === undefined && Object.hasOwn(ELSEWHERE, name)) return ELSEWHERE[name];
    // The prompt finds it: the code of a file finds what it imports alone.
    if (path === undefined && this.#isOfLibrary(name)) return `import { ${name} } from "moebi"`;
    const layers = [...this.layers(), globalThis];
    const holders = path === undefined ? layers : [typedAs(path) ?? this.#valueAt(path.split("."), layers)];
    const names = holders.flatMap((holder) => [...propertiesOf(holder).keys()]).filter((one) => one !== "undefined");
    // Of what a call gave no more is known than what is written of it.
    const written = path?.endsWith(")") === true ? membersWritten(name, source, this) : [];
    const meant = nearest(name, [...names, ...written]);
    return meant === undefined || path === undefined ? meant : `${path}.${meant}`;
  }

  #isOfLibrary(name: string): boolean {
    const lookup = environmentOf(this.#scope)?.lookup ?? {};
    return name in lookup && !Object.hasOwn(lookup, name);
  }

  #valueAt([first = "", ...rest]: readonly string[], layers: readonly object[]): unknown {
    const layer = layers.find((holder) => propertiesOf(holder).has(first));
    return rest.reduce<unknown>(peekProperty, peekProperty(layer, first));
  }

  #exports(name: string, listed: boolean): string[] | undefined {
    const lookup = environmentOf(this.#scope)?.lookup ?? {};
    const module = name.split(".").reduce<unknown>(peekProperty, lookup);
    if (!isObject(module)) return undefined;
    if (!listed) return [];
    return Object.entries(Object.getOwnPropertyDescriptors(module))
      .filter(([key, { value }]) => typeof value === "function" && key !== "constructor")
      .map(([key, { value }]) => `${key}/${String((value as AnyFunction).length)}`);
  }
}

/** What names of other kinds of program are called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  require: 'import fs from "node:fs"',
  _: "v()",
  _error: 'v("error")',
};

/** The members of what stands before `.name`, by types and what is written out. */
function membersWritten(name: string, source: string, names: Names): string[] {
  const { masked } = cursorIn(source);
  const dot = new RegExp(`\\??\\.\\s*${name.replaceAll("$", "\\$")}\\s*(?:\\?\\.)?\\(`, "u").exec(masked)?.index;
  const known = dot === undefined ? undefined : inferBefore(dot, source, masked, names);
  return [...(known?.members?.keys() ?? []), ...propertiesOf(known?.value).keys()];
}

/** The message with what was meant at the end of its first line. */
function suggesting(message: string, meant: string): string {
  const [line = "", ...others] = message.split("\n");
  return [`${line}; did you mean ${meant}?`, ...others].join("\n");
}

/** What has the methods of a value that is written out, such as `[1,2,3]`; `undefined` for a name. */
function typedAs(text: string): object | undefined {
  if (/^\[[^[\]]*\]$/u.test(text)) return Array.prototype;
  return /^"[^"]*"$/u.test(text) ? String.prototype : undefined;
}

/** A syntax error as the prompt shows it: the cause and place, and the line with a mark below the column. */
function syntaxError(
  problem: SyntaxProblem,
  source: string,
  { filename, firstLine, shift }: { filename: string; firstLine: number; shift: number },
): Error {
  const column = problem.line === 1 ? Math.max(1, problem.column - shift) : problem.column;
  const number = String(problem.line + firstLine - 1);
  const line = source.split("\n")[problem.line - 1] ?? "";
  const margin = " ".repeat(number.length);
  const text = [
    `${filename}:${number}:${String(column)}: ${problem.message}`,
    `  ${margin} |`,
    `  ${number} | ${line}`,
    `  ${margin} | ${" ".repeat(column - 1)}^`,
  ].join("\n");
  const error = new SyntaxError(text);
  // The frames would be those of the reader, not of what was read.
  error.stack = `SyntaxError: ${text}`;
  const place = { file: filename, line: problem.line + firstLine - 1, column };
  return Object.assign(error, { code: "syntax", problem: { ...problem, column }, place });
}
