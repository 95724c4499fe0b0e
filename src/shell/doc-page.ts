/** Documentation as it is shown: paragraphs filled to the width of the screen, code as it stands. */
import stringWidth from "string-width";
import { escapeControls } from "../term/escape.ts";
import { coloured } from "../term/palette.ts";
import type { Documentation } from "./docs.ts";

export interface PageOptions {
  /** Of the screen. Longer lines than {@link MOST_COLUMNS} are hard to read, so no paragraph is wider. */
  readonly columns: number;
  readonly colors?: boolean;
}

const MOST_COLUMNS = 100;
const LEAST_COLUMNS = 20;
const INDENT = "    ";
/** Less room than this beside a name, and what is said of it stands below. */
const LEAST_BESIDE = 24;

/** What begins an item of a list. */
const ITEM = /^(?:[-*•]|\d+[.)]) /u;
const FENCE = /^\s*```/u;

interface Style {
  readonly heading: (text: string) => string;
  readonly code: (text: string) => string;
}

const PLAIN: Style = { heading: (text) => text, code: (text) => text };
const COLOURED: Style = {
  heading: (text) => `\u001b[1m${text}\u001b[22m`,
  code: (text) => coloured("cyan", text),
};

/** The lines of a page: how it is called, then what is said of it. Safe to print. */
export function docPage({ signature, doc }: Documentation, options: PageOptions): string[] {
  const style = options.colors === true ? COLOURED : PLAIN;
  const width = widthFor(options);
  const heading = escapeControls(signature, { newlines: true })
    .split("\n")
    .flatMap((line) => {
      // What a module holds stands below it, set off.
      const indent = /^ */u.exec(line)?.[0] ?? "";
      return filled(wordsOf(line, PLAIN), width, indent, indent + INDENT).map(style.heading);
    });
  return doc === "" ? heading : [...heading, "", ...body(escapeControls(doc, { newlines: true }), width, style)];
}

/** Names, each with what is said of it: beside it where there is room. Safe to print. */
export function docTable(rows: readonly (readonly [name: string, doc: string])[], options: PageOptions): string[] {
  const width = widthFor(options);
  const style = options.colors === true ? COLOURED : PLAIN;
  const widest = Math.max(0, ...rows.map(([name]) => stringWidth(name))) + 4;
  const beside = width - widest >= LEAST_BESIDE;
  return rows.flatMap(([name, doc]) => {
    const words = wordsOf(escapeControls(doc), style);
    const own = `  ${escapeControls(name)}`;
    if (!beside) return [own, ...filled(words, width, INDENT, INDENT)];
    return filled(words, width, own.padEnd(widest), " ".repeat(widest));
  });
}

/** Lines set off by two, filled, what continues one by two more. */
export function indented(text: string, options: PageOptions): string[] {
  const lines = escapeControls(text, { newlines: true }).split("\n");
  return lines.flatMap((line) => {
    const indent = `  ${/^ */u.exec(line)?.[0] ?? ""}`;
    return filled(wordsOf(line, PLAIN), widthFor(options), indent, `${indent}${lines.length > 1 ? "  " : ""}`);
  });
}

function widthFor({ columns }: PageOptions): number {
  return Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS));
}

function body(doc: string, width: number, style: Style): string[] {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let code = false;
  const end = (): void => {
    const [first = ""] = paragraph;
    if (paragraph.length > 0) {
      const hanging = " ".repeat(ITEM.exec(first)?.[0].length ?? 0);
      lines.push(...filled(wordsOf(paragraph.join(" "), style), width, "", hanging));
    }
    paragraph = [];
  };
  for (const line of doc.split("\n")) {
    if (FENCE.test(line)) {
      end();
      code = !code;
    } else if (code) lines.push(line === "" ? "" : INDENT + style.code(line));
    else if (line.trim() === "" || /^\s/u.test(line)) {
      end();
      lines.push(line.trimEnd());
    } else {
      if (ITEM.test(line)) end();
      paragraph.push(line.trim());
    }
  }
  end();
  return lines;
}

interface Word {
  readonly width: number;
  readonly shown: string;
}

/** The words of a paragraph. With colours what stands between backticks is coloured instead. */
function wordsOf(paragraph: string, style: Style): Word[] {
  const coloured = style !== PLAIN && (paragraph.split("`").length - 1) % 2 === 0;
  let code = false;
  return paragraph
    .split(/ +/u)
    .filter((word) => word !== "")
    .map((word) => {
      if (!coloured) return { width: stringWidth(word), shown: word };
      const parts = word.split("`");
      const shown = parts.map((part, index) => {
        if (index > 0) code = !code;
        return code && part !== "" ? style.code(part) : part;
      });
      return { width: stringWidth(parts.join("")), shown: shown.join("") };
    });
}

/** Words in lines of no more than so many cells, unless one word has more. */
function filled(words: readonly Word[], width: number, first: string, others: string): string[] {
  const lines: string[] = [];
  let line = first;
  let used = stringWidth(first);
  let empty = true;
  for (const { width: cells, shown } of words) {
    if (!empty && used + 1 + cells > width) {
      lines.push(line);
      line = others;
      used = others.length;
      empty = true;
    }
    line += (empty ? "" : " ") + shown;
    used += (empty ? 0 : 1) + cells;
    empty = false;
  }
  return [...lines, line.trimEnd()];
}
