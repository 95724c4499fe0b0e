import xterm from "@xterm/headless";

/** How a cell is drawn: colour numbers of the palette, -1 for the terminal's own. */
export interface CellStyle {
  readonly text: string;
  readonly foreground: number;
  readonly background: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

/** What a person sees of a program's output: the cells of a terminal, and the lines that have scrolled out of it. */
export class Screen {
  readonly #terminal: xterm.Terminal;
  #cursorVisible = true;
  #pasteMode = false;
  #cursorShape = 0;

  constructor(columns = 80, rows = 24) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 100_000,
      allowProposedApi: true,
      // As most terminals do it, tmux among them.
      reflowCursorLine: true,
    });
    this.#terminal.parser.registerCsiHandler({ intermediates: " ", final: "q" }, ([shape]) => {
      this.#cursorShape = typeof shape === "number" ? shape : 0;
      return false;
    });
    for (const [final, value] of [
      ["h", true],
      ["l", false],
    ] as const) {
      this.#terminal.parser.registerCsiHandler({ prefix: "?", final }, (parameters) => {
        if (parameters.includes(25)) this.#cursorVisible = value;
        if (parameters.includes(2004)) this.#pasteMode = value;
        return false;
      });
    }
  }

  /** Shows `data`. Resolves when it is drawn. */
  write(data: string): Promise<void> {
    return new Promise((resolve) => {
      this.#terminal.write(data, resolve);
    });
  }

  /** Calls `answer` with what a terminal would send back as if it had been typed. */
  onAnswer(answer: (data: string) => void): void {
    this.#terminal.onData(answer);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** Row `n` of what is visible, from 0; from the bottom when negative. Without the blanks at its end. */
  line(n: number): string {
    const buffer = this.#terminal.buffer.active;
    const row = n < 0 ? this.#terminal.rows + n : n;
    return buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? "";
  }

  /** What is visible, without blank rows at the bottom. */
  text(): string {
    return Array.from({ length: this.#terminal.rows }, (_, row) => this.line(row))
      .join("\n")
      .trimEnd();
  }

  /** What is visible down to the row of the cursor: below a prompt may stand what is no part of the session. */
  upToCursor(): string {
    return Array.from({ length: this.cursor.y + 1 }, (_, row) => this.line(row)).join("\n");
  }

  /** Everything since the beginning, with what has scrolled out. Rows the terminal wrapped are joined again. */
  scrollback(): string {
    const buffer = this.#terminal.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      const line = buffer.getLine(row);
      const wrapped = buffer.getLine(row + 1)?.isWrapped ?? false;
      const text = line?.translateToString(!wrapped) ?? "";
      if (line?.isWrapped) lines.push((lines.pop() ?? "") + text);
      else lines.push(text);
    }
    return lines.join("\n").trimEnd();
  }

  /** The cursor's column and visible row, from 0. */
  get cursor(): { readonly x: number; readonly y: number; readonly visible: boolean } {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active;
    return { x, y, visible: this.#cursorVisible };
  }

  /** The shape the program gave the cursor: 0 the terminal's own, 2 a block, 6 a bar. */
  get cursorShape(): number {
    return this.#cursorShape;
  }

  /** Whether the program asked for pastes to be marked. */
  get pasteMode(): boolean {
    return this.#pasteMode;
  }

  /** The style of a visible cell. */
  cell(column: number, row: number): CellStyle {
    const buffer = this.#terminal.buffer.active;
    const cell = buffer.getLine(buffer.baseY + row)?.getCell(column);
    if (!cell) throw new Error(`There is no cell ${String(column)}, ${String(row)} on the screen`);
    return {
      text: cell.getChars(),
      foreground: cell.isFgDefault() ? -1 : cell.getFgColor(),
      background: cell.isBgDefault() ? -1 : cell.getBgColor(),
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      underline: cell.isUnderline() !== 0,
    };
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
