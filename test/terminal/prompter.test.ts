import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Completion } from "../../src/shell/complete.ts";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { sourceOf } from "../../src/terminal/buffer.ts";
import type { StatementHistory } from "../../src/io/device.ts";
import { KeyParser } from "../../src/terminal/keys.ts";
import type { EditorOptions } from "../../src/terminal/editor.ts";
import { Prompter } from "../../src/terminal/prompter.ts";

const first = 0;
const second = 1;
const menu = 2;
const CTRL_C = "\x03";
const CTRL_G = "\x07";
const CTRL_Z = "\x1a";

function prompts(name: string) {
  return { first: `${name}> `, continuation: `${name}| ` };
}

/** A prompter whose Ctrl+G shows the view `menu`, and what was asked of its owner, in order. */
function open(
  complete?: () => Promise<Completion>,
  history?: StatementHistory,
  running?: () => number,
  settings?: () => EditorOptions,
) {
  const asked: string[] = [];
  const keys = new KeyParser();
  const prompter: Prompter = new Prompter(
    {
      parse: () => Promise.resolve({ kind: "complete" }),
      ...(complete && { complete }),
      ...(history && { history }),
      ...(settings && { settings }),
    },
    {
      onChange: () => undefined,
      onSubmit: () => Promise.resolve(),
      onEdit: (source) => Promise.resolve({ source: `${source} edited` }),
      onInterrupt: () => asked.push("interrupt"),
      onClear: () => asked.push("clear"),
      onMenu: () => {
        asked.push("menu");
        prompter.show(menu);
      },
      onSettings: () => {
        asked.push("settings");
        return Promise.resolve();
      },
      onSuspend: () => asked.push("suspend"),
      ...(running && { stillRunning: running }),
    },
  );
  const type = (text: string): void => prompter.receive([...keys.push(text), ...keys.flush()]);
  const typed = (): string | undefined => prompter.current && sourceOf(prompter.current.state.buffer);
  return { prompter, asked, type, typed };
}

test("a statement that another session adds while the prompt waits can be recalled, and disturbs none that is typed", () => {
  const history = { entries: ["one"], add: () => undefined };
  const { prompter, type, typed } = open(undefined, history);
  void prompter.read("statement", prompts("one"));
  history.entries = ["one", "two"];
  type("\x1b[A");
  expect(typed()).toBe("two");
  history.entries = ["one", "two", "three"];
  type("\x1b[A");
  expect(typed()).toBe("one");
  type("\x1b[B\x1b[B");
  expect(typed()).toBe("");
  type("\x1b[A");
  expect(typed()).toBe("three");
});

describe("Prompter views", () => {
  test("each keeps what was typed into it", () => {
    const { prompter, type, typed } = open();
    void prompter.read("statement", prompts("one"), undefined, first);
    void prompter.read("statement", prompts("two"), undefined, second);
    type("in one");
    prompter.show(second);
    expect(typed()).toBe("");
    type("in two");
    prompter.show(first);
    expect(typed()).toBe("in one");
    expect(prompter.current?.prompts.first).toBe("one> ");
    prompter.show(second);
    expect(typed()).toBe("in two");
  });

  test("what is put aside keeps what was typed, and keys are for what reads meanwhile", async () => {
    const { prompter, type, typed, asked } = open();
    const outer = prompter.read("statement", prompts("outer"), undefined, first);
    type("half");
    const back = prompter.setAside(first);
    expect(prompter.current).toBeUndefined();
    type(CTRL_C);
    expect(asked).toEqual(["interrupt"]);
    const inner = prompter.read("statement", prompts("inner"), undefined, first);
    type("1\r");
    expect(await inner).toBe("1");
    expect(prompter.current).toBeUndefined();
    back();
    expect(typed()).toBe("half");
    type("\r");
    expect(await outer).toBe("half");
  });

  test("a hidden one that begins to read takes no keys", () => {
    const { prompter, type, typed } = open();
    void prompter.read("statement", prompts("one"), undefined, first);
    type("a");
    void prompter.read("line", prompts("two"), undefined, second);
    type("b");
    expect(typed()).toBe("ab");
  });

  test("what was typed ahead for one waits for it", () => {
    const { prompter, type, typed } = open();
    type("ahead");
    prompter.show(second);
    void prompter.read("statement", prompts("two"), undefined, second);
    expect(typed()).toBe("");
    prompter.show(first);
    void prompter.read("statement", prompts("one"), undefined, first);
    expect(typed()).toBe("ahead");
  });

  test("prompts are changed of the one that is meant", () => {
    const { prompter } = open();
    void prompter.read("statement", prompts("one"), undefined, first);
    void prompter.read("statement", prompts("two"), undefined, second);
    prompter.setPrompts(prompts("new"), second);
    expect(prompter.current?.prompts.first).toBe("one> ");
    prompter.show(second);
    expect(prompter.current?.prompts.first).toBe("new> ");
  });
});

describe("Prompter keys out of turn", () => {
  test("Ctrl+G shows the menu at a prompt, which keeps its line, and the keys behind it are the menu's", () => {
    const { prompter, asked, type, typed } = open();
    void prompter.read("statement", prompts("one"));
    void prompter.read("line", prompts("menu"), undefined, menu);
    type(`half${CTRL_G}j`);
    expect(asked).toEqual(["menu"]);
    expect(typed()).toBe("j");
    prompter.show(first);
    expect(typed()).toBe("half");
  });

  test("Ctrl+G shows the menu while something runs, and what was typed ahead of it stays", () => {
    const { prompter, asked, type, typed } = open();
    type(`ahead${CTRL_G}i`);
    expect(asked).toEqual(["menu"]);
    void prompter.read("line", prompts("menu"), undefined, menu);
    expect(typed()).toBe("i");
    prompter.show(first);
    void prompter.read("statement", prompts("one"));
    expect(typed()).toBe("ahead");
  });

  test("Ctrl+Z stops the program at a prompt, and while something runs", () => {
    const { prompter, asked, type, typed } = open();
    type(`a${CTRL_Z}b`);
    expect(asked).toEqual(["suspend"]);
    void prompter.read("statement", prompts("one"));
    type(CTRL_Z);
    expect(asked).toEqual(["suspend", "suspend"]);
    expect(typed()).toBe("ab");
  });

  test("Ctrl+C interrupts what runs once, however often it came, and drops what was typed ahead", () => {
    const { prompter, asked, type, typed } = open();
    type(`gone${CTRL_C}${CTRL_C}kept`);
    expect(asked).toEqual(["interrupt"]);
    void prompter.read("statement", prompts("one"));
    expect(typed()).toBe("kept");
  });
});

describe("Prompter reads", () => {
  test("take what was typed ahead of them, each a statement", async () => {
    const { prompter, type } = open();
    type("one\rtwo\rthr");
    expect(await prompter.read("statement", prompts("one"))).toBe("one");
    expect(await prompter.read("statement", prompts("two"))).toBe("two");
    const three = prompter.read("statement", prompts("three"));
    type("ee\r");
    expect(await three).toBe("three");
  });

  test("have a statement edited elsewhere, and keys wait for it", async () => {
    const { prompter, type } = open();
    const read = prompter.read("statement", prompts("one"));
    type("a\x18\x05!\r");
    expect(await read).toBe("a edited!");
  });

  test("follow a setting that changes", () => {
    let editing: "emacs" | "vi" = "emacs";
    const prompter = new Prompter(
      {
        parse: () => Promise.resolve({ kind: "complete" }),
        settings: () => ({ ...DEFAULT_SETTINGS, editing }),
      },
      {
        onChange: () => undefined,
        onSubmit: () => Promise.resolve(),
        onEdit: (source) => Promise.resolve({ source }),
        onInterrupt: () => undefined,
        onClear: () => undefined,
        onMenu: () => undefined,
        onSettings: () => Promise.resolve(),
        onSuspend: () => undefined,
      },
    );
    void prompter.read("statement", prompts("one"));
    editing = "vi";
    prompter.receive([
      { type: "text", text: "abc" },
      { type: "chord", chord: "escape" },
      { type: "text", text: "0x" },
    ]);
    expect(prompter.current && sourceOf(prompter.current.state.buffer)).toBe("bc");
  });
});

describe("Prompter completions", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  test.each([
    ["are shown when they come, if nothing was typed since", "", "Counter"],
    ["are of no use any more, if something was", "x", "Countx"],
  ])("that take longer than keys wait for %s", async (_, typedSince, shown) => {
    const late = Promise.withResolvers<Completion>();
    const { prompter, type, typed } = open(() => late.promise);
    void prompter.read("statement", prompts("one"));
    type("Count\t");
    await vi.advanceTimersByTimeAsync(300);
    type(typedSince);
    expect(typed()).toBe(`Count${typedSince}`);
    late.resolve({ insert: "er", candidates: [] });
    await late.promise;
    await vi.advanceTimersByTimeAsync(0);
    expect(typed()).toBe(shown);
  });
});

describe("a key that leaves while work started here still runs", () => {
  const hint = (prompter: Prompter): string | undefined => prompter.current?.state.hint;

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test("says so, and leaves if it comes again at once", async () => {
    const { prompter, type } = open(undefined, undefined, () => 2);
    const read = prompter.read("statement", prompts("one"));
    type("\x04");
    expect(hint(prompter)).toBe("(2 processes started here still run; Ctrl+D again to leave)");
    type("\x04");
    expect(await read).toBeNull();
  });

  test("says so again after any other key", async () => {
    const { prompter, type } = open(undefined, undefined, () => 1);
    const read = prompter.read("statement", prompts("one"));
    type("\x04a\x7f");
    expect(hint(prompter)).toBeUndefined();
    type("\x04");
    expect(hint(prompter)).toBe("(1 process started here still runs; Ctrl+D again to leave)");
    type("\x04");
    expect(await read).toBeNull();
  });

  test("is the second Ctrl+C too, for as long as the words stand there", async () => {
    const { prompter, type } = open(undefined, undefined, () => 2);
    const read = prompter.read("statement", prompts("one"));
    type(CTRL_C + CTRL_C);
    expect(hint(prompter)).toBe("(2 processes started here still run; Ctrl+C again to leave)");
    vi.advanceTimersByTime(2001);
    expect(hint(prompter)).toBeUndefined();
    type(CTRL_C + CTRL_C);
    expect(hint(prompter)).toBe("(2 processes started here still run; Ctrl+C again to leave)");
    vi.advanceTimersByTime(1900);
    type(CTRL_C);
    expect(await read).toBeNull();
  });

  test("leaves at once if nothing runs", async () => {
    const { prompter, type } = open(undefined, undefined, () => 0);
    const read = prompter.read("statement", prompts("one"));
    type("\x04");
    expect(await read).toBeNull();
  });
});

test("what was taken into a register of vi's is there at the next prompt", async () => {
  const settings = () => ({ ...DEFAULT_SETTINGS, editing: "vi" }) as const;
  const { prompter, type, typed } = open(undefined, undefined, undefined, settings);
  const read = prompter.read("statement", prompts("one"));
  type("kept\x1b");
  type('"add');
  type("i1\r");
  expect(await read).toBe("1");
  void prompter.read("statement", prompts("two"));
  await new Promise((resolve) => setImmediate(resolve));
  type("\x1b");
  type('"aP');
  expect(typed()).toBe("kept\n");
});
