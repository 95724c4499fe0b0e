import { expect, test } from "vitest";
import { highlighted } from "../../src/shell/highlight.ts";

test("colours as input is coloured, each line for itself", () => {
  expect(highlighted("const a = 1; // one\n/* two\nthree */ `x")).toBe(
    "\u001b[1mconst\u001b[22m a = \u001b[95m1\u001b[39m; \u001b[2m// one\u001b[22m\n\u001b[2m/*\u001b[22m\u001b[2m two\u001b[22m\n\u001b[2mthree */\u001b[22m \u001b[32m`\u001b[39m\u001b[32mx\u001b[39m",
  );
});
