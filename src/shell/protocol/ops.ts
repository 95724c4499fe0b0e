/**
 * What a program can ask of a shell: `moebi --protocol`, and `h("protocol")`. The names are nREPL's, and Jupyter's
 * `isComplete` and `complete`.
 */

/** What a field holds: a text, a whole number from 0, or an identifier, which is either. */
export type FieldType = "string" | "number" | "id";

export interface Field {
  readonly type: FieldType;
  readonly optional?: true;
  readonly doc: string;
}

export interface Op {
  readonly doc: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** What its answers hold beside `id` and `status`. */
  readonly answers: string;
}

const session = {
  type: "string",
  optional: true,
  doc: 'The session, "main" unless told',
} as const satisfies Field;

/** The operations, in the order in which a reader needs them. */
export const OPS = {
  eval: {
    doc: "Evaluates TypeScript as if it had been typed. The evaluations of a session queue: each waits for the last",
    fields: {
      code: { type: "string", doc: "The statements" },
      session,
      file: { type: "string", optional: true, doc: "What errors call it, if it is of a file" },
      line: { type: "number", optional: true, doc: "The line of the file that it begins in, 1 unless told" },
    },
    answers:
      "out and err as they come; value, as the prompt prints it, and json, the value itself where JSON has a form for it; or error",
  },
  interrupt: {
    doc: "Stops an evaluation, or takes it from the queue. Variables are kept",
    fields: {
      session,
      interruptId: { type: "id", optional: true, doc: "The evaluation's id; without it the one that runs" },
    },
    answers: 'status "sessionIdle" if nothing was running',
  },
  stdin: {
    doc: 'Is what IO.gets reads, when an evaluation has answered with the status "needInput", or ahead of that',
    fields: {
      stdin: { type: "string", doc: "A line, or several; a text of no characters is the end of input" },
      session,
    },
    answers: "nothing",
  },
  isComplete: {
    doc: "Says whether Enter would end a statement",
    fields: { code: { type: "string", doc: "What is typed so far" } },
    answers: 'completeness, "complete", "incomplete" or "invalid", and then the problem: message, line and column',
  },
  complete: {
    doc: "Lists what may stand at the cursor, without running any code",
    fields: {
      code: { type: "string", doc: "What is typed" },
      cursor: { type: "number", optional: true, doc: "UTF-16 units in front of the cursor, all unless told" },
      session,
    },
    answers: "start and end, which part of code a candidate replaces; candidates: text, kind, signature, doc",
  },
  lookup: {
    doc: "Tells of a name what h() and i() do, without running any code",
    fields: { name: { type: "string", doc: "Task.async, a variable, a helper" }, session },
    answers: 'doc and info, texts of several lines; status "noInfo" if there is neither',
  },
  newSession: {
    doc: "Opens a session with variables and a process of its own",
    fields: {},
    answers: "session, its name",
  },
  closeSession: {
    doc: "Ends a session, whatever it does",
    fields: { session: { type: "string", doc: "The session" } },
    answers: "nothing",
  },
  sessions: { doc: "Lists the sessions", fields: {}, answers: "sessions: session, and running and queued, ids" },
  describe: {
    doc: "Describes this end",
    fields: {},
    answers: "ops, as listed here; versions of moebi, node and the protocol; node, the name of the node that evaluates",
  },
} as const satisfies Readonly<Record<string, Op>>;

export type OpName = keyof typeof OPS;

/** The version of the protocol: it rises when a program that knew the last one could be misled. */
export const PROTOCOL_VERSION = 1;

/** What the protocol is, in as many words as fit on a page. */
export const OVERVIEW = [
  "moebi --protocol is a shell that a program drives, an editor for instance: JSON, a message a line, on standard input and",
  "output; with --remsh NODE the shell is that node's. Nothing listens.",
  "",
  'A message has an id, a text or a number, an op, and the op\'s fields. Answers carry the id; the last has status ["done"],',
  'with "error" or "interrupted" in front, an error being { text, name, code, message, frames }. What cannot be read is',
  "answered with an error that says why, with an id if one was found. What a process prints later that an evaluation has",
  "begun is answered with the id of that. Messages without an id tell what no request has asked for: event out, err, log,",
  "nodeup, nodedown, sessionClosed.",
  "",
  "The end of input lets evaluations end, then the program. SIGINT stops them all, even a loop that never ends and has awaited nothing,",
  "during which no message is heard.",
].join("\n");

/** The list of operations, as text. */
export function opsText(): string {
  return Object.entries(OPS)
    .map(([name, { doc, fields, answers }]: [string, Op]) => {
      const given = Object.entries(fields).map(([field, { optional }]) => (optional === true ? `${field}?` : field));
      const lines = Object.entries(fields).map(([field, { doc: about }]) => `      ${field}: ${about}`);
      return [
        `  ${name} { ${given.join(", ")} }`.replace("{  }", "{}"),
        `    ${doc}`,
        ...lines,
        `    Answers: ${answers}`,
      ];
    })
    .map((lines) => lines.join("\n"))
    .join("\n");
}
