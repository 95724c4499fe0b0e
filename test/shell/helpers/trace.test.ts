import { describe, expect, test } from "vitest";
import { captureShell } from "../../support/capture-shell.ts";

const node = { sname: "alex" };
const lines = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => /^(\(|Tracing|Nothing|Kate|"Echo"|#PID.*: |\d$)/.test(line))
    .map((line) => line.replace(/#PID<[\d.]+>/g, "#"));

describe("trace()", () => {
  test("prints messages and calls as they happen, and untrace() ends it", async () => {
    const { out, ok } = await captureShell(
      `const Kate = { say(text: string) { return text + "!" } }
       const echo = spawn(async () => { for (;;) { const [from, m] = await receive(); send(from, m) } })
       void Process.register(echo, "Echo")
       void await trace(Kate)
       void await trace("Echo", { flags: ["receive"] })
       void await trace()
       void Kate.say("hi")
       void send("Echo", [self(), 1])
       void await Process.sleep(100)
       await untrace(Kate)
       await untrace()
       void Kate.say("unseen")
       void send("Echo", [self(), 2])
       void await Process.sleep(100)
       void await trace()`.replace(/^ +/gm, ""),
      { node },
    );
    expect(ok).toBe(true);
    const shown = lines(out);
    expect(shown.slice(0, 4)).toEqual([
      'Tracing Kate: "call". untrace() or Ctrl+C ends it',
      'Tracing "Echo": "receive". untrace() or Ctrl+C ends it',
      'Kate: "call"',
      '"Echo": "receive"',
    ]);
    // Two traces are told each by its own process.
    expect(shown.slice(4, 7).sort()).toEqual([
      "(#) << [#, 1]",
      '(#) call Kate.say("hi")',
      '(#) returned from Kate.say/1 -> "hi!"',
    ]);
    expect(shown.slice(7)).toEqual(["1", "1", "Nothing is traced"]);
  });

  test("takes one function of a module, and the module of a name where calls are wanted", async () => {
    const { out, err } = await captureShell(
      `const Kate = { say(text: string) { return text }, other() {} }
       void await trace(Kate.say)
       void await untrace(Kate.say)
       void await trace("Kate", { flags: ["call"] })
       void await trace("alex@localhost", { flags: ["nodes"] })`.replace(/^ +/gm, ""),
      { node },
    );
    expect(err).toBe("");
    expect(lines(out)).toEqual([
      'Tracing Kate.say: "call". untrace() or Ctrl+C ends it',
      'Tracing Kate: "call". untrace() or Ctrl+C ends it',
      'Tracing alex@localhost: "nodes". untrace() or Ctrl+C ends it',
    ]);
  });

  test.each([
    ["trace(42)", "trace() takes a pid, a name, a module"],
    ["trace(() => 1)", "trace() takes a pid, a name, a module"],
    ['trace({ global: "Nobody" })', "Nobody has the name"],
    ['trace(self(), { what: ["send"] })', 'trace() has no option "what"; it has flags, rate, length'],
    ['trace(self(), { flags: "send" })', 'The option flags of trace() is a list, as ["send", "receive"], not "send"'],
    ["trace(self(), { rate: 0 })", "The option rate of trace() is a number, 1 or more, not 0"],
    ["trace(self(), 5)", "The options of trace() are an object"],
    ['trace("nobody@localhost")', "No connection to nobody@localhost"],
  ])("%s fails, and says why", async (statement, why) => {
    const { err } = await captureShell(statement, { node });
    expect(err).toContain(why);
  });
});
