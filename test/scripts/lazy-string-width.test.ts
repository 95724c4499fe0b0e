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

  test("loads string-width once, at the first text that is not plain", () => {
    const load = vi.fn(() => stringWidth);
    const lazy = lazyStringWidth(load);
    expect(lazy("alex@localhost · 2 peers")).toBe(24);
    expect(load).not.toHaveBeenCalled();
    expect([lazy("한국"), lazy("\u001b[1mbold\u001b[22m"), lazy("👩‍👧")]).toEqual([4, 4, 2]);
    expect(load).toHaveBeenCalledOnce();
  });
});
