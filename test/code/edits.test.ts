import { expect, test } from "vitest";
import { Edits } from "../../src/code/edits.ts";

test("each kept character is found where it has gone to, and from there again", () => {
  const source = "one(two)\nthree four";
  const edits = new Edits(source);
  edits.open(4, "<<");
  edits.close(7, ">>");
  edits.replace(9, 14, "3");
  edits.open(0, "^");
  const changed = edits.toString();
  expect(changed).toBe("^one(<<two>>)\n3 four");
  for (const [position, character] of [...source].entries()) {
    if (position >= 9 && position < 14) continue;
    expect(changed[edits.changed(position)]).toBe(character);
    expect(edits.original(edits.changed(position))).toBe(position);
  }
  expect(edits.changed(11)).toBe(edits.changed(9));
});
