/** What the menu of settings shows: the settings, what the chosen one means, and how the prompt looks with them. */
import stringWidth from "string-width";
import type { StatementPrompts } from "../io/device.ts";
import { formatThrown } from "../process/format-exit.ts";
import { ABOUT, SETTING_NAMES, type Settings, wanted } from "../shell/settings.ts";
import { inspect } from "../term/inspect.ts";
import { bufferOf } from "./buffer.ts";
import type { EditorState } from "./editor.ts";
import { cell, fitted, type Row, sgr, span, widthOf, windowStart } from "./observer/rows.ts";
import { rowsOf } from "./pager-model.ts";
import { type Look, typedLines } from "./paint.ts";
import { chosenOf, type MenuModel, valueText } from "./settings-model.ts";
import { createEditor } from "./state.ts";
import { tinted } from "./tint.ts";

export interface FrameOptions {
  readonly look: Look;
  /** Whether `NO_COLOR` is set, so that no setting brings colours. */
  readonly noColor: boolean;
}

/** What is below the list and above the keys: what the chosen one means, what is typed, what is said. */
const ABOUT_ROWS = 3;
/** On a smaller screen the settings themselves need the rows of the preview. */
const LEAST_ROWS_FOR_PREVIEW = 18;
const NAME_WIDTH = 1 + Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
const VALUE_WIDTH = 24;
const MEANING_WIDTH = Math.max(...SETTING_NAMES.map((name) => ABOUT[name].meaning.length));

/** The whole screen. Always as many rows as it has, none wider. */
export function menuRows(model: MenuModel, { look, noColor }: FrameOptions): string[] {
  const { columns, rows } = model.screen;
  const preview = rows < LEAST_ROWS_FOR_PREVIEW ? [] : ["", ...previewLines(model.settings, look)];
  const height = Math.max(1, rows - 2 - ABOUT_ROWS - preview.length);
  const list = listRows(model, height, noColor);
  while (list.length < height) list.push([]);
  const shown = (row: Row): string => sgr(fitted(row, columns), look.colors);
  return [
    shown(head(model)),
    ...list.map(shown),
    ...aboutRows(model, columns).map(shown),
    ...preview,
    shown(keys(model)),
  ].slice(0, Math.max(1, rows));
}

function head({ selected }: MenuModel): Row {
  const place = `${String(selected + 1)} of ${String(SETTING_NAMES.length)}`;
  return [span(" Settings ", { bold: true, inverse: true }), span(`  ${place}`, { dim: true })];
}

function listRows(model: MenuModel, height: number, noColor: boolean): Row[] {
  const { settings, selected, screen } = model;
  const start = windowStart(SETTING_NAMES.length, height, selected);
  const beside = screen.columns >= NAME_WIDTH + VALUE_WIDTH + 2 + MEANING_WIDTH;
  return SETTING_NAMES.slice(start, start + height).map((name, index): Row => {
    const chosen = start + index === selected;
    const note = name === "colors" && noColor ? " (NO_COLOR is set)" : "";
    const value = valueText(settings[name]) + note;
    const title = cell(span(` ${name}`).text, Math.min(NAME_WIDTH, screen.columns));
    const row = [span(title, { bold: chosen }), span(value)];
    const padded = beside ? [...row, span(" ".repeat(Math.max(2, VALUE_WIDTH - stringWidth(value))))] : row;
    const all = beside ? [...padded, span(ABOUT[name].meaning, { dim: !chosen })] : padded;
    if (!chosen) return all;
    const text = all.map((piece) => piece.text).join("");
    return [{ inverse: true, text: cell(text, screen.columns) }];
  });
}

function aboutRows(model: MenuModel, columns: number): Row[] {
  const { entry, notice } = model;
  const name = chosenOf(model);
  const rows: Row[] = [];
  if (entry !== undefined) {
    rows.push([span(`${name} is ${wanted(name)}`, { dim: true })], entryRow(entry, columns));
    if (notice !== undefined) rows.push([span(notice.text, { colour: "red" })]);
  } else if (notice !== undefined) {
    const style = notice.wrong ? { colour: "red" as const } : { bold: true };
    rows.push(...filled(notice.text, columns).map((line) => [span(line, style)]));
  } else {
    const lines = filled(ABOUT[name].meaning, columns);
    rows.push(...(lines.length < ABOUT_ROWS ? [[]] : []), ...lines.map((line) => [span(line)]));
  }
  while (rows.length < ABOUT_ROWS) rows.push([]);
  return rows.slice(0, ABOUT_ROWS);
}

/** What is typed, as much as there is room for around the cursor. */
function entryRow({ buffer }: EditorState, columns: number): Row {
  const { text, cursor } = buffer;
  const rowFrom = (start: number): Row => [
    span("> ", { bold: true }),
    span(text.slice(start, cursor).join("")),
    span(text[cursor] ?? " ", { inverse: true }),
    span(text.slice(cursor + 1).join("")),
  ];
  let start = 0;
  while (start < cursor && widthOf(rowFrom(start).slice(0, 3)) >= columns) start++;
  return rowFrom(start);
}

/** Words in as many lines as they need; one that is wider than a line, such as a path, in pieces. */
function filled(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && stringWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(...rowsOf(word, columns));
  }
  return lines;
}

function keys(model: MenuModel): Row {
  const { columns } = model.screen;
  const name = chosenOf(model);
  const change = ABOUT[name].choices === undefined ? "Enter type it" : "Enter change";
  const all =
    model.entry === undefined
      ? ["q leave", "s save", change, "↑↓ choose", "←→ step", "d default"]
      : ["Enter take it", "Esc leave it"];
  let text = all[0] ?? "";
  for (const key of all.slice(1)) if (text.length + key.length + 2 <= columns) text += `  ${key}`;
  return [span(text, { dim: true })];
}

const PROMPTS: StatementPrompts = { first: "", continuation: "" };
const STATEMENT = 'const pid = spawn(Kate, "run", [42, true]) // a statement';
const RESULT = { name: "Kate", nested: { at: { last: [1, 2, null] } }, ok: true, when: new Date(0) };

/** What is typed, a result, an error, and a line from another node, as these settings show them; a row each. */
export function previewLines(settings: Settings, look: Look): string[] {
  const { depth, maxEntries: maxItems, maxText: maxStringLength } = settings;
  const { colors } = look;
  const state = { ...createEditor("statement"), buffer: bufferOf(STATEMENT) };
  const error = new TypeError("an error");
  error.stack = "TypeError: an error";
  const other = "kate@localhost";
  const line = `printed on ${other}\n`;
  return [
    typedLines(state, PROMPTS, look),
    inspect(RESULT, { depth, maxItems, maxStringLength, colors, breakLength: Infinity }),
    formatThrown(error, { colors }).split("\n")[0] ?? "",
    (colors ? tinted(other, line) : line).trimEnd(),
  ];
}
