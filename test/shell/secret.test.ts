import { expect, test } from "vitest";
import { isSecret } from "../../src/shell/secret.ts";

test.each([
  ['Node.setCookie("hush")', true],
  ["Node.set_cookie(c)", true],
  ["run('moebi --cookie hush')", true],
  ["process.env.MOEBI_COOKIE = 'hush'", true],
  ["cookies = 3", false],
])("O4: whether %j is kept nowhere is %j", (statement, secret) => {
  expect(isSecret(statement)).toBe(secret);
});
