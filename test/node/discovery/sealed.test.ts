import { expect, test } from "vitest";
import { Sealed } from "../../../src/node/discovery/sealed.ts";

test("what is sealed can be opened with the same secret, and by nobody else", () => {
  const [ours, theirs] = [new Sealed("secret"), new Sealed("other")];
  const sealed = ours.seal("hello");
  expect(new Sealed("secret").open(sealed)).toBe("hello");
  expect(theirs.open(sealed)).toBeUndefined();
  expect(sealed.includes("hello")).toBe(false);
  expect(ours.seal("hello")).not.toEqual(sealed);
});

test("what was changed, cut or made up opens as nothing", () => {
  const ours = new Sealed("secret");
  const sealed = ours.seal("hello");
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8((changed[i] ?? 0) ^ 1, i);
    expect(ours.open(changed)).toBeUndefined();
    expect(ours.open(sealed.subarray(0, i))).toBeUndefined();
  }
});
