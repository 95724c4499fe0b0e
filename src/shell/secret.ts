/** What is said of the cookie, in whatever way. */
const COOKIE = /set_?cookie|--cookie|moebi_cookie/i;

/** Whether a statement is kept nowhere: it sets a cookie, and whoever read it would be let into the cluster. */
export function isSecret(statement: string): boolean {
  return COOKIE.test(statement);
}
