import { defineConfig } from "vitest/config";

const setupFiles = ["test/support/setup.ts"];
/** The programs under test are started from `dist`, as a user starts them. */
const globalSetup = ["test/support/build.ts"];

/**
 * Tests of what is set once for a program (who looks, the console), measured in one (its heap), or that put something in the
 * place of a file which others may have loaded. They need a program of their own.
 */
const alone = [
  "test/io/console.test.ts",
  "test/process/viewer.test.ts",
  "test/security/values.test.ts",
  "test/shell/docs.test.ts",
  "test/shell/helpers/h.test.ts",
  "test/term/intern.test.ts",
];

/** Tests of `inspect` where nobody says whose shell looks: they share a program in which no shell is loaded. */
const inspecting = ["test/term/inspect*.test.ts"];

/** The shell's helpers, which write and read the documentation of one program. */
const helpers = ["test/shell/helpers/**/*.test.ts"];

/** What nodes do with each other, told over real sockets once more. Tests that set the time are left out there. */
const overSockets = [
  "test/cluster/travelling-function.test.ts",
  "test/examples/chat/chat.test.ts",
  "test/examples/kv/router.test.ts",
  "test/node/{erpc,log-forward,node-module,remote-spawn,rpc}.test.ts",
];

export default defineConfig({
  test: {
    // The source runs in Node as it is, so the tests' workers need nobody to transform it.
    experimental: { viteModuleRunner: false },
    pool: "forks",
    maxWorkers: 2,
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
          // Loading the source for every file anew would take longer than all the tests. A file leaves nothing behind:
          // the set-up file fails one that does.
          isolate: false,
          globalSetup,
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/docs/**", "test/pty/**", "test/package.test.ts", ...alone, ...inspecting, ...helpers],
          setupFiles,
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, setupFiles },
      },
      {
        extends: true,
        test: { name: "inspect", isolate: false, include: inspecting, setupFiles },
      },
      {
        extends: true,
        test: { name: "helpers", isolate: false, include: helpers, exclude: alone, setupFiles },
      },
      {
        extends: true,
        test: {
          name: "websocket",
          isolate: false,
          include: overSockets,
          env: { MOEBI_NETWORK: "websocket" },
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
          testTimeout: Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 360_000),
          hookTimeout: Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 360_000),
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package.test.ts"],
          setupFiles,
          sequence: { groupOrder: 2 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
