/** Operators that cannot begin an input, so an input that begins with one goes on from the last value. */
const CONTINUES = /^\s*(\?\.(?!\d)|\.(?![.\d])|\|\|?|&&?|\?\?|\*|%|[!=]==?|>|\^|(?:instanceof|in)\b)/;

/** An input that begins with an operator is about the last value: `.length` means `v().length`. */
export function continueLast(source: string): string {
  return CONTINUES.test(source) ? `v()${source}` : source;
}
