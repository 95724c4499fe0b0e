/**
 * Changes to a text, by positions in the original. Lines stay where they were typed, because nothing is moved: text is
 * only put in front of, behind, or in the place of, what is there.
 *
 * Nodes must be visited from the outside in: at one position the outer node's opening comes before the inner node's,
 * and its closing after.
 */
export class Edits {
  readonly #source: string;
  readonly #opens = new Map<number, string>();
  readonly #closes = new Map<number, string>();
  readonly #replacements = new Map<number, { end: number; text: string }>();
  /** The pieces of the changed text that were kept or put in another's place: where they stand there, and in the original. */
  readonly #pieces: { readonly at: number; readonly from: number; readonly length: number; readonly kept: boolean }[] =
    [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Puts `text` in front of what starts at `position`, inside what was put there before. */
  open(position: number, text: string): void {
    this.#opens.set(position, (this.#opens.get(position) ?? "") + text);
  }

  /** Puts `text` behind what ends at `position`, inside what was put there before. */
  close(position: number, text: string): void {
    this.#closes.set(position, text + (this.#closes.get(position) ?? ""));
  }

  /** Puts `open` and `close` around a range. */
  wrap(range: { start: number; end: number }, open: string, close: string): void {
    this.open(range.start, open);
    this.close(range.end, close);
  }

  /** Replaces a range; replaced ranges must not overlap. Line breaks inside the range are kept. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.#source.slice(start, end).match(/\n/g)?.length ?? 0;
    const kept = text.match(/\n/g)?.length ?? 0;
    this.#replacements.set(start, { end, text: text + "\n".repeat(Math.max(0, breaks - kept)) });
  }

  /** The changed text. */
  toString(): string {
    const positions = new Set([...this.#opens.keys(), ...this.#closes.keys(), ...this.#replacements.keys()]);
    let out = "";
    let at = 0;
    this.#pieces.length = 0;
    const keep = (from: number, to: number): void => {
      if (to <= from) return;
      this.#pieces.push({ at: out.length, from, length: to - from, kept: true });
      out += this.#source.slice(from, to);
    };
    for (const position of [...positions].sort((a, b) => a - b)) {
      keep(at, position);
      at = Math.max(at, position);
      out += (this.#closes.get(position) ?? "") + (this.#opens.get(position) ?? "");
      const replacement = this.#replacements.get(position);
      if (replacement !== undefined) {
        this.#pieces.push({ at: out.length, from: position, length: replacement.text.length, kept: false });
        out += replacement.text;
        at = replacement.end;
      }
    }
    keep(at, this.#source.length);
    return out;
  }

  /**
   * Where in the original stands what `position` in the changed text (the last that was given) shows. Of what was replaced
   * that is its beginning.
   */
  original(position: number): number {
    const piece = this.#pieces.find(({ at, length }) => position < at + length);
    if (piece === undefined) return this.#source.length;
    return piece.from + (piece.kept ? Math.max(0, position - piece.at) : 0);
  }

  /** Where in the changed text (the last that was given) stands what is at `position` in the original. */
  changed(position: number): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.from ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    const piece = this.#pieces[low - 1];
    if (piece === undefined) return position;
    return piece.at + (piece.kept ? position - piece.from : 0);
  }
}
