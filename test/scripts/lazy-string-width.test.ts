import stringWidth from "string-width";
import { describe, expect, test, vi } from "vitest";
import { lazyStringWidth } from "../../scripts/lazy-string-width.ts";

describe("lazyStringWidth()", () => {
  test("gives every character of ASCII and Latin-1 the width that string-width gives, before and after others", () => {
    const lazy = lazyStringWidth(() => stringWidth);
    for (let code = 0; code < 0x180; code++) {
      const character = String.fromCharCode(code);
      for (const text of [character, `a${character}b`, `${character}\ufe0f`, `©${character}`]) {
        expect([text, lazy(text)]).toEqual([text, stringWidth(text)]);
        const options = { ambiguousIsNarrow: false };
        expect([text, lazy(text, options)]).toEqual([text, stringWidth(text, options)]);
      }
    }
  });

  test("gives what has colours the width that string-width gives", () => {
    const lazy = lazyStringWidth(() => stringWidth);
    for (const text of [
      "\u001b[1mbold\u001b[22m",
      "\u001b[1",
      "\u001b[2Ka",
      "a\u001b[38;2;1;2;3mb",
      "\u001b]0;x\u0007y",
    ]) {
      expect([text, lazy(text)]).toEqual([text, stringWidth(text)]);
      const options = { countAnsiEscapeCodes: true };
      expect([text, lazy(text, options)]).toEqual([text, stringWidth(text, options)]);
    }
  });

  test("loads string-width once, at the first text that is not plain", () => {
    const load = vi.fn(() => stringWidth);
    const lazy = lazyStringWidth(load);
    expect(lazy("alex@localhost · 2 peers")).toBe(24);
    expect(load).not.toHaveBeenCalled();
    expect(lazy("\u001b[2malex\u001b[22m \u001b[38;5;3mkate\u001b[m")).toBe(9);
    expect(load).not.toHaveBeenCalled();
    expect([lazy("한국"), lazy("\u001b[1m한\u001b[22m"), lazy("👩‍👧")]).toEqual([4, 2, 2]);
    expect(load).toHaveBeenCalledOnce();
  });
});
