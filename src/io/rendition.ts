/** What a code of SGR (select graphic rendition, ECMA-48) turns on: first and last code, the attribute's name. */
const ON: readonly (readonly [first: number, last: number, attribute: string])[] = [
  [1, 2, "intensity"],
  [3, 3, "italic"],
  [4, 4, "underline"],
  [5, 6, "blink"],
  [7, 7, "inverse"],
  [8, 8, "conceal"],
  [9, 9, "strike"],
  [11, 19, "font"],
  [20, 20, "italic"],
  [21, 21, "underline"],
  [26, 26, "proportional"],
  [30, 38, "foreground"],
  [40, 48, "background"],
  [51, 52, "frame"],
  [53, 53, "overline"],
  [58, 58, "underline colour"],
  [60, 64, "ideogram"],
  [73, 74, "script"],
  [90, 97, "foreground"],
  [100, 107, "background"],
];

const OFF: Readonly<Record<number, string>> = {
  10: "font",
  22: "intensity",
  23: "italic",
  24: "underline",
  25: "blink",
  27: "inverse",
  28: "conceal",
  29: "strike",
  39: "foreground",
  49: "background",
  50: "proportional",
  54: "frame",
  55: "overline",
  59: "underline colour",
  65: "ideogram",
  75: "script",
};

/**
 * Applies the parameters of an SGR sequence (what stands between `ESC [` and `m`) to the attributes that are on.
 * Codes that no standard knows change nothing.
 */
export function changeRendition(active: Set<string>, parameters: string): void {
  const codes = parameters.split(";");
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, sub] = (codes[i] ?? "").split(":").map(Number);
    if (code === 0 && sub === undefined) {
      active.clear();
      continue;
    }
    const off = code === 4 && sub === 0 ? "underline" : OFF[code];
    if (off !== undefined) active.delete(off);
    else {
      const on = ON.find(([first, last]) => code >= first && code <= last);
      if (on !== undefined) active.add(on[2]);
    }
    // An extended colour in the old notation takes the codes after it: 38;5;n and 38;2;r;g;b.
    if ((code === 38 || code === 48 || code === 58) && sub === undefined) {
      const kind = codes[i + 1];
      i += kind === "5" ? 2 : kind === "2" ? 4 : 0;
    }
  }
}
