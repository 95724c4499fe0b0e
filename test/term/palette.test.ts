import { afterEach, describe, expect, test } from "vitest";
import { backgroundIn, nodeColours, PALETTES, setBackground, sgrOf } from "../../src/term/palette.ts";

/** The sixteen colours as terminals have them of themselves, from black to bright white, and their two backgrounds. */
const TERMINALS: Readonly<Record<string, readonly [colours: string, dark: string, light: string]>> = {
  xterm: [
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    ...(["000000", "ffffff"] as const),
  ],
  vga: [
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    ...(["000000", "ffffff"] as const),
  ],
  tango: [
    "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec",
    ...(["000000", "ffffff"] as const),
  ],
  gnome: [
    "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc 5e5c64 f66151 33da7a e9ad0c 2a7bde c061cb 33c7de ffffff",
    ...(["000000", "ffffff"] as const),
  ],
  macos: [
    "000000 990000 00a600 999900 0000b2 b200b2 00a6b2 bfbfbf 666666 e50000 00d900 e5e500 0000ff e500e5 00e5e5 e5e5e5",
    ...(["000000", "ffffff"] as const),
  ],
  solarized: [
    "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
    ...(["002b36", "fdf6e3"] as const),
  ],
  windows: [
    "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
    ...(["000000", "ffffff"] as const),
  ],
};
/** Large or bold text and marks need no more, says WCAG. */
const DECENT = 3;

/** The relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What has less than a decent contrast: `36 on xterm's light: 2.0`. */
function weak(parameters: Iterable<number>, backgrounds: readonly ("dark" | "light")[]): string[] {
  return [...new Set(parameters)].sort().flatMap((parameter) =>
    Object.entries(TERMINALS).flatMap(([name, [colours, dark, light]]) =>
      backgrounds.flatMap((background) => {
        const colour = colours.split(" ")[parameter < 90 ? parameter - 30 : parameter - 82] ?? "";
        const ratio = contrast(colour, background === "dark" ? dark : light);
        return ratio < DECENT ? [`${String(parameter)} on ${name}'s ${background}: ${ratio.toFixed(1)}`] : [];
      }),
    ),
  );
}

describe("what is printed", () => {
  test("reads on a dark background in every terminal", () => {
    const { hues, nodes } = PALETTES.dark;
    expect(weak([...Object.values(hues), ...nodes], ["dark"])).toEqual([]);
  });

  test("reads on a light one but for green in two of them, as there is no darker, and two nodes' bright blue", () => {
    const { hues, nodes } = PALETTES.light;
    expect(weak(Object.values(hues), ["light"])).toEqual(["32 on xterm's light: 2.2", "32 on solarized's light: 3.0"]);
    expect(weak(nodes, ["light"])).toEqual([
      "32 on xterm's light: 2.2",
      "32 on solarized's light: 3.0",
      "94 on tango's light: 2.8",
      "94 on solarized's light: 2.9",
    ]);
  });

  test("reads on both, where neither is known, as far as sixteen colours allow: errors everywhere", () => {
    const { hues } = PALETTES.unknown;
    expect(weak([hues.red], ["dark", "light"])).toEqual([]);
    expect(weak(Object.values(hues), ["dark", "light"])).toEqual([
      "32 on xterm's light: 2.2",
      "32 on solarized's light: 3.0",
      "36 on xterm's light: 2.0",
      "36 on vga's light: 2.9",
      "36 on macos's light: 3.0",
      "36 on solarized's light: 2.9",
      "95 on vga's light: 2.6",
    ]);
    // Yellow would be worse.
    expect(weak([33], ["light"])).toEqual([
      "33 on xterm's light: 1.7",
      "33 on tango's light: 2.5",
      "33 on solarized's light: 3.0",
      "33 on windows's light: 2.6",
    ]);
  });
});

describe("setBackground()", () => {
  afterEach(() => setBackground(undefined));

  test("chooses the colours of all that is printed", () => {
    const seen = (["dark", "light", undefined] as const).map((background) => {
      setBackground(background);
      return [sgrOf("cyan"), nodeColours()[0]];
    });
    expect(seen).toEqual([
      [36, 36],
      [34, 34],
      [36, 36],
    ]);
  });
});

test.each([
  ["15;0", "dark"],
  ["0;15", "light"],
  ["0;default;15", "light"],
  ["0;7", "light"],
  ["7;8", "dark"],
  ["15;default", undefined],
  ["15;300", undefined],
  ["", undefined],
  [undefined, undefined],
])("backgroundIn() takes COLORFGBG=%s for %s", (COLORFGBG, background) => {
  expect(backgroundIn({ COLORFGBG })).toBe(background);
});
