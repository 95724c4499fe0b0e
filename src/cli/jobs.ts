/** The shells of one terminal, and the menu that Ctrl+G shows to start, choose and end them: Erlang's "user switch command". */
import { parseNodeName } from "../node/node-name.ts";
import type { NodeName } from "../term/pid.ts";

/** One shell: of this program's node, or of another. */
export interface Job {
  readonly number: number;
  readonly node: NodeName | undefined;
}

export interface Jobs {
  /** In the order of their numbers, which are never given twice. */
  readonly list: readonly Job[];
  /** The one that the commands are about which name none. */
  readonly current: number | undefined;
  readonly last: number;
}

/** What a command asks for beside the change of the list. */
export type MenuEffect =
  | { readonly type: "print"; readonly text: string }
  | { readonly type: "start"; readonly job: Job }
  | { readonly type: "connect"; readonly job: Job }
  | { readonly type: "interrupt"; readonly job: Job }
  | { readonly type: "kill"; readonly job: Job }
  | { readonly type: "quit" };

export interface Chosen {
  readonly jobs: Jobs;
  readonly effect: MenuEffect | undefined;
}

export const NO_JOBS: Jobs = { list: [], current: undefined, last: 0 };

const HELP = [
  "  c [nn]            - connect to job",
  "  i [nn]            - interrupt job",
  "  k [nn]            - kill job",
  "  j                 - list all jobs",
  "  s                 - start local shell",
  "  r [node]          - start remote shell",
  "  q                 - quit moebi",
  "  ? | h             - this message",
].join("\n");

/** Adds a shell, which is the current one from then on. */
export function added(jobs: Jobs, node?: NodeName): { readonly jobs: Jobs; readonly job: Job } {
  const job: Job = { number: jobs.last + 1, node };
  return { jobs: { list: [...jobs.list, job], current: job.number, last: job.number }, job };
}

/** Takes a shell out. If it was the current one, there is none. */
export function removed(jobs: Jobs, number: number): Jobs {
  const list = jobs.list.filter((job) => job.number !== number);
  return { ...jobs, list, current: jobs.current === number ? undefined : jobs.current };
}

/** What a line typed into the menu does. */
export function choose(jobs: Jobs, line: string): Chosen {
  const [command = "", argument, ...more] = line.trim().split(/\s+/);
  if (more.length > 0) return said(jobs, "Unknown command");
  switch (command) {
    case "":
      return { jobs, effect: undefined };
    case "c":
    case "i":
    case "k":
      return aboutJob(jobs, command, argument);
    case "r":
      return remote(jobs, argument);
    default:
      return argument === undefined ? alone(jobs, command) : said(jobs, "Unknown command");
  }
}

function alone(jobs: Jobs, command: string): Chosen {
  switch (command) {
    case "j":
      return jobs.list.length === 0 ? { jobs, effect: undefined } : said(jobs, listed(jobs));
    case "s":
      return started(jobs, undefined);
    case "q":
      return { jobs, effect: { type: "quit" } };
    case "h":
    case "?":
      return said(jobs, HELP);
    default:
      return said(jobs, "Unknown command");
  }
}

function aboutJob(jobs: Jobs, command: "c" | "i" | "k", argument: string | undefined): Chosen {
  const number = argument === undefined ? jobs.current : Number(argument);
  const job = jobs.list.find((one) => one.number === number);
  if (job === undefined) return said(jobs, "Unknown job");
  switch (command) {
    case "c":
      return { jobs: { ...jobs, current: job.number }, effect: { type: "connect", job } };
    case "i":
      return { jobs, effect: { type: "interrupt", job } };
    case "k":
      return { jobs: removed(jobs, job.number), effect: { type: "kill", job } };
  }
}

function remote(jobs: Jobs, name: string | undefined): Chosen {
  if (name === undefined) return said(jobs, "Say which node: r name@host");
  try {
    return started(jobs, parseNodeName(unquoted(name)));
  } catch (error) {
    return said(jobs, (error as Error).message);
  }
}

/** Erlang's people write a name as an atom: `r 'b@host'`. */
function unquoted(name: string): string {
  return /^(['"])(.*)\1$/u.exec(name)?.[2] ?? name;
}

function started(before: Jobs, node: NodeName | undefined): Chosen {
  const { jobs, job } = added(before, node);
  return { jobs, effect: { type: "start", job } };
}

function said(jobs: Jobs, text: string): Chosen {
  return { jobs, effect: { type: "print", text } };
}

/** Erlang's table: the number, a star at the current one, and what it is. */
function listed({ list, current }: Jobs): string {
  return list
    .map(({ number, node }) => {
      const mark = number === current ? "*" : " ";
      return `${String(number).padStart(4)}${mark} ${node === undefined ? "shell" : `shell on ${node}`}`;
    })
    .join("\n");
}
