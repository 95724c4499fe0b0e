/**
 * Operators that cannot begin an input, so an input that begins with one goes on from the last value. Others can: `+ 1` and
 * `- 1` are numbers, `[0]` is an array, `(1)` and a template are values, and whoever types them again gets them again. A
 * `/` or a `<` is an operator where no regular expression and no type could begin.
 */
const CONTINUES =
  /^(?<space>\s*)(?:(?<member>\?\.(?!\d)|\.(?![.\d]))|\|\|?(?!>)|&&?|\?\?|\?(?=.*\S)|\*|%|[!=]==?|>|<(?:<|=|(?=[\s\d"'`(.+-]))|\/(?=[\s\d(])(?=[^/\n]*(?:\n|$))|\^|(?:instanceof|in)\b)/s;

/** An input that begins with an operator is about the last value: `.length` means `v().length`, `* 2` means `v() * 2`. */
export function continueLast(source: string): string {
  const { space, member } = CONTINUES.exec(source)?.groups ?? {};
  if (space === undefined) return source;
  // In front of it stays what keeps it out of the history.
  return `${space}v()${member === undefined ? " " : ""}${source.slice(space.length)}`;
}
