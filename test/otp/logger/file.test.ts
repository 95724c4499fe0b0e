import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LogFile } from "../../../src/otp/logger/file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-log-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const unexpected = (error: Error): never => {
  throw error;
};

describe("a log file", () => {
  test("holds the lines in their order, after what was there", async () => {
    const file = join(folder, "app.log");
    for (const run of [1, 2]) {
      const log = new LogFile({ file }, unexpected);
      for (let i = 0; i < 3; i++) log.write(`${String(run)} ${String(i)}`);
      await log.flush();
    }
    expect(readFileSync(file, "utf8")).toBe("1 0\n1 1\n1 2\n2 0\n2 1\n2 2\n");
  });

  test("is put aside above its size, and only so many are kept", async () => {
    const file = join(folder, "app.log");
    const log = new LogFile({ file, maxBytes: 10, maxFiles: 2 }, unexpected);
    for (const line of ["first", "second", "third", "fourth"]) {
      log.write(line);
      await log.flush();
    }
    const contents = [file, `${file}.1`, `${file}.2`].map((path) => readFileSync(path, "utf8"));
    expect(contents).toEqual(["fourth\n", "third\n", "second\n"]);
    expect(existsSync(`${file}.3`)).toBe(false);
  });

  test("keeps to its size when many lines come at once, and loses none but the oldest", async () => {
    const file = join(folder, "app.log");
    const log = new LogFile({ file, maxBytes: 100, maxFiles: 2 }, unexpected);
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${String(n).padStart(4, "0")}`);
    for (const line of lines) log.write(line);
    await log.flush();
    const files = [`${file}.2`, `${file}.1`, file].map((path) => readFileSync(path, "utf8"));
    expect(files.map((text) => text.length)).toEqual([100, 100, 100]);
    expect(files.join("")).toBe(`${lines.slice(-30).join("\n")}\n`);
    expect(existsSync(`${file}.3`)).toBe(false);
    // What is there already counts, and one line may be longer than a file.
    log.write("x".repeat(150));
    log.write("after");
    await log.flush();
    const after = [`${file}.2`, `${file}.1`, file].map((path) => readFileSync(path, "utf8"));
    expect(after).toEqual([files[2], `${"x".repeat(150)}\n`, "after\n"]);
  });

  test("tells why it can't be written, and of nobody else's trouble", async () => {
    const errors: string[] = [];
    const log = new LogFile({ file: join(folder, "absent", "app.log") }, (error) =>
      errors.push((error as NodeJS.ErrnoException).code ?? ""),
    );
    log.write("lost");
    await log.flush();
    expect(errors).toEqual(["ENOENT"]);
  });
});
