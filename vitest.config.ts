import { defineConfig } from "vitest/config";

const setupFiles = ["test/support/setup.ts"];
/** The programs under test are started from `dist`, as a user starts them. */
const globalSetup = ["test/support/build.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    // A file's processes, nodes and sockets are its own.
    isolate: true,
    restoreMocks: true,
    unstubEnvs: true,
    // How long a test may wait for an event: wide, as only a failure waits so long. MOEBI_TEST_TIMEOUT (milliseconds) sets it.
    testTimeout: Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 60_000),
    hookTimeout: Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 60_000),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/docs/**", "test/pty/**", "test/package.test.ts"],
          setupFiles,
        },
      },
      {
        extends: true,
        test: { name: "docs", include: ["test/docs/**/*.test.ts"], setupFiles },
      },
      {
        extends: true,
        test: {
          name: "pty",
          include: ["test/pty/**/*.test.ts"],
          setupFiles,
          globalSetup,
          // Each file starts programs of its own; more than one at a time and they wait for the processor, not for events.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 180_000),
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package.test.ts"],
          setupFiles,
          // It builds dist anew, so it runs when nothing else is started from there.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
