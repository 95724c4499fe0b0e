/** The mappings of a source map: read, looked up, and written again after the code has been changed. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A column of a generated line, and what it was made of; all count from 0. Without `origin` it was made of nothing. */
export interface Segment {
  readonly column: number;
  readonly origin: Origin | undefined;
}

/** A place in one of the files that a map is about. */
export interface Origin {
  /** Its number among the map's `sources`. */
  readonly source: number;
  readonly line: number;
  readonly column: number;
  /** Its number among the map's `names`. */
  readonly name: number | undefined;
}

/** Reads mappings: for each generated line its segments, in order. */
export function readMappings(mappings: string): Segment[][] {
  const at = [0, 0, 0, 0];
  const next = (index: number, delta: number): number => (at[index] = (at[index] ?? 0) + delta);
  return mappings.split(";").map((text) => {
    let column = 0;
    return (text === "" ? [] : text.split(",")).map((segment) => {
      const [columns = 0, source, line = 0, origColumn = 0, name] = decode(segment);
      column += columns;
      if (source === undefined) return { column, origin: undefined };
      const origin = { source: next(0, source), line: next(1, line), column: next(2, origColumn) };
      return { column, origin: { ...origin, name: name === undefined ? undefined : next(3, name) } };
    });
  });
}

/** Writes what {@link readMappings} reads. */
export function writeMappings(lines: readonly (readonly Segment[])[]): string {
  const before = { source: 0, line: 0, column: 0, name: 0 };
  return lines
    .map((segments) => {
      let column = 0;
      return segments
        .map((segment) => {
          let text = encode(segment.column - column);
          column = segment.column;
          const { origin } = segment;
          if (origin === undefined) return text;
          for (const key of ["source", "line", "column", "name"] as const) {
            const value = origin[key];
            if (value === undefined) continue;
            text += encode(value - before[key]);
            before[key] = value;
          }
          return text;
        })
        .join(",");
    })
    .join(";");
}

/** What stands at a place of the generated code (from 0): that of the segment it is in, `undefined` if it is in none. */
export function originAt(lines: readonly (readonly Segment[])[], line: number, column: number): Origin | undefined {
  return lines[line]?.findLast((segment) => segment.column <= column)?.origin;
}

/** The numbers in a segment. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return numbers;
}

function encode(number: number): string {
  let value = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = "";
  do {
    const digit = value & 31;
    value >>>= 5;
    text += DIGITS[value > 0 ? digit | 32 : digit] ?? "";
  } while (value > 0);
  return text;
}
