import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { createEditor, settle, step, type Effect, type EditorState } from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";

const options = { ...DEFAULT_SETTINGS, editing: "vi" } as const;

function vi(...entries: string[]): EditorState {
  return createEditor("statement", entries, [], options);
}

/** What typing `input` leaves, the cursor as `|` before the character it is on, and the effects on the way. */
function type(input: string, state = vi()) {
  const parser = new KeyParser();
  const effects: Effect[] = [];
  for (const key of [...parser.push(input), ...parser.flush()]) {
    const next = step(state, key, 0);
    state = next.state;
    effects.push(...next.effects);
  }
  const { text, cursor } = state.buffer;
  return { state, effects, shown: `${text.slice(0, cursor).join("")}|${text.slice(cursor).join("")}` };
}

/** The same for a text that is there already, in normal mode on its first character. */
function normal(source: string, input: string) {
  const { state } = type(`\x1b[200~${source}\x1b[201~\x1bgg0`);
  return type(input, state);
}

describe("vi insert mode", () => {
  test("is where a prompt begins, with Emacs's keys", () => {
    expect(type("abc\x01x").shown).toBe("x|abc");
  });

  test("ends at Escape, on the character before", () => {
    expect(type("abc\x1b").shown).toBe("ab|c");
    expect(type("\x1b").shown).toBe("|");
  });

  test("takes Escape and what was typed behind it in one chunk for two keys", () => {
    expect(type("one two\x1bbx").shown).toBe("one |wo");
  });

  test("is undone as one", () => {
    expect(type("one two\x1bA three four\x1bu").shown).toBe("one tw|o");
  });
});

describe("vi motions", () => {
  test.each([
    ["one two", "w", "one |two"],
    ["foo.bar(baz)", "ww", "foo.|bar(baz)"],
    ["foo.bar baz", "W", "foo.bar |baz"],
    ["one two three", "2w", "one two |three"],
    ["one two", "e", "on|e two"],
    ["one two", "ee", "one tw|o"],
    ["a.b c", "E", "a.|b c"],
    ["one two", "$b", "one |two"],
    ["a.b c.d", "$B", "a.b |c.d"],
    ["one two", "3l", "one| two"],
    ["one two", "$h", "one t|wo"],
    ["one two", "9l", "one tw|o"],
    ["  one", "$0", "|  one"],
    ["  one", "$^", "  |one"],
    ["  one", "^h", " | one"],
    ["one two", "$", "one tw|o"],
    ["a(b)c(d)", "f(", "a|(b)c(d)"],
    ["a(b)c(d)", "2f(", "a(b)c|(d)"],
    ["a(b)c(d)", "t)", "a(|b)c(d)"],
    ["a(b)c(d)", "$F(", "a(b)c|(d)"],
    ["a(b)c(d)", "$T(", "a(b)c(|d)"],
    ["a(b)c(d)", "f(;", "a(b)c|(d)"],
    ["a(b)c(d)", "t(;", "a(b)|c(d)"],
    ["a(b)c(d)", "2f(,", "a|(b)c(d)"],
    ["abc", "fz", "|abc"],
    ["ab\ncd", "j", "ab\n|cd"],
    ["ab\ncd", "ljk", "a|b\ncd"],
    ["a\nb\nc", "G", "a\nb\n|c"],
    ["a\nb\nc", "2G", "a\n|b\nc"],
    ["a\nb\nc", "Ggg", "|a\nb\nc"],
    ["a\nb\nc", "2gg", "a\n|b\nc"],
    ["f(a[1], ')')", "%", "f(a[1], ')'|)"],
    ["f(a[1])", "$%", "f|(a[1])"],
    ["日本 語", "w", "日本 |語"],
  ])("%j: %s leads to %j", (source, keys, expected) => {
    expect(normal(source, keys).shown).toBe(expected);
  });
});

describe("vi marks, registers and columns", () => {
  test.each([
    ["one two three", "wma$`a", "one |two three"],
    ["one two three", "wma$d`a", "one |e"],
    ["one\n  two", "jma0k'a", "one\n  |two"],
    ["one two", "wd`q", "one |two"],
    ["one two", "5|x", "one |wo"],
    ["one two", '"aywx', "|ne two"],
    ["one two", '"ayww"bdw"aP', "oneone|  "],
    ["one two", '"adwx"ap', "wone| o"],
    ["one\ntwo\nthree", '"add"Add"ap', "three\n|one\ntwo"],
    ["one two three", '"adw.x"ap', "htwo| ree"],
    ["one two three", '2"adw"ap', "tone two| hree"],
    ["one two", 'yw"_dwP', "one| two"],
    ["one two", '"qp', "|one two"],
  ])("%j after %s is %j", (source, input, expected) => {
    expect(normal(source, input).shown).toBe(expected);
  });

  test("v has the statement edited by the person's own editor", () => {
    expect(normal("one", "v").effects).toEqual([{ type: "edit", source: "one" }]);
  });
});

describe("vi operators", () => {
  test.each([
    ["one two", "gUiw", "|ONE two"],
    ["one two three", "gU2w", "|ONE TWO three"],
    ["ONE Two", "guu", "|one two"],
    ["ONE Two", "wgugu", "one |two"],
    ["one\ntwo\nthree", "gUj", "|ONE\nTWO\nthree"],
    ["one\nTwo", "jlg~~", "one\nt|WO"],
    ["one", "gUiwu", "|one"],
    ["one two", "gUww.", "ONE |TWO"],
    ["one two", "gUdw", "one |two"],
    ["one two three", "$ge", "one tw|o three"],
    ["one two.three", "$gE", "on|e two.three"],
    ["one two", "wdge", "on|wo"],
    ["Map<Set<number>, string>", "fnci<Pid", "Map<Set<Pid|>, string>"],
    ["Map<Set<number>, string>", "fn2da<", "Ma|p"],
    ["(a: A<B>) => b > 1", "fBdi>", "(a: A<|>) => b > 1"],
    ["one => two", "di<", "|one => two"],
    ["one two", "dwxU", "|"],
    ["one two", "dwxU\x12\x12", "|two"],
    ["one two three", "dw", "|two three"],
    ["one two three", "d2w", "|three"],
    ["one two three", "2dw", "|three"],
    ["one two", "wdw", "one| "],
    ["one\n  two", "dw", "|\n  two"],
    ["one two", "de", "| two"],
    ["one two", "$db", "one |o"],
    ["one two", "d$", "|"],
    ["one two", "wD", "one| "],
    ["one two", "wd0", "|two"],
    ["f(a, b)", "fad)", "f(|a, b)"],
    ["f(a, b)", "fadt)", "f(|)"],
    ["f(a, b)", "f(d%", "|f"],
    ["a\nb\nc", "jdd", "a\n|c"],
    ["a\nb\nc", "Gdd", "a\n|b"],
    ["a\nb\nc", "2dd", "|c"],
    ["a\nb\nc", "dj", "|c"],
    ["a\nb\nc", "dG", "|"],
    ["abc", "x", "|bc"],
    ["abc", "2x", "|c"],
    ["abc", "$X", "a|c"],
    ["abc", "$x", "a|b"],
    ["one two", "cwx\x1b", "|x two"],
    ["one two", "ecwx\x1b", "on|x two"],
    ["one two", "wCx\x1b", "one |x"],
    ["one\ntwo", "ccx\x1b", "|x\ntwo"],
    ["one\ntwo", "Sx\x1b", "|x\ntwo"],
    ["one", "sxy\x1b", "x|yne"],
    ["one two", "ywP", "one| one two"],
    ["one two", "wyb", "|one two"],
    ["one two", "yw$p", "one twoone| "],
    ["abc", "xp", "b|ac"],
    ["abc", "yl3p", "aaa|abc"],
    ["a\nb", "yyp", "a\n|a\nb"],
    ["a\nb", "jyyP", "a\n|b\nb"],
    ["a\nb", "Yjp", "a\nb\n|a"],
    ["a\nb", "ddp", "b\n|a"],
    ["abc", "rx", "|xbc"],
    ["abc", "2rx", "x|xc"],
    ["abc", "4rx", "|abc"],
    ["abC", "3~", "AB|c"],
    ["a\n  b", "J", "a| b"],
    ["one", "ix\x1b", "|xone"],
    ["one", "ax\x1b", "o|xne"],
    ["  one", "Ix\x1b", "  |xone"],
    ["one", "Ax\x1b", "one|x"],
    ["a\nb", "ox\x1b", "a\n|x\nb"],
    ["a\nb", "Ox\x1b", "|x\na\nb"],
    ["abc", "xu", "|abc"],
    ["abc", "xxu\x12", "|c"],
    ["one two three", "dw.", "|three"],
    ["one two three", "cwx\x1bw.", "x |x three"],
    ["abcdef", "x3.", "|ef"],
    ["abc", "dz", "|abc"],
    ["abc", "dcx", "|bc"],
    ["abc", "d\x1bx", "|bc"],
  ])("%j: %s leaves %j", (source, keys, expected) => {
    expect(normal(source, keys).shown).toBe(expected);
  });

  test("undo a change with what was typed for it", () => {
    expect(normal("one two", "cwthree four\x1bu").shown).toBe("|one two");
  });
});

describe("vi's R", () => {
  test.each([
    ["abcd", "Rxy\x1b", "x|ycd"],
    ["ab", "Rwxyz\x1b", "wxy|z"],
    ["ab\ncd", "Rxyz\x1b", "xy|z\ncd"],
    ["abcd", "Rxy\x7f\x1b", "|xbcd"],
    ["ab", "Rxyz\x7f\x7f\x7f\x1b", "|ab"],
    ["abcd", "llRx\x7f\x7f\x7fy\x1b", "|ybcd"],
    ["abcd", "Rxy\x1bu", "|abcd"],
    ["abcd", "Rxy\x1bl.", "xyx|y"],
  ])("%j: %s leaves %j", (source, keys, expected) => {
    expect(normal(source, keys).shown).toBe(expected);
  });
});

describe("vi and the prompt", () => {
  test("k and j lead to earlier entries and back", () => {
    const state = vi("one", "two");
    expect(type("x\x1bk", state).shown).toBe("tw|o");
    expect(type("x\x1bkk", state).shown).toBe("on|e");
    expect(type("x\x1b2kjj", state).shown).toBe("|x");
  });

  test("/ searches through them", () => {
    expect(type("\x1b/tw\r", vi("two", "one"))).toMatchObject({ shown: "|two", effects: [] });
    expect(type("\x1b/tw\r\r", vi("two", "one")).effects).toEqual([{ type: "parse", source: "two" }]);
  });

  test("n searches on, N back, and a count says how often", () => {
    const state = vi("f(1)", "g()", "f(2)", "f(3)");
    expect(type("\x1b/f(\r", state).shown).toBe("|f(3)");
    expect(type("\x1b/f(\rn", state).shown).toBe("|f(2)");
    expect(type("\x1b/f(\r2n", state).shown).toBe("|f(1)");
    expect(type("\x1b/f(\rnnnN", state).shown).toBe("|f(2)");
    expect(type("\x1b/f(\rn/\x07n", state).shown).toBe("|f(1)");
    expect(type("x\x1bn", state).shown).toBe("|x");
  });

  test("? searches the other way: from the oldest on where none is shown; n and N go along with it", () => {
    const state = vi("f(1)", "g()", "f(2)", "f(3)");
    expect(type("\x1b?f(\r", state).shown).toBe("|f(1)");
    expect(type("\x1b?f(\rn", state).shown).toBe("|f(2)");
    expect(type("\x1b?f(\rnnN", state).shown).toBe("|f(2)");
    expect(type("\x1b/f(\r3n?f(\r", state).shown).toBe("|f(1)");
    expect(type("\x1b/f(2\r?(3\r", state).shown).toBe("f|(3)");
    expect(type("\x1b?f(x\x7f\r", state).shown).toBe("|f(1)");
    expect(type("x\x1b?g\x07", state).shown).toBe("|x");
  });

  test("Ctrl+C begins anew, in insert mode as a new prompt does", () => {
    expect(type("abc\x1b\x03x").shown).toBe("x|");
    expect(type("\x1b\x03x").shown).toBe("x|");
  });

  test("Enter submits from normal mode, and goes on at the end of what is unfinished", () => {
    const { state, effects } = type("f(\x1b0\r");
    expect(effects).toEqual([{ type: "parse", source: "f(" }]);
    const next = settle(state, "incomplete");
    expect(type("1", next.state).shown).toBe("f(\n1|");
  });

  test("keys of one's own go before vi's", () => {
    const state = createEditor("statement", [], [], { ...options, keys: { "alt+x": "clear-screen" } });
    expect(type("a\x1b0\x1bx", state).effects).toEqual([{ type: "clear" }]);
  });
});
