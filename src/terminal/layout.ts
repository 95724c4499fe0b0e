/** Where each character of the live region goes: the rows the terminal shows below all output, and the cursor's place. */
import stringWidth from "string-width";
import { escapeControls } from "../term/escape.ts";
import type { Candidate, StatementPrompts } from "../io/device.ts";
import type { EditorState } from "./editor.ts";
import { graphemes } from "./graphemes.ts";
import { roomFor } from "./joined.ts";
import { DIM, Styled, stylesOf, substitute, widthOf, type Look } from "./paint.ts";
import { popupRows } from "./popup-rows.ts";
import { suggestion } from "./suggest.ts";

export interface Row {
  readonly text: string;
  readonly dim: boolean;
  /** The text with SGR sequences, if it has any. */
  readonly styled?: string;
}

export interface Layout {
  readonly rows: readonly Row[];
  /** Both from 0; `undefined` where nothing is edited. */
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Candidates and hints take no more rows than this below the line being edited, or a third of a high screen. */
const MOST_ROWS_BELOW = 8;

/** The rows of an editor's state. They never fill the screen: what does not fit is scrolled so that the cursor shows. */
export function layout(state: EditorState, prompts: StatementPrompts, screen: Screen, look?: Look): Layout {
  const columns = Math.max(1, screen.columns);
  // A live region as tall as the screen makes Ink clear the screen for each key.
  const most = Math.max(1, screen.rows - 2);
  const wrapped = wrap(state, prompts, columns, look);
  const allowed = Math.max(0, Math.min(Math.max(MOST_ROWS_BELOW, Math.floor(screen.rows / 3)), most - 1));
  const below = rowsBelow(state, screen, allowed).slice(0, allowed);
  const space = most - below.length;
  const first = Math.max(0, Math.min(wrapped.cursor.y - Math.floor(space / 2), wrapped.rows.length - space));
  const rows = wrapped.rows.slice(first, first + space);
  return { rows: [...rows, ...below], cursor: { x: wrapped.cursor.x, y: wrapped.cursor.y - first } };
}

/** The last row of output that has no newline yet. */
export function layoutTail(tail: string, screen: Screen): Layout {
  let row = "";
  let width = 0;
  for (const grapheme of graphemes(tail)) {
    const cells = widthOf(grapheme);
    if (width + cells > screen.columns) {
      row = "";
      width = 0;
    }
    row += grapheme === "\t" ? (substitute(grapheme) ?? "") : grapheme;
    width += cells;
  }
  return {
    rows: row === "" ? [] : [{ text: row, dim: false }],
    cursor: { x: Math.min(width, screen.columns - 1), y: 0 },
  };
}

function wrap(state: EditorState, prompts: StatementPrompts, columns: number, look: Look | undefined) {
  const rows: Row[] = [];
  const cursor = { x: 0, y: 0 };
  let row = new Styled();
  let width = 0;
  const end = (): void => {
    const { text, styled } = row;
    rows.push(styled === undefined ? { text, dim: false } : { text, dim: false, styled });
    row = new Styled();
    width = 0;
  };
  const put = (grapheme: string, style?: string): void => {
    const shown = substitute(grapheme);
    if (shown !== undefined && grapheme !== "\t") {
      for (const character of shown) put(character, DIM);
      return;
    }
    const cells = widthOf(grapheme);
    // A wide character that does not fit in the last column goes to the next row whole.
    if (width > 0 && width + roomFor(grapheme, cells) > columns) end();
    row.put(shown ?? grapheme, style);
    width += cells;
  };
  const mark = (): void => {
    // Behind a full row the cursor stands where the next character will.
    if (width >= columns) end();
    cursor.x = width;
    cursor.y = rows.length;
  };
  const { text, cursor: at } = state.buffer;
  const styles = state.reading === "statement" ? stylesOf(state.buffer, look) : [];
  for (const grapheme of graphemes(prompts.first)) put(grapheme);
  for (const [index, grapheme] of text.entries()) {
    if (index === at) mark();
    if (grapheme !== "\n") {
      put(grapheme, styles[index]);
      continue;
    }
    end();
    for (const prompted of graphemes(prompts.continuation)) put(prompted);
  }
  if (at === text.length) mark();
  // What is offered takes no row of its own: one that appears and goes with each key is a flicker.
  const rest = offered(state, look);
  if (rest !== "") for (const grapheme of graphemes(fit(rest, columns - width))) put(grapheme, DIM);
  end();
  return { rows, cursor };
}

/** What is suggested behind the cursor: of a block its first line. */
function offered(state: EditorState, look: Look | undefined): string {
  const rest = look && suggestion(state);
  if (rest === undefined) return "";
  const newline = rest.indexOf("\n");
  return newline < 0 ? rest : `${rest.slice(0, newline)} …`;
}

function rowsBelow(state: EditorState, screen: Screen, most: number): Row[] {
  const columns = Math.max(1, screen.columns);
  if (state.search) {
    return [
      { text: fit(`${state.search.failed ? "not found" : "search"}: ${state.search.query}`, columns), dim: true },
    ];
  }
  if (state.hint !== undefined) return [{ text: fit(state.hint, columns), dim: true }];
  if (state.popup !== undefined)
    return popupRows(state.popup, columns, Math.min(most, Math.max(1, Math.floor(screen.rows / 3))));
  return candidateRows(state.candidates, columns, most);
}

/** One a row with their details while they are few, else in columns, and a count of those left out. */
function candidateRows(all: readonly Candidate[], columns: number, most: number): Row[] {
  if (all.length === 0) return [];
  const candidates = all.map(harmless);
  const widest = Math.max(...candidates.map(({ name }) => stringWidth(name)));
  if (candidates.length <= most && candidates.some(({ detail }) => detail !== undefined)) {
    // A row each; those that are left go to whoever needs them, the first first.
    let spare = most - candidates.length;
    const texts = candidates.flatMap((one) => {
      const whole = wrapped(one, candidates.length === 1 ? 0 : widest, columns);
      const taken = whole.slice(0, 1 + spare);
      spare -= taken.length - 1;
      if (taken.length === whole.length) return taken;
      const last = taken.length - 1;
      return [
        ...taken.slice(0, last),
        fit(`${taken[last] ?? ""} ${whole[last + 1]?.trimStart() ?? ""}`, columns, true),
      ];
    });
    return texts.map((text) => ({ text, dim: true }));
  }
  const across = Math.max(1, Math.floor((columns + 2) / (widest + 2)));
  const down = Math.ceil(candidates.length / across);
  const shown = down > most ? Math.max(0, most - 1) : down;
  const rows: Row[] = [];
  for (let row = 0; row < shown; row++) {
    const names = candidates.slice(row * across, (row + 1) * across).map(({ name }) => padded(name, widest));
    rows.push({ text: fit(names.join("  ").trimEnd(), columns), dim: true });
  }
  if (shown < down)
    rows.push({ text: fit(`… ${String(candidates.length - shown * across)} more`, columns), dim: true });
  return rows;
}

/** Another node may have said what it is called, and a file may be called anything. */
function harmless({ name, detail }: Candidate): Candidate {
  return { name: escapeControls(name), ...(detail !== undefined && { detail: escapeControls(detail) }) };
}

/** What is said of a candidate on as many rows as it takes, those behind the first set off; cut at spaces. */
function wrapped({ name, detail = "" }: Candidate, widest: number, columns: number): string[] {
  const words = `${padded(name, widest)}  ${detail}`.trimEnd().split(/(?<=\S) (?=\S)/u);
  const indent = " ".repeat(
    widest > 0 && widest + 2 <= columns / 3 ? widest + 2 : Math.min(4, Math.floor(columns / 4)),
  );
  const rows: string[] = [];
  let row = "";
  for (const word of words) {
    const longer = row === "" ? word : `${row} ${word}`;
    if (row !== "" && stringWidth(longer) > columns) {
      rows.push(row);
      row = indent + word.trimStart();
    } else row = longer;
  }
  return [...rows, row].map((text) => fit(text, columns));
}

function padded(name: string, width: number): string {
  return name + " ".repeat(Math.max(0, width - stringWidth(name)));
}

/** `text` on one row, cut with an ellipsis where it is wider than the screen, or `cut` off already. */
function fit(text: string, columns: number, cut = false): string {
  if (stringWidth(text) + (cut ? 2 : 0) <= columns) return cut ? `${text} …` : text;
  let kept = "";
  let width = 0;
  for (const grapheme of graphemes(text)) {
    width += widthOf(grapheme);
    if (width > columns - 1) break;
    kept += grapheme;
  }
  return `${kept}…`;
}
