/** The numbers of an identifier: given one by one, or in a text whose first named group that matched holds them. */
export function numbersIn(parts: readonly unknown[], form: RegExp): number[] | undefined {
  const [text] = parts;
  if (parts.length === 1 && typeof text === "string") {
    const groups = form.exec(text.trim())?.groups ?? {};
    const numbers = Object.values(groups).find((group) => group !== undefined);
    return numbers?.split(".").map(Number);
  }
  return parts.every((part) => typeof part === "number") ? (parts as number[]) : undefined;
}

/** Whether `value` is an unsigned integer of 32 bits. */
export function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
