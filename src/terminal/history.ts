/**
 * The statements of earlier sessions, in one file that all nodes of a user share.
 *
 * One line a statement, as a JSON string, so that a block comes back as the block it was. Each is appended by one write to
 * a file opened for appending, which the operating system keeps whole beside the writes of other sessions. What those add
 * meanwhile is read when it is asked for, and stands before what was typed here: Up leads to one's own statements first.
 */
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { StatementHistory } from "../io/device.ts";
import { isSecret } from "../shell/secret.ts";

export interface HistoryOptions {
  /** Where the file is. Default: {@link historyPath}. */
  readonly path?: string;
  /** How many statements are kept. Default 10,000. */
  readonly limit?: number;
  /** Told once, with a sentence, when the history cannot be kept. The session goes on without it. */
  onWarning?(message: string): void;
}

const NEWLINE = 0x0a;

/** So many statements wait for room on a full disk. */
const MOST_UNWRITTEN = 1000;

/** A lock this old was left by a session that died. */
const STALE_LOCK_MS = 60_000;

/** `moebi/history` in `$XDG_STATE_HOME`, or in `~/.local/state`. */
export function historyPath(env: NodeJS.ProcessEnv = process.env): string {
  const state = env["XDG_STATE_HOME"];
  // A relative path is to be ignored, says the XDG specification.
  return join(
    state && isAbsolute(state) ? state : join(env["HOME"] || homedir(), ".local", "state"),
    "moebi",
    "history",
  );
}

/**
 * Opens the history file, which is made when the first statement is added.
 * Never throws: what cannot be read counts as empty, what cannot be written is warned of once.
 */
export function openHistory(options: HistoryOptions = {}): StatementHistory {
  return new History(options.path ?? historyPath(), options.limit ?? 10_000, options.onWarning ?? (() => undefined));
}

class History implements StatementHistory {
  /** Another array after each change. */
  #entries: readonly string[];
  /** How many of them, the last ones, were typed in this session. */
  #own = 0;
  /** The file as it was read last: which one, and how far. */
  #file: number | undefined;
  #read = 0;
  /** Lines of ours that are in the file and were not read back yet. */
  #written: string[] = [];
  /** Lines that could not be written: they go with the next. */
  #unwritten: string[] = [];
  readonly #path: string;
  #limit: number;
  readonly #warn: (message: string) => void;
  #warned = false;
  /** A write that was cut short has left a line without its end. */
  #torn = false;

  constructor(path: string, limit: number, warn: (message: string) => void) {
    this.#path = path;
    this.#limit = limit;
    this.#warn = warn;
    this.#entries = this.#load();
  }

  get entries(): readonly string[] {
    try {
      this.#refresh();
    } catch {
      // What is known is enough; whoever adds is told what is wrong.
    }
    return this.#entries;
  }

  add(statement: string): void {
    if (statement.trim() === "" || isSecret(statement) || statement === this.#entries.at(-1)) return;
    this.#own = Math.min(this.#own + 1, this.#limit);
    this.#entries = newest([...this.#entries, statement], this.#limit);
    // A leading space keeps a statement off the disk; this session can still recall it.
    if (statement.startsWith(" ")) return;
    this.#unwritten = newest([...this.#unwritten, JSON.stringify(statement)], MOST_UNWRITTEN);
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#append(this.#unwritten.map((line) => `${line}\n`).join(""));
      this.#written.push(...this.#unwritten);
      this.#unwritten = [];
    } catch (error) {
      this.#warnOnce(error);
    }
  }

  /** The file is cut to size when it is opened next. */
  keep(count: number): void {
    this.#limit = Math.floor(count);
    this.#own = Math.min(this.#own, this.#limit);
    this.#entries = newest(this.#entries, this.#limit);
  }

  /** Reads what other sessions have added since. */
  #refresh(): void {
    const { ino, size } = statSync(this.#path, { throwIfNoEntry: false }) ?? {};
    if (ino === undefined || size === undefined || (ino === this.#file && size === this.#read)) return;
    const file = openSync(this.#path, "r");
    try {
      // Another file was put in its place, or it was emptied.
      if (ino !== this.#file || size < this.#read) {
        this.#file = fstatSync(file).ino;
        this.#read = 0;
        const own = this.#entries.slice(this.#entries.length - this.#own);
        const others = this.#next(file).filter((entry) => !own.includes(entry));
        this.#written = [];
        this.#entries = newest([...others, ...own], this.#limit);
        return;
      }
      const added = this.#next(file);
      if (added.length === 0) return;
      const before = this.#entries.length - this.#own;
      const entries = [...this.#entries.slice(0, before), ...added, ...this.#entries.slice(before)];
      this.#entries = newest(entries, this.#limit);
    } finally {
      closeSync(file);
    }
  }

  /** The statements of others on whole lines that were not read yet. */
  #next(file: number): string[] {
    const bytes = readFrom(file, this.#read);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#read += end;
    const lines = bytes.toString("utf8", 0, end).split("\n");
    return parseEntries(lines.filter((line) => !this.#isOurs(line)).join("\n"));
  }

  #isOurs(line: string): boolean {
    const at = this.#written.indexOf(line);
    if (at >= 0) this.#written.splice(0, at + 1);
    return at >= 0;
  }

  #load(): string[] {
    let file: string;
    try {
      const bytes = readFileSync(this.#path);
      file = bytes.toString("utf8");
      this.#file = statSync(this.#path).ino;
      this.#read = bytes.lastIndexOf(NEWLINE) + 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#warnOnce(error);
      return [];
    }
    // As a session left it whose disk was full.
    this.#torn = file !== "" && !file.endsWith("\n");
    const entries = parseEntries(file);
    // Half as many again before the file is rewritten, so that it is seldom rewritten.
    if (entries.length > this.#limit * 1.5) {
      try {
        this.#compact();
      } catch (error) {
        this.#warnOnce(error);
      }
    }
    return entries.slice(-this.#limit);
  }

  /** Another session may put a new file in the old one's place meanwhile; then the entry goes to the new one as well. */
  #append(line: string): void {
    for (let attempt = 0; attempt < 3; attempt++) {
      const file = openSync(this.#path, "a", 0o600);
      try {
        const { mode, ino, size } = fstatSync(file);
        if ((mode & 0o077) !== 0) {
          fchmodSync(file, 0o600);
          chmodSync(dirname(this.#path), 0o700);
        }
        const bytes = Buffer.from(this.#torn ? `\n${line}` : line);
        const written = writeSync(file, bytes);
        this.#torn = written < bytes.length;
        if (this.#torn) {
          // The half of a line helps nobody, unless another session has gone on behind it.
          if (fstatSync(file).size === size + written) {
            ftruncateSync(file, size);
            this.#torn = false;
          }
          throw new Error("no space left on the device");
        }
        if (statSync(this.#path, { throwIfNoEntry: false })?.ino === ino) return;
      } finally {
        closeSync(file);
      }
    }
  }

  /** Rewrites the file with its newest entries. One session at a time; what others append meanwhile is carried over. */
  #compact(): void {
    const lock = `${this.#path}.lock`;
    if (!takeLock(lock)) return;
    const next = `${this.#path}.${String(process.pid)}.new`;
    try {
      const old = openSync(this.#path, "r");
      try {
        const read = readFileSync(old);
        const newest = parseEntries(read.toString("utf8")).slice(-this.#limit);
        writeFileSync(next, newest.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600, flag: "w" });
        renameSync(next, this.#path);
        const late = readFrom(old, read.length);
        if (late.length > 0) {
          const file = openSync(this.#path, "a", 0o600);
          try {
            writeSync(file, late);
          } finally {
            closeSync(file);
          }
        }
      } finally {
        closeSync(old);
      }
    } finally {
      rmSync(next, { force: true });
      rmSync(lock, { force: true });
    }
  }

  #warnOnce(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const cause = error instanceof Error ? error.message : String(error);
    this.#warn(`History can't be kept in "${this.#path}": ${cause}`);
  }
}

function newest(entries: readonly string[], count: number): string[] {
  return entries.slice(Math.max(0, entries.length - count));
}

/** The entries of a file, without lines that are none and without the same one twice in a row. */
function parseEntries(file: string): string[] {
  const entries: string[] = [];
  for (const line of file.split("\n")) {
    if (!line.startsWith('"')) continue;
    try {
      const entry: unknown = JSON.parse(line);
      if (typeof entry === "string" && entry !== entries.at(-1)) entries.push(entry);
    } catch {
      // A line that was cut short when the disk was full.
    }
  }
  return entries;
}

function readFrom(file: number, position: number): Buffer {
  const size = fstatSync(file).size - position;
  if (size <= 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(size);
  return bytes.subarray(0, readSync(file, bytes, 0, size, position));
}

/** Whether the lock is ours now. One that was left behind is removed, for the next session to take. */
function takeLock(path: string): boolean {
  try {
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch {
    const taken = statSync(path, { throwIfNoEntry: false });
    if (taken && Date.now() - taken.mtimeMs > STALE_LOCK_MS) rmSync(path, { force: true });
    return false;
  }
}
