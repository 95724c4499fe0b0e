/** A long text shown page by page, pure: what is seen, and what keys do. */
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";
import type { Key } from "./keys.ts";
import type { Screen } from "./layout.ts";

export interface PagerModel {
  readonly text: string;
  readonly screen: Screen;
  /** The text in rows as wide as the screen. */
  readonly rows: readonly string[];
  /** The first row that is seen. */
  readonly top: number;
  /** What is being typed behind the slash. */
  readonly typing: string | undefined;
  /** What was looked for last. */
  readonly wanted: string;
  /** Said in the last row until the next key. */
  readonly notice: string;
}

const SGR = /\u001b\[[\d;:]*m/uy;
const RESET = "\u001b[0m";

export function createPager(text: string, screen: Screen): PagerModel {
  return { text, screen, rows: rowsOf(text, screen.columns), top: 0, typing: undefined, wanted: "", notice: "" };
}

/** The screen has another size: what was at the top stays there as nearly as can be. */
export function resized(model: PagerModel, screen: Screen): PagerModel {
  if (screen.columns === model.screen.columns && screen.rows === model.screen.rows) return model;
  const rows = screen.columns === model.screen.columns ? model.rows : rowsOf(model.text, screen.columns);
  const top = Math.round((model.top / Math.max(1, model.rows.length)) * rows.length);
  return at({ ...model, screen, rows }, top);
}

/** What a key does; `undefined` leaves the pager. */
export function pressed(model: PagerModel, key: Key): PagerModel | undefined {
  const before: PagerModel = { ...model, notice: "" };
  if (model.typing !== undefined) return typed(before, model.typing, key);
  const page = Math.max(1, model.screen.rows - 1);
  switch (key.type === "chord" ? key.chord : key.type === "text" ? key.text : "") {
    case "q":
    case "Q":
    case "escape":
    case "ctrl+c":
    case "ctrl+d":
      return undefined;
    case " ":
    case "f":
    case "pagedown":
    case "ctrl+f":
    case "ctrl+v":
      return at(before, model.top + page);
    case "b":
    case "pageup":
    case "ctrl+b":
    case "alt+v":
      return at(before, model.top - page);
    case "d":
      return at(before, model.top + Math.ceil(page / 2));
    case "u":
      return at(before, model.top - Math.ceil(page / 2));
    case "j":
    case "down":
    case "enter":
    case "ctrl+n":
      return at(before, model.top + 1);
    case "k":
    case "up":
    case "ctrl+p":
      return at(before, model.top - 1);
    case "g":
    case "home":
      return at(before, 0);
    case "G":
    case "end":
      return at(before, Infinity);
    case "/":
      return { ...before, typing: "" };
    case "n":
      return find(before, model.wanted, 1);
    case "N":
      return find(before, model.wanted, -1);
    default:
      return before;
  }
}

/** What is on the screen: the rows, and below them where one is. */
export function pageOf(model: PagerModel): string[] {
  const { rows, top, screen, typing, notice } = model;
  const page = Math.max(1, screen.rows - 1);
  const seen = rows.slice(top, top + page);
  const end = top + seen.length;
  const where = `${String(top + 1)}-${String(end)} of ${String(rows.length)}`;
  const help = "q: leave  space, b: pages  /: search";
  const status = typing !== undefined ? `/${typing}` : notice !== "" ? notice : `${where}  ${help}`;
  return [...seen, ...Array.from({ length: page - seen.length }, () => ""), status.slice(0, screen.columns)];
}

function at(model: PagerModel, top: number): PagerModel {
  const last = Math.max(0, model.rows.length - Math.max(1, model.screen.rows - 1));
  return { ...model, top: Math.min(last, Math.max(0, top)) };
}

function typed(model: PagerModel, typing: string, key: Key): PagerModel {
  if (key.type !== "chord") return { ...model, typing: typing + key.text.replace(/[\p{Cc}]/gu, "") };
  if (key.chord === "enter") return find({ ...model, typing: undefined }, typing === "" ? model.wanted : typing, 1);
  if (key.chord === "backspace")
    return { ...model, typing: typing === "" ? undefined : [...graphemes(typing)].slice(0, -1).join("") };
  if (key.chord === "escape" || key.chord === "ctrl+c") return { ...model, typing: undefined };
  return model;
}

/** The next row that holds the text, whatever its case; from the other end when there is none left. */
function find(model: PagerModel, wanted: string, direction: 1 | -1): PagerModel {
  if (wanted === "") return model;
  const { rows, top } = model;
  const text = wanted.toLowerCase();
  for (let step = 1; step <= rows.length; step++) {
    const row = (((top + step * direction) % rows.length) + rows.length) % rows.length;
    if (
      !stripVTControlCharacters(rows[row] ?? "")
        .toLowerCase()
        .includes(text)
    )
      continue;
    return { ...at({ ...model, wanted }, row), notice: `row ${String(row + 1)}: ${wanted}` };
  }
  return { ...model, wanted, notice: `not found: ${wanted}` };
}

/** Text in rows of at most `columns` cells; colours go on in the next row. */
export function rowsOf(text: string, columns: number): string[] {
  const rows: string[] = [];
  let on = "";
  for (const line of text.split("\n")) {
    let row = on;
    let width = 0;
    for (const part of partsOf(line.replaceAll("\t", "    "))) {
      if (part.startsWith("\u001b")) {
        row += part;
        on = /\[0?m$/u.test(part) ? "" : on + part;
        continue;
      }
      const cells = stringWidth(part);
      if (width + cells > columns && width > 0) {
        rows.push(on === "" ? row : row + RESET);
        row = on;
        width = 0;
      }
      row += part;
      width += cells;
    }
    rows.push(on === "" ? row : row + RESET);
    // What was turned off again need not be turned on in each row to come.
    if (/^(?:\u001b\[(?:\d+)m)*$/u.test(on) && isOff(on)) on = "";
  }
  return rows;
}

/** Whether each colour that was turned on has been turned off. */
function isOff(sequences: string): boolean {
  const left = new Set<string>();
  for (const [, code = ""] of sequences.matchAll(/\[(\d+)m/gu)) {
    if (code === "39") left.delete("colour");
    else if (code === "22") left.delete("weight");
    else left.add(code === "1" || code === "2" ? "weight" : "colour");
  }
  return left.size === 0;
}

function* partsOf(line: string): Generator<string> {
  let at = 0;
  while (at < line.length) {
    SGR.lastIndex = at;
    const sequence = SGR.exec(line)?.[0];
    if (sequence !== undefined) {
      yield sequence;
      at += sequence.length;
      continue;
    }
    const next = line.indexOf("\u001b", at + 1);
    const plain = line.slice(at, next < 0 ? line.length : next);
    yield* graphemes(plain);
    at += plain.length;
  }
}
