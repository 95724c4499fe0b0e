/** Which files the modules were read from that `c()` and `-r` define, for what is written in them. */
const files = new WeakMap<object, readonly string[]>();

/** Remembers where a module, or what a file exports, came from. */
export function rememberFiles(value: object, from: readonly string[]): void {
  files.set(value, from);
}

/** The files a module was made from, the one that was asked for first; none for what was typed. */
export function filesOf(value: object): readonly string[] {
  return files.get(value) ?? [];
}
