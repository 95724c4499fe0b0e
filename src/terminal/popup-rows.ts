/** How the pop-up looks: a candidate a row, the chosen one marked, with what is known of it beside it. */
import stringWidth from "string-width";
import type { OfferedCandidate } from "../shell/complete.ts";
import { escapeControls } from "../term/escape.ts";
import type { Row } from "./layout.ts";
import { cell } from "./observer/rows.ts";
import type { Popup } from "./popup.ts";

/** In front of the chosen one, as not all terminals have bold. */
const MARK = "> ";
const BLANK = "  ";
const GAP = "  ";
/** What is said of a candidate in fewer columns says nothing. */
const LEAST_DETAIL = 10;
/** Where there are fewer, how something is called goes before what it does; else it leaves it some of them. */
const LEAST_DOC = 50;
const CALL_SHARE = 0.6;

/** The rows of a pop-up, at most `most`: those around the chosen one, and how many more there are. */
export function popupRows({ candidates, chosen }: Popup, columns: number, most: number): Row[] {
  if (candidates.length === 0 || most < 1) return [];
  const listed = candidates.length <= most ? candidates.length : Math.max(1, most - 1);
  const left = candidates.length - listed;
  const first = Math.max(0, Math.min((chosen ?? 0) - Math.floor(listed / 2), left));
  const names = candidates.map(({ text }) => shown(text));
  const room = Math.max(1, columns - BLANK.length);
  const width = Math.min(Math.max(...names.map((name) => stringWidth(name))), room);
  const more = `… ${String(left)} more`;
  const rows = names.slice(first, first + listed).map((name, index): Row => {
    const at = first + index;
    const candidate = candidates[at];
    // Where there is room for one alone, it says so itself.
    const spare = room - width - GAP.length;
    const beside = listed === most && left > 0 ? more : at === chosen && candidate ? detailOf(candidate, spare) : "";
    const detail = spare < LEAST_DETAIL || beside === "" ? "" : GAP + beside;
    const head = cell(name, width).trimEnd();
    const tail = fitted(`${" ".repeat(width - stringWidth(head))}${detail}`.trimEnd(), room - stringWidth(head));
    if (at !== chosen) return { text: BLANK + head + tail, dim: true };
    const styled = `\x1b[1m${MARK}${head}\x1b[22m\x1b[2m${tail}\x1b[22m`;
    return { text: MARK + head + tail, dim: false, styled };
  });
  return left > 0 && listed < most ? [...rows, { text: fitted(BLANK + more, columns), dim: true }] : rows;
}

/**
 * How it is called, without its name, or its type, and what it does, in so many columns; what kind of thing it is if
 * nothing else is known.
 */
function detailOf({ text, kind, signature = "", doc = "" }: OfferedCandidate, columns: number): string {
  const [first = "", ...others] = signature.split("\n");
  const open = /[(<]/u.exec(first)?.index ?? -1;
  const named = open > 0 && first.slice(0, open).split(".").at(-1) === text;
  const call = shown((named ? first.slice(open) : first) + (others.length > 0 ? " …" : ""));
  const told = shown(doc);
  // That something stands in quotes is no news.
  const otherwise = kind === "text" ? "" : shown(kind);
  if (call === "") return told === "" ? otherwise : told;
  if (told === "" || columns < LEAST_DOC) return call;
  const ofCall = Math.max(columns - GAP.length - stringWidth(told), Math.ceil(columns * CALL_SHARE));
  return fitted(call, ofCall) + GAP + told;
}

/** A name may be another node's, and is one row. */
function shown(text: string): string {
  return escapeControls(text.replace(/\s/gu, " "));
}

function fitted(text: string, columns: number): string {
  return cell(text, Math.max(0, columns)).trimEnd();
}
