import { describe, expect, test } from "vitest";
import { docCommentFor, docCommentsIn, textOfComment, typedSignature } from "../../src/shell/doc-comments.ts";

const source = `/** Kate herself. */
export const Kate = {
  /** Says her name.
   * Twice. */
  sayName(times: number): string { return "a" },
  inner: {
    /** Deep down. */
    deep: async (a: string): Promise<void> => {},
  },
}
/** A dog. */
export class Dog {
  /** Barks. */
  static bark<T extends string>(n: T) {}
}
defmodule("KV.Router", {
  /** Routes. */
  route(key: string) {},
})`;

describe("docCommentsIn()", () => {
  test("gives each with the name it is about, and what that stands in", () => {
    expect(docCommentsIn(source).map(({ path, line, doc }) => [path, line, doc])).toEqual([
      ["Kate", 1, "Kate herself."],
      ["Kate.sayName", 4, "Says her name.\nTwice."],
      ["Kate.inner.deep", 7, "Deep down."],
      ["Dog", 11, "A dog."],
      ["Dog.bark", 13, "Barks."],
      ["KV.Router.route", 17, "Routes."],
    ]);
  });
});

describe("docCommentFor()", () => {
  test("takes the whole name first, then the end of one, then the nearest", () => {
    const comments = docCommentsIn(source);
    expect(docCommentFor(comments, "Kate.sayName")?.doc).toContain("Says");
    expect(docCommentFor(comments, "bark", 13)?.doc).toBe("Barks.");
    expect(docCommentFor(comments, "bark", 3)).toBeUndefined();
  });
});

describe("typedSignature()", () => {
  test("is as it was written", () => {
    expect(typedSignature(source, "sayName", 4)).toBe("sayName(times: number): string");
    expect(typedSignature(source, "deep", 7)).toBe("deep(a: string): Promise<void>");
    expect(typedSignature(source, "bark", 13)).toBe("bark<T extends string>(n: T)");
    expect(typedSignature(source, "nothing", 0)).toBeUndefined();
  });
});

describe("textOfComment()", () => {
  test("is without the marks", () => {
    expect(textOfComment("\n * One.\n *\n *   - two\n ")).toBe("One.\n\n  - two");
  });
});
