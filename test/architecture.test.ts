import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  countLines,
  importViolations,
  isTypesOnly,
  lengthViolations,
  maxLines,
  testViolations,
} from "./support/architecture.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const files = new Map(
  globSync("{src,test,scripts}/**/*.{ts,tsx,js}", { cwd: root }).map((path) => [
    path.split(sep).join("/"),
    readFileSync(join(root, path), "utf8"),
  ]),
);

/** Source files without a test of their own, and why. */
const untested = new Map<string, string>([
  ["src/node/wire/http.ts", "a way of loading Node's own module, shown by ws-transport.test.ts"],
  ["src/cli/main.ts", "started as a program by test/pty/cli-main.test.ts and the transcripts"],
  ["src/cli/local-session.ts", "the shell of the command, shown by test/pty"],
  ["src/cli/remote-session.ts", "a shell on another node, shown by test/pty/cli-remote.test.ts"],
  [
    "src/cli/pried.ts",
    "keys for a process that is looked into, shown by test/shell/pry.test.ts and test/cluster/pry.test.ts",
  ],
  [
    "src/shell/attended.ts",
    "a shell for another node's terminal, shown by test/pty/cli-remote.test.ts and test/cluster/pry.test.ts",
  ],
  ["src/shell/pry-session.ts", "the prompt that pry() opens, shown by test/shell/pry.test.ts"],
  ["src/shell/helpers/breaks.ts", "lists what break-points.test.ts sets"],
  ["src/shell/helpers/set-break.ts", "shown by break-points.test.ts"],
  ["src/shell/helpers/reset-break.ts", "shown by break-points.test.ts"],
  ["src/shell/helpers/remove-breaks.ts", "shown by break-points.test.ts"],
  ["src/shell/source-of.ts", "what source() finds, shown by source.test.ts of the helpers"],
  ["src/shell/remote-shell.ts", "its other end, shown by test/pty/cli-remote.test.ts"],
  ["src/node/observed/types.ts", "shapes, their list of orders and a bound, shown by process-table.test.ts"],
  ["src/cli/version.ts", "one constant, shown by --version in test/pty/cli-main.test.ts"],
  [
    "src/code/ast.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  ["src/code/compile.ts", "a part of closures, shown by closure.test.ts"],
  [
    "src/code/environment.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  [
    "src/code/instrument.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  [
    "src/code/lines.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  ["src/code/lru.ts", "a part of closures, shown by closure.test.ts"],
  [
    "src/code/message.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  [
    "src/code/peek.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  ["src/code/registry.ts", "a part of closures, shown by closure.test.ts"],
  [
    "src/code/shape.ts",
    "a part of reading and rewriting, shown by rewrite.test.ts, typescript.test.ts and session.test.ts",
  ],
  [
    "src/examples/chat/application.ts",
    "a definition, shown by test/cli/apps.test.ts and test/pty/transcript-chat.test.ts",
  ],
  ["src/examples/template/greeter.test.ts", "a test itself, run by test/examples/template"],
  ["src/index.ts", "a list of names, used by test/docs and test/package.test.ts"],
  ["src/library.ts", "a list of names, used by every session of test/docs"],
  ["src/node/observed/measured.ts", "a part of what an observed node tells, shown by observed.test.ts"],
  ["src/node/observed/process-report.ts", "a part of what an observed node tells, shown by observed.test.ts"],
  ["src/node/observed/tree.ts", "a part of what an observed node tells, shown by observed.test.ts"],
  ["src/node/observed/watch.ts", "a part of what an observed node tells, shown by observed.test.ts"],
  ["src/node/trace.ts", "what a node tells whoever traces it, shown by test/shell/traces.test.ts"],
  ["src/node/trace/report.ts", "its way to the one who asked, shown by test/shell/traces.test.ts"],
  ["src/node/trace/trace-types.ts", "shapes and lists of flags, shown by test/shell/traces.test.ts"],
  ["src/node/trace/tracers.ts", "all who trace a node, shown by test/shell/traces.test.ts"],
  ["src/process/tracer.ts", "a shape, shown by test/shell/traces.test.ts"],
  ["src/node/vitals.ts", "a part of what an observed node tells, shown by observed.test.ts"],
  ["src/otp/application-controller.ts", "the applications of a node, shown by application.test.ts"],
  ["src/otp/application-environment.ts", "the settings of a node, shown by application.test.ts"],
  ["src/otp/application-master.ts", "the process of an application, shown by application.test.ts"],
  ["src/otp/application-spec.ts", "what an application is made of, shown by application.test.ts"],
  ["src/otp/dynamic-supervisor-server.ts", "the process of a supervisor, shown by dynamic-supervisor.test.ts"],
  ["src/otp/start-child.ts", "a step of all supervisors, shown by supervisor.test.ts and dynamic-supervisor.test.ts"],
  ["src/otp/stop-children.ts", "a step of all supervisors, shown by supervisor.test.ts and dynamic-supervisor.test.ts"],
  [
    "src/otp/supervisor-client.ts",
    "answers of supervisors, shown by supervisor.test.ts and dynamic-supervisor.test.ts",
  ],
  ["src/otp/supervisor-flags.ts", "options of supervisors, shown by supervisor.test.ts and dynamic-supervisor.test.ts"],
  ["src/otp/supervisor-report.ts", "what supervisors log, shown by supervisor.test.ts"],
  [
    "src/otp/supervisor-start.ts",
    "the start of all supervisors, shown by supervisor.test.ts and dynamic-supervisor.test.ts",
  ],
  ["src/shell/helpers/loaded-from.ts", "what load-file.ts remembers for h(), shown by h.test.ts"],
  ["src/cli/observe.ts", "the observer as a command, shown by test/pty/observer.test.ts"],
  ["src/cli/protocol.ts", "started as a program by test/pty/cli-protocol.test.ts"],
  ["src/cli/prepare-node.ts", "a part of the command, shown by test/pty/cli-main.test.ts and cli-protocol.test.ts"],
  ["src/shell/lookup.ts", "what h() and i() say, for a program, shown by protocol.test.ts"],
  ["src/shell/report.ts", "what a program is told, shown by protocol.test.ts"],
  ["src/shell/protocol/devices.ts", "a part of the protocol, shown by protocol.test.ts"],
  ["src/shell/protocol/ops.ts", "a list, checked by request.test.ts"],
  ["src/shell/protocol/session.ts", "a part of the protocol, shown by protocol.test.ts"],
  ["src/shell/prompting.ts", "one process of a node, shown by status.test.ts"],
  ["src/shell/evaluator.ts", "shown through the shell that uses it, by server.test.ts"],
  ["src/shell/helpers/index.ts", "a list, used by every test of a helper"],
  ["src/start-node.ts", "puts layers together, shown by test/cluster and test/security"],
  ["src/term/codec-decode-other.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-decode.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-encode-other.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-encode.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-kind.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-refusal.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-seen.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-shape.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/term/codec-tags.ts", "a half of the codec, shown by codec.test.ts"],
  ["src/terminal/app.ts", "does nothing without a terminal, judged on the screen by test/pty/terminal.test.ts"],
  ["src/terminal/buffer.ts", "a part of the editor, shown by editor.test.ts"],
  ["src/terminal/capture.ts", "does nothing without a terminal, judged on the screen by test/pty/terminal.test.ts"],
  ["src/terminal/commands.ts", "a part of the editor, shown by editor.test.ts"],
  ["src/terminal/graphemes.ts", "widths and characters, shown by layout.test.ts and keys.test.ts"],
  ["src/terminal/keymap.ts", "a part of the editor, shown by editor.test.ts"],
  ["src/terminal/pager.ts", "does nothing without a terminal, judged on the screen by test/pty/completion.test.ts"],
  [
    "src/terminal/observer/observer.ts",
    "does nothing without a terminal, judged on the screen by test/pty/observer.test.ts",
  ],
  ["src/terminal/observer/rows.ts", "a part of the observer's screen, shown by frame.test.ts"],
  [
    "src/terminal/observer/screen.ts",
    "does nothing without a terminal, judged on the screen by test/pty/observer.test.ts",
  ],
  ["src/terminal/observer/views.ts", "a part of the observer's screen, shown by frame.test.ts"],
  ["src/terminal/recall.ts", "a part of the editor, shown by editor.test.ts"],
  [
    "src/terminal/settings-menu.ts",
    "does nothing without a terminal, judged on the screen by test/pty/settings.test.ts",
  ],
  ["src/terminal/state.ts", "a part of the editor, shown by editor.test.ts"],
  ["src/terminal/suggest.ts", "a part of the editor, shown by editor.test.ts"],
  ["src/terminal/vi-changes.ts", "a part of vi's keys, shown by vi.test.ts"],
  ["src/terminal/vi-motions.ts", "a part of vi's keys, shown by vi.test.ts"],
  ["src/terminal/vi-state.ts", "the state of vi's keys, shown by vi.test.ts"],
  ["src/terminal/stream.ts", "does nothing without a terminal, judged on the screen by test/pty/terminal.test.ts"],
  ["src/terminal/tty.ts", "does nothing without a terminal, judged on the screen by test/pty/terminal.test.ts"],
  ["src/testing.ts", "a list of names, used by test/cluster"],
]);

describe("the source", () => {
  test("is there", () => {
    expect([...files.keys()]).toContain("src/term/pid.ts");
  });

  test("imports along the layers, and each package in its place", () => {
    expect(importViolations(files)).toEqual([]);
  });

  test(`has no file of more than ${maxLines} lines beside its documentation`, () => {
    expect(lengthViolations(files)).toEqual([]);
  });

  test("has a test of the same name for every file", () => {
    expect(testViolations(files, untested)).toEqual([]);
  });
});

describe("importViolations()", () => {
  const violations = (path: string, text: string) => importViolations(new Map([[path, text]]));

  test.each([
    ["src/process/spawn.ts", 'import { encode } from "../node/wire/codec.ts";'],
    ["src/otp/task.ts", 'import type { Link } from "../node/carrier.ts";'],
    ["src/shell/server.ts", 'export { app } from "../terminal/app.tsx";'],
    ["src/terminal/app.tsx", 'const cli = await import("../cli/main.ts");'],
    ["src/index.ts", 'import { app } from "./terminal/app.tsx";'],
    ["src/shell/helpers/h.ts", 'import { spawn } from "../../index.ts";'],
    ["src/term/pid.ts", 'import { x } from "../../test/support/x.ts";'],
    ["src/shell/complete.ts", 'import { Box } from "ink";'],
    ["src/terminal/app.tsx", 'import yargs from "yargs/yargs";'],
    ["src/node/node.ts", 'import WebSocket from "ws";'],
    ["src/term/codec.ts", 'import _ from "lodash";'],
    ["src/extra/file.ts", "export const a = 1;"],
  ])("tells of %s with %s", (path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  test.each([
    ["src/process/spawn.ts", 'import { Pid } from "../term/pid.ts"; import { send } from "./send.ts";'],
    ["src/node/wire/ws-transport.ts", 'import WebSocket from "ws"; import { createServer } from "node:net";'],
    ["src/cli/main.ts", 'import yargs from "yargs/yargs"; const app = await import("../terminal/app.tsx");'],
    ["src/index.ts", 'export { Task } from "./otp/task.ts";'],
    ["src/term/inspect.ts", '// import { Box } from "ink";\nconst text = `import { Box } from "ink";`;'],
  ])("has nothing against %s with %s", (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });
});

describe("lengthViolations()", () => {
  test("counts code and comments, but not documentation", () => {
    const documented = `/**\n * What it does.\n */\nexport const a = 1;\n\n  /** One line. */\n// Why.\nexport const b = 2;\n`;
    expect(countLines(documented)).toBe(4);
  });

  test("tells of a file that is one line too long", () => {
    const line = "run();\n";
    expect(lengthViolations(new Map([["src/a.ts", line.repeat(maxLines)]]))).toEqual([]);
    expect(lengthViolations(new Map([["src/a.ts", line.repeat(maxLines + 1)]]))).toHaveLength(1);
  });
});

describe("testViolations()", () => {
  const source: [string, string] = ["src/term/codec.ts", "export const a = 1;"];

  test("tells of a file without a test, and of nothing once it has one", () => {
    expect(testViolations(new Map([source]), new Map())).toHaveLength(1);
    expect(testViolations(new Map([source, ["test/term/codec.test.ts", ""]]), new Map())).toEqual([]);
  });

  test("asks for none of an index and of a file of types", () => {
    const exempt = new Map([
      ["src/term/index.ts", 'export { a } from "./a.ts";'],
      ["src/node/carrier.ts", 'import type { A } from "./a.ts";\nexport type B = A;\nexport interface C { b: B }'],
    ]);
    expect(testViolations(exempt, new Map())).toEqual([]);
    expect(isTypesOnly("export type A = 1; export const a = 1;")).toBe(false);
    expect(isTypesOnly('import "./side-effect.ts";')).toBe(false);
  });

  test("takes an exception for as long as it is one", () => {
    const exceptions = new Map([[source[0], "a reason"]]);
    expect(testViolations(new Map([source]), exceptions)).toEqual([]);
    expect(testViolations(new Map([source, ["test/term/codec.test.ts", ""]]), exceptions)).toHaveLength(1);
    expect(testViolations(new Map(), exceptions)).toHaveLength(1);
  });
});
