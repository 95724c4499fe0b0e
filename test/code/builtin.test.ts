import fs, { existsSync } from "node:fs";
import * as os from "node:os";
import { describe, expect, test } from "vitest";
import { Builtin, builtinOf, builtinValue, rememberBuiltin } from "../../src/code/builtin.ts";
import { structOf } from "../../src/term/codec-struct.ts";

describe("builtinOf()", () => {
  test("knows where what was imported from a module of Node is from, and of nothing else", () => {
    const own = { existsSync: () => true };
    rememberBuiltin("./own.ts", own);
    for (const value of [own, own.existsSync, 5, null]) expect(builtinOf(value)).toBeUndefined();
    rememberBuiltin("node:fs", { default: fs, existsSync });
    rememberBuiltin("node:os", os);
    expect(builtinOf(fs)).toEqual(new Builtin("node:fs", undefined));
    expect(builtinOf(existsSync)).toEqual(new Builtin("node:fs", "existsSync"));
    expect(builtinOf(os)).toEqual(new Builtin("node:os", undefined));
  });
});

describe("builtinValue()", () => {
  test("gives the module or its export, which can be sent on", () => {
    const uptime = builtinValue(new Builtin("node:process", "uptime"));
    expect(uptime).toBe(process.uptime);
    expect(builtinOf(uptime)).toEqual(new Builtin("node:process", "uptime"));
    expect(builtinValue(new Builtin("node:os", undefined))).toMatchObject({ hostname: os.hostname });
  });

  test("V3: fails for what is no own export", () => {
    for (const name of ["constructor", "__proto__", "toString", "none"])
      expect(() => builtinValue(new Builtin("node:fs", name))).toThrow(`has no ${name} in node:fs`);
    expect(() => builtinValue(new Builtin("node:none", undefined))).toThrow("has no node:none");
  });
});

test("V3: what crosses must be the names of a module of Node and of an export", () => {
  const struct = structOf(new Builtin("node:fs", "existsSync"))?.[1];
  expect(struct?.make(["node:fs", "existsSync"])).toEqual(new Builtin("node:fs", "existsSync"));
  for (const fields of [["./own.ts", undefined], ["node:fs", 5], [5, "x"], []])
    expect(() => struct?.make(fields)).toThrow(expect.objectContaining({ code: "badarg" }));
});
