/** The expression that ends at a place of a text, taken apart from its end: `await Kate.find("x")[0]`. Looks at text alone. */

/** What a chain begins with. Places are those of the text. */
export type Primary =
  | { readonly kind: "name"; readonly name: string }
  /** `new Kate(…)`, with the types in angle brackets. */
  | { readonly kind: "new"; readonly path: string }
  | { readonly kind: "text" | "regexp" | "number" }
  /** What stands between brackets: `[1, 2]`, `(a + b)`. */
  | { readonly kind: "list" | "group"; readonly from: number; readonly to: number };

export type Step =
  | { readonly kind: "member"; readonly name: string }
  /** `[i]`, of which is not known what it is. */
  | { readonly kind: "element" }
  | { readonly kind: "call"; readonly from: number; readonly to: number };

export interface Chain {
  readonly start: number;
  readonly awaited: boolean;
  readonly primary: Primary;
  readonly steps: readonly Step[];
}

const NAME_END = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const NUMBER_END = /(?<![\p{ID_Continue}$.])\d[\d_]*(?:\.\d+)?n?$/u;
const NEW = /(?<![\p{ID_Continue}$.])new\s+(?<path>[\p{ID_Start}$_][\p{ID_Continue}$.]*(?:<[^()]*>)?)\s*$/u;
const MOST_STEPS = 30;
const OPEN: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** The chain that ends at `end`; `undefined` if what stands there is none. `masked` has strings blanked out. */
export function chainBefore(source: string, masked: string, end: number): Chain | undefined {
  const steps: Step[] = [];
  let at = end;
  const chain = (primary: Primary, start: number): Chain => {
    const before = masked.slice(0, start);
    const awaited = /(?<![\p{ID_Continue}$.])await\s+$/u.exec(before)?.[0];
    return { start: start - (awaited?.length ?? 0), awaited: awaited !== undefined, primary, steps: steps.reverse() };
  };
  while (steps.length < MOST_STEPS) {
    at = skipSpace(source, at);
    const last = source[at - 1] ?? "";
    if (/["'`/]/u.test(last) && masked[at - 1] === " ") {
      const start = literalStart(source, masked, at);
      if (start === undefined) return undefined;
      // A regular expression's flags would stand behind it, so that it is not met here but by itself.
      return chain({ kind: last === "/" ? "regexp" : "text" }, start);
    }
    if (last === ")" || last === "]") {
      const open = opening(masked, at - 1);
      if (open < 0) return undefined;
      const made = last === ")" ? NEW.exec(masked.slice(0, open)) : null;
      if (made !== null) return chain({ kind: "new", path: made.groups?.["path"] ?? "" }, made.index);
      const before = skipSpace(source, open);
      const holder = source[before - 1] ?? "";
      const optional = source.slice(before - 2, before) === "?.";
      const isStep =
        optional || /[\p{ID_Continue}$)\]]/u.test(holder) || (holder === '"' && masked[before - 1] === " ");
      const word = NAME_END.exec(masked.slice(0, before))?.[0] ?? "";
      if (!isStep || KEYWORD.test(word))
        return chain({ kind: last === ")" ? "group" : "list", from: open + 1, to: at - 1 }, open);
      if (last === ")") {
        steps.push({ kind: "call", from: open + 1, to: at - 1 });
      } else steps.push(index(source.slice(open + 1, at - 1).trim()));
      at = optional ? before - 2 : before;
      continue;
    }
    const number = NUMBER_END.exec(masked.slice(0, at))?.[0];
    if (number !== undefined) return chain({ kind: "number" }, at - number.length);
    const name = NAME_END.exec(masked.slice(0, at))?.[0];
    if (name === undefined) return undefined;
    at -= name.length;
    const before = skipSpace(source, at);
    const dot = source.slice(before - 2, before) === "?." ? 2 : source[before - 1] === "." ? 1 : 0;
    if (dot === 0 || masked[before - 1] === " " || source.slice(before - 3, before) === "...")
      return KEYWORD.test(name) ? undefined : chain({ kind: "name", name }, at);
    steps.push({ kind: "member", name });
    at = before - dot;
  }
  return undefined;
}

/** Behind one of these, brackets begin an expression. */
const KEYWORD = /^(?:return|await|typeof|case|in|of|if|while|for|switch|throw|void|delete|new|else|do|yield)$/u;

function index(inside: string): Step {
  const text = /^(["'])(?<text>[^"'\\]*)\1$/u.exec(inside)?.groups?.["text"];
  if (text !== undefined) return { kind: "member", name: text };
  return /^\d+$/u.test(inside) ? { kind: "member", name: inside } : { kind: "element" };
}

function skipSpace(source: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/u.test(source[at - 1] ?? "")) at--;
  return at;
}

/** Where the literal begins whose last quote stands before `end`. */
function literalStart(source: string, masked: string, end: number): number | undefined {
  const quote = source[end - 1] ?? "";
  let at = end - 2;
  for (; at >= 0 && (masked[at] === " " || masked[at] === "\n"); at--)
    if (source[at] === quote && source[at - 1] !== "\\") return at;
  // What stands inside a template's `${}` is no text; that it is one is enough.
  return quote === "`" ? at + 1 : undefined;
}

/** Where the bracket that is closed at `close` was opened, -1 if nowhere. */
function opening(masked: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const character = masked[at] ?? "";
    if (character in OPEN) depth++;
    else if ("([{".includes(character)) depth--;
    if (depth === 0) return at;
  }
  return -1;
}
