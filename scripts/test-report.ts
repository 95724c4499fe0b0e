/**
 * A reporter for vitest that writes what `scripts/test` counts, and what it says again at the end: of a long run only the
 * last lines may be left to read. The file to write is named by MOEBI_TEST_REPORT.
 */
import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** One thing that failed: a test, a file that could not be read, or an error that no test caught. */
export interface Failure {
  readonly title: string;
  /** The messages of its errors, with where they arose, plain. */
  readonly text: string;
}

/** What a run of vitest came to. */
export interface TestReport {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

function describe(errors: readonly SerializedError[]): string {
  const texts = errors.map((error) =>
    [error.message, error["diff"] as string | undefined, error.stack].filter(Boolean).join("\n"),
  );
  return stripVTControlCharacters(texts.join("\n\n"));
}

export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const path = process.env["MOEBI_TEST_REPORT"];
    if (path === undefined) return;
    let passed = 0;
    const failures: Failure[] = [];
    for (const module of modules) {
      if (module.errors().length > 0)
        failures.push({ title: module.relativeModuleId, text: describe(module.errors()) });
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === "passed") passed += 1;
        if (state === "failed")
          failures.push({ title: `${module.relativeModuleId} > ${test.fullName}`, text: describe(errors ?? []) });
      }
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0)
          failures.push({ title: `${module.relativeModuleId} > ${suite.fullName}`, text: describe(suite.errors()) });
      }
    }
    for (const error of unhandled) failures.push({ title: "an error that no test caught", text: describe([error]) });
    writeFileSync(path, JSON.stringify({ passed, failures } satisfies TestReport));
  }
}
