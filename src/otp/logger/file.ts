import { appendFile, rename, rm, stat } from "node:fs/promises";

/** How a log file is kept. */
export interface LogFileOptions {
  readonly file: string;
  /** Above so many bytes the file is put aside as `file.1`, what was there as `file.2`, and so on. Never, unless told. */
  readonly maxBytes?: number;
  /** How many files are kept aside; 2 unless told. */
  readonly maxFiles?: number;
}

/** A file that lines are added to, in order, without anybody waiting for the disk. */
export class LogFile {
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly maxFiles: number;
  private readonly onError: (error: Error) => void;
  private lines: string[] = [];
  private writing: Promise<void> | undefined;
  private size: number | undefined;

  constructor({ file, maxBytes = Infinity, maxFiles = 2 }: LogFileOptions, onError: (error: Error) => void) {
    this.path = file;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
    this.onError = onError;
  }

  write(line: string): void {
    this.lines.push(line);
    this.writing ??= this.writeAll();
  }

  /** Settles when all that was written is in the file, or has failed. */
  async flush(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
  }

  private async writeAll(): Promise<void> {
    // What is logged in one turn is one write.
    await Promise.resolve();
    while (this.lines.length > 0) {
      const { lines } = this;
      this.lines = [];
      try {
        await this.append(lines.map((line) => `${line}\n`));
      } catch (error) {
        this.onError(error as Error);
      }
    }
    this.writing = undefined;
  }

  private async append(lines: readonly string[]): Promise<void> {
    if (this.maxBytes === Infinity) return appendFile(this.path, lines.join(""));
    this.size ??= await sizeOf(this.path);
    const parts = partsOf(lines, this.size, this.maxBytes);
    // However many lines came at once, what would be put aside and away again is not written at all.
    const first = Math.max(0, parts.length - 1 - this.maxFiles);
    for (let n = first; n < parts.length; n++) {
      const part = parts[n] ?? "";
      if (n > 0) await this.rotate();
      this.size += Buffer.byteLength(part);
      await appendFile(this.path, part);
    }
  }

  private async rotate(): Promise<void> {
    const aside = (n: number): string => (n === 0 ? this.path : `${this.path}.${String(n)}`);
    await rm(aside(this.maxFiles), { force: true });
    for (let n = this.maxFiles - 1; n >= 0; n--) await moveIfThere(aside(n), aside(n + 1));
    this.size = 0;
  }
}

/** The lines as they go into the present file, which has `size` bytes, and into those after it. A long line has one of its own. */
function partsOf(lines: readonly string[], size: number, most: number): string[] {
  const parts: string[] = [];
  let [begun, bytes] = [0, size];
  lines.forEach((line, n) => {
    const more = Buffer.byteLength(line);
    if (bytes > 0 && bytes + more > most) {
      parts.push(lines.slice(begun, n).join(""));
      [begun, bytes] = [n, 0];
    }
    bytes += more;
  });
  parts.push(lines.slice(begun).join(""));
  return parts;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function moveIfThere(from: string, to: string): Promise<void> {
  if (from === to) return;
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
