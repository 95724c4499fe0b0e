/**
 * Runs the checks and the tests, shows what fails, and prints `N passed, N failed` as its last line. A check counts as
 * one test, and so does a run of vitest that fails without a failing test (an unhandled rejection, an empty file).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };

let passed = 0;
let failed = 0;

/** Runs a command with its output shown; whether it succeeded. */
function run(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(join(bin, command), args, { cwd: root, env, stdio: "inherit" });
  return status === 0;
}

function check(title: string, command: string, args: readonly string[]): void {
  const started = performance.now();
  const ok = run(command, args);
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? "✓" : "✗"} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** What of vitest's JSON report is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Report;
  } catch {
    // It ended before it could report; its exit status says so.
    return { numPassedTests: 0, numFailedTests: 0 };
  }
}

function test(args: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "moebi-report-"));
  const path = join(folder, "report.json");
  try {
    const ok = run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${path}`, ...args]);
    const report = readReport(path);
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (!ok && report.numFailedTests === 0) failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
if (args.length === 0) {
  check("types", "tsc", ["-p", "."]);
  check("lint", "eslint", ["."]);
  check("format", "prettier", ["--check", "--log-level=warn", "."]);
}
test(args);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
