/** Whether the terminal is Emacs' `M-x term`, which counts a column it is told from 0, and knows no move to the next line. */
export function isEterm(env: NodeJS.ProcessEnv): boolean {
  return /^eterm/u.test(env["TERM"] ?? "");
}

/** `text` with what that terminal takes wrongly said in other words. */
export function forEterm(text: string): string {
  return text.replace(/\x1b\[(\d*)([GE])/gu, (_, given: string, what: string) => {
    const number = Math.max(1, Number(given));
    if (what === "E") return `\r\x1b[${String(number)}B`;
    return number === 1 ? "\r" : `\r\x1b[${String(number - 1)}C`;
  });
}
