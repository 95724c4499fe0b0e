/**
 * What a group leader prints on and reads from: a terminal, or plain streams. The leader knows no more than this.
 */
import type { Runtime } from "../process/runtime.ts";
import type { NodeName } from "../term/pid.ts";

/** The two prompts of a statement: that of its first line, and that of the lines which continue it. */
export interface StatementPrompts {
  readonly first: string;
  readonly continuation: string;
}

/** Whether a source is a whole statement, needs more lines, or can never become one. */
export type Completeness = "complete" | "incomplete" | "wrong";

/** One way to go on from what is typed. `detail` is a signature or a type, shown dim beside the name. */
export interface Candidate {
  readonly name: string;
  readonly detail?: string;
}

/** The answer to a Tab: what all candidates have in common and is missing still, and the candidates. */
export interface Completion {
  readonly insert: string;
  readonly candidates: readonly Candidate[];
}

/** The statements of this and of earlier sessions. */
export interface StatementHistory {
  /** Oldest first, each with its newlines. Another array after each change. */
  readonly entries: readonly string[];
  /** Keeps one statement, at once. Never throws. */
  add(statement: string): void;
  /** Keeps the newest `count` statements from now on. */
  keep?(count: number): void;
}

/** What is to be observed: a node, from another or from itself. */
export interface Observed {
  /** The node that asks. */
  readonly runtime: Runtime;
  readonly node: NodeName;
}

/** What a device asks of the shell behind it. */
export interface DeviceOptions {
  /** Decides whether Enter ends the statement. A rejection counts as `"wrong"`: the statement is handed over. */
  parse(source: string): Promise<{ readonly kind: Completeness }>;
  /** Completes the text before the cursor. It runs no user code. A late or failed answer counts as none. */
  complete?(before: string): Promise<Completion>;
  readonly history?: StatementHistory;
}

/** A piece of the row below a prompt. One that names a node is shown in its colour. */
export interface StatusPart {
  readonly text: string;
  readonly node?: NodeName;
}

/** What is told below a prompt. */
export interface StatusRow {
  /** As it is now, for so many columns; empty if there is nothing to tell. */
  parts(columns: number): readonly StatusPart[];
  /** What is told while something is evaluated: that the node is silent, if it is. */
  readonly late?: readonly StatusPart[];
  stop(): void;
}

/** A front end. Made by `createTerminal` for a terminal, or by one of the line readers: for pipes and files, and for a terminal that does nothing but print. */
export interface Device {
  readonly kind: "terminal" | "plain" | "dumb";

  /**
   * Prints `text` as it is: filtering belongs to the caller. A text that ends without a newline is joined to the next.
   * Returns a promise while the device pushes back; whoever writes much awaits it, or lines are left out with a notice.
   */
  write(text: string): void | Promise<void>;

  /** Whether it leaves out what comes faster than it is taken, if whoever writes does not wait. */
  readonly leavesOut?: boolean;

  /** Prints a failure where failures go, if that is somewhere else than {@link Device.write}: standard error. */
  writeError?(text: string): void | Promise<void>;

  /**
   * Reads one line for `IO.gets`. It ends with `"\n"`, which the last line of a file may lack; `null` at the end of input.
   * Requests nest: a later one takes over until it is answered, then the earlier prompt is drawn again with what was typed.
   * Rejects with `signal.reason` when the signal aborts, and with code `terminated` when the device is closed.
   */
  readLine(prompt: string, signal?: AbortSignal): Promise<string | null>;

  /**
   * Reads one whole statement, with its newlines and without the last one; `null` at the end of input.
   * A statement whose last line is `#moebi:break` is handed over as it stands, so that the shell can give it up.
   * Rejects as {@link Device.readLine} does.
   */
  readStatement(prompts: StatementPrompts, signal?: AbortSignal): Promise<string | null>;

  /**
   * Has the person's editor show a file at a line, with the terminal for itself, until they leave it or the signal aborts.
   * Gives why not, if it could not be. Only terminals have this.
   */
  edit?(path: string, line: number, signal?: AbortSignal): Promise<string | undefined>;

  /**
   * Puts the reads that wait aside, with what is typed into them, until the function it gives is called: keys are for
   * those that come meanwhile, and Ctrl+C between them is for what runs. Plain devices don't have this.
   */
  setAside?(): () => void;

  /**
   * The next thing to evaluate, where a program says what; `null` when it wants no more. Rejects as
   * {@link Device.readLine} does.
   */
  readEvaluation?(signal?: AbortSignal): Promise<unknown>;

  /** Is told what came of an evaluation, where a program asked for it. */
  report?(report: unknown): void;

  /** The statements typed here, if they are kept. */
  readonly history?: StatementHistory | undefined;

  /** Gives the statement being read other prompts; what is typed stays. Does nothing if none is. */
  setPrompts?(prompts: StatementPrompts): void;

  /** Erases the screen, as the helper `clear()` does. Does nothing on a plain device. */
  clear(): void;

  /**
   * Shows a long text page by page, until the person leaves it or the signal aborts. Only terminals have this; elsewhere
   * it is printed.
   */
  page?(text: string, signal?: AbortSignal): Promise<void>;

  /** Puts text into the terminal's clipboard. Nothing tells whether the terminal allows it; gives what may stand in the way. */
  copy?(text: string): string | undefined;

  /** The width and height in character cells, `undefined` where there is none. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;

  /** Called for Ctrl+C, and for SIGINT, while no statement is being edited: stop what is being evaluated. */
  onInterrupt: (() => void) | undefined;

  /**
   * Asked when a key is to end the input of a statement: how many processes that were started here still run. If there are
   * any, that is said instead, and the same key right behind it leaves.
   */
  stillRunning?: (() => number) | undefined;

  /**
   * While on, Ctrl+C is SIGINT and no key, so that `vm`'s `breakOnSigint` can stop synchronous code by it. Turned on
   * from inside the guarded code: a SIGINT before the guard stands would end the program.
   */
  signals(on: boolean): void;

  /**
   * Opens another device on the same terminal, for a shell beside the first. What either prints appears as it comes; the
   * keys are for the one that is shown, and what is typed into the other stays. Only terminals have this.
   */
  open?(): Device;

  /** Shows this one of several devices on one terminal: the keys are for it. */
  show?(): void;

  /** Called for Ctrl+G, also while something is evaluated: show the menu of shells. */
  onMenu?: (() => void) | undefined;

  /** Lines that another node prints, in the colour of that node. A terminal without colours gives them as they are. */
  tint?(node: NodeName, text: string): string;

  /** Tells below the prompt of the node whose prompt is shown: its peers, its mailbox, how far work is. Only terminals do. */
  accompany?(runtime: Runtime): void;

  /** Shows a row of somebody else's in that place, until the device is closed. `open` is given what to call at a change. */
  accompanyBy?(open: (onChange: () => void) => StatusRow): void;

  /**
   * Shows a node live on all of the screen, until the person leaves it or `signal` aborts; then everything is as it was
   * before. Only terminals have this.
   */
  observe?(observed: Observed, signal?: AbortSignal): Promise<void>;

  /**
   * Shows the settings of the prompt on all of the screen, to be changed, until the person leaves them or `signal` aborts.
   * Only terminals have this.
   */
  settings?(signal?: AbortSignal): Promise<void>;

  /** Prints what is still held, gives the terminal back, and rejects the reads that wait. Safe to call twice. */
  close(): Promise<void>;
}
