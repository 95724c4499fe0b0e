/**
 * Runs the checks and the tests, shows what fails, and prints `N passed, N failed` as its last line. A check counts as
 * one test, and so does a run of vitest that fails without a failing test (an unhandled rejection, an empty file).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };

let passed = 0;
let failed = 0;

/** Runs a command; whether it succeeded. What it prints is shown as it comes, or, if others run beside it, when it ends. */
async function run(command: string, args: readonly string[], alone: boolean): Promise<boolean> {
  const child = spawn(join(bin, command), args, {
    cwd: root,
    env,
    stdio: alone ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.stdout.write(Buffer.concat(output));
  return status === 0;
}

async function check(title: string, command: string, args: readonly string[]): Promise<void> {
  const started = performance.now();
  const ok = await run(command, args, false);
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? "✓" : "✗"} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** What of vitest's JSON report is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

async function readReport(path: string): Promise<Report> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Report;
  } catch {
    // It ended before it could report; its exit status says so.
    return { numPassedTests: 0, numFailedTests: 0 };
  }
}

async function test(args: readonly string[], alone = true): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "moebi-report-"));
  const path = join(folder, "report.json");
  try {
    const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
    const ok = await run("vitest", [...options, ...args], alone);
    const report = await readReport(path);
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (!ok && report.numFailedTests === 0) failed += 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * On two processors one is for what reads all the sources at length, the other for what waits: for terminals, for npm.
 * Then both are for the tests that run in this program's own workers.
 */
async function everything(): Promise<void> {
  await Promise.all([
    (async () => {
      await check("lint", "eslint", ["."]);
      await check("types", "node", ["node_modules/typescript7/bin/tsc", "-p", "."]);
      await check("format", "prettier", ["--check", "--log-level=warn", "."]);
      await test(["--project", "package"], false);
    })(),
    test(["--project", "pty"], false),
  ]);
  await test(["--project", "unit", "--project", "alone", "--project", "docs"]);
}

const args = process.argv.slice(2);
await (args.length === 0 ? everything() : test(args));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
