import { expect, test } from "vitest";
import { listenRefused } from "../../../src/node/wire/listen-refused.ts";

test.each([
  ["EADDRNOTAVAIL", "No interface of this machine"],
  ["EADDRINUSE", "give another port"],
  ["EACCES", "give a higher one"],
  ["ENOTFOUND", "give an address"],
])("of %s it says what to do", (code, advice) => {
  const cause = new Error(code);
  const error = listenRefused("10.0.0.1:80", code, cause);
  expect(error).toMatchObject({ code: "listen_refused", cause });
  expect(error.message.startsWith(`Can't listen on 10.0.0.1:80: ${code}. `)).toBe(true);
  expect(error.message).toContain(advice);
});

test("of any other it says which it is", () => {
  expect(listenRefused("x:1", "EFOO", undefined).message).toBe("Can't listen on x:1: EFOO");
});
