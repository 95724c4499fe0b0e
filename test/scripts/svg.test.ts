import { describe, expect, test } from "vitest";
import { cellsOf, PLAIN } from "../../scripts/theatre/cells.ts";
import { type Frame, svgOf } from "../../scripts/theatre/svg.ts";

const frame = (at: number, ...rows: string[]): Frame => ({
  at,
  windows: [{ title: "alex", rows: rows.map((row) => cellsOf(row.padEnd(20))) }],
});

describe("svgOf()", () => {
  test("shows one frame as a still picture, no higher than what is in it", () => {
    const svg = svgOf([frame(0, "moebi> ", "", "")], "a <prompt>");
    expect(svg).toContain("<title>a &lt;prompt&gt;</title>");
    expect(svg).toContain(">moebi&gt;</text>");
    expect(svg).not.toContain("animation");
    expect(svg).toBe(svgOf([frame(0, "moebi> ")], "a <prompt>"));
  });

  test("moves between frames, and shows the last where pictures do not move", () => {
    // With the five seconds for which the last one stays the whole takes ten.
    const svg = svgOf([frame(1000, "one", "kept"), frame(3500, "two", "kept"), frame(6000, "three", "kept")], "");
    const group = (text: string): string | undefined => new RegExp(`<g [^>]*>(?=<text[^>]*>${text}<)`).exec(svg)?.[0];
    expect(group("one")).toBe('<g class="f0-1" visibility="hidden">');
    expect(group("two")).toBe('<g class="f1-2" visibility="hidden">');
    expect(group("three")).toBe('<g class="f2-3">');
    expect(group("kept")).toBeUndefined();
    expect(svg).toContain("@keyframes f1-2{0%{visibility:hidden}25.00%{visibility:visible}50.00%{visibility:hidden}}");
    expect(svg).toContain("animation-duration:10000ms");
    expect(svg).toContain("prefers-reduced-motion:reduce");
  });

  test("draws colours as rectangles and fills, wide characters in their columns", () => {
    const cells = [
      { text: "日", width: 2, style: { ...PLAIN, foreground: 2 } },
      { text: " ", width: 1, style: { ...PLAIN, inverse: true } },
    ];
    const svg = svgOf([{ at: 0, windows: [{ title: "", rows: [cells] }] }], "");
    expect(svg).toMatch(/textLength="16\.8"[^>]*fill="#b5bd68">日</);
    expect(svg).toMatch(/<rect x="30\.8"[^>]*width="8\.4"[^>]*fill="#c5c8c6"/);
  });
});
