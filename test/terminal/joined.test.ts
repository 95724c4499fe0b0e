import { describe, expect, test } from "vitest";
import { anchored, roomFor } from "../../src/terminal/joined.ts";
import { Screen } from "../support/screen.ts";

const FAMILY = "👨‍👩‍👧";
const FLAG = "🇩🇪";

describe("roomFor()", () => {
  test.each([
    ["a", 1, 1],
    ["日", 2, 2],
    ["é", 1, 1],
    ["👍", 2, 2],
    [FAMILY, 2, 7],
    ["👍🏽", 2, 5],
    ["❤️", 2, 3],
  ])("%s of %i cells may take %i", (grapheme, cells, room) => {
    expect(roomFor(grapheme, cells)).toBe(room);
  });
});

describe("anchored()", () => {
  test("leaves alone what terminals agree about", () => {
    for (const text of ["const a = 1\r\n", "日本 שלום é 👍 \x1b[2mdim\x1b[0m"]) expect(anchored(text)).toBe(text);
  });

  // The emulator of these tests joins nothing: it is one of those that are meant.
  test.each([FAMILY, FLAG, "👍🏽", "❤️", "🏳️‍🌈", "👩🏽‍💻"])("what stands behind %s stands in its place", async (grapheme) => {
    const screen = new Screen(40, 4);
    await screen.write(anchored(`a${grapheme}xyz`));
    expect(screen.cell(3, 0).text).toBe("x");
    expect(screen.line(0).endsWith("xyz")).toBe(true);
    expect(screen.cursor).toMatchObject({ x: 6, y: 0 });
  });

  test("nothing of it is left over at the end of a row", async () => {
    const screen = new Screen(40, 4);
    await screen.write(anchored(`a${FAMILY}`));
    expect(screen.cursor.x).toBe(3);
    expect(screen.cell(3, 0).text).toBe("");
    expect(screen.cell(4, 0).text).toBe("");
  });
});
