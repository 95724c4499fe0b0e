import { describe, expect, test } from "vitest";
import { builtinNamed, builtinNames, builtinOf } from "../../src/shell/builtins.ts";

describe("builtins", () => {
  test("are known by name, by a short one, and by value", () => {
    const map = builtinNamed("Array.prototype.map");
    expect(map?.signature).toMatch(/^map<U>\(callbackfn: .*\): U\[\]$/u);
    expect(map?.doc).toContain("- `callbackfn`: ");
    expect(builtinNamed("Array.map")).toBe(map);
    expect(builtinOf([].map)).toBe(map);
    expect(builtinOf(Math.max)?.signature).toBe("Math.max(...values: number[]): number");
    expect(builtinOf(parseInt)?.signature).toContain("parseInt(string: string, radix?: number): number");
  });

  test("are nothing for what is somebody's own", () => {
    expect(builtinOf(() => 1)).toBeUndefined();
    expect(builtinOf("map")).toBeUndefined();
    expect(builtinNamed("nothing")).toBeUndefined();
    expect([...builtinNames()]).toContain("JSON.parse");
  });
});
