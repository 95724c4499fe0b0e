/**
 * Runs the checks and the tests, shows what fails, and prints `N passed, N failed` as its last line, and above it once more
 * what failed. A check counts as one test, and so does what fails outside of a test: an unhandled rejection, an empty file.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure, TestReport } from "./test-report.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };

/** How much of what failed is said again at the end, in characters. */
const EXCERPT = 4_000;

let passed = 0;
const failures: Failure[] = [];

interface Run {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a command. What it prints is shown as it comes if it has the screen to itself, else when it ends. */
async function run(command: string, args: readonly string[], more: NodeJS.ProcessEnv, alone: boolean): Promise<Run> {
  const child = spawn(join(bin, command), args, {
    cwd: root,
    env: { ...env, ...more },
    stdio: alone ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.stdout.write(Buffer.concat(output));
  return { ok: status === 0, output: Buffer.concat(output).toString() };
}

async function check(title: string, command: string, args: readonly string[]): Promise<void> {
  const started = performance.now();
  const { ok, output } = await run(command, args, {}, false);
  if (ok) passed += 1;
  else failures.push({ title, text: output });
  console.log(`${ok ? "✓" : "✗"} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

async function readReport(path: string): Promise<TestReport> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as TestReport;
  } catch {
    // It ended before it could report; its exit status says so.
    return { passed: 0, failures: [] };
  }
}

async function test(args: readonly string[], alone = true): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "moebi-report-"));
  const path = join(folder, "report.json");
  try {
    const options = ["run", "--reporter=default", "--reporter=./scripts/test-report.ts"];
    const { ok, output } = await run("vitest", [...options, ...args], { MOEBI_TEST_REPORT: path }, alone);
    const report = await readReport(path);
    passed += report.passed;
    failures.push(...report.failures);
    if (!ok && report.failures.length === 0)
      failures.push({ title: `vitest ${args.join(" ")}`, text: output.slice(-EXCERPT) });
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
  await test(["unit", "websocket", "helpers", "inspect", "alone", "docs"].flatMap((project) => ["--project", project]));
}

const args = process.argv.slice(2);
await (args.length === 0 ? everything() : test(args));
for (const { title, text } of failures) {
  console.log(`\n✗ ${title}\n${text.length > EXCERPT ? `${text.slice(0, EXCERPT)}\n…` : text}`);
}
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
