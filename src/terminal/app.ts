/** The live region: what Ink draws below all output. Everything else of the terminal is plain text in its scrollback. */
import { Box, render, Text, useCursor, useStdout, type Instance } from "ink";
import { createElement, type ReactElement } from "react";
import { anchored } from "./joined.ts";
import type { Layout } from "./layout.ts";
import { reflowOf, rowsAbove } from "./reflow.ts";
import type { TerminalStream } from "./stream.ts";

/** Where nothing is edited and nothing is shown, the cursor waits at the start of the next line. */
export const emptyLayout: Layout = { rows: [], cursor: { x: 0, y: 0 } };

interface LiveProps {
  readonly layout: Layout;
  readonly onWriter: (write: (text: string) => void) => void;
}

function Live({ layout, onWriter }: LiveProps): ReactElement {
  const { write } = useStdout();
  const { setCursorPosition } = useCursor();
  onWriter(write);
  // The terminal's own cursor, not a drawn one: an input method shows what is being composed there.
  setCursorPosition(layout.cursor);
  return createElement(
    Box,
    { flexDirection: "column" },
    layout.rows.map((row, index) =>
      // Ink gives an empty text no row at all.
      createElement(
        Text,
        { key: index, wrap: "truncate-end", dimColor: row.dim },
        row.text === "" ? " " : (row.styled ?? row.text),
      ),
    ),
  );
}

/** Ink, as the terminal uses it. */
export class App {
  readonly #stream: TerminalStream;
  readonly #instance: Instance;
  #write: (text: string) => void = () => undefined;
  #layout: Layout = emptyLayout;
  #drawn: Layout | undefined;
  #waiting: (() => void)[] = [];
  #columns: number;
  /** What is on its way to be printed as it is, above the frame. */
  #printing: string | undefined;

  constructor(stream: TerminalStream, stdin: NodeJS.ReadStream) {
    this.#stream = stream;
    this.#columns = stream.columns;
    // Before Ink's own listener, which erases as many rows as it drew.
    stream.on("resize", this.#narrowed);
    const stdout = this.#anchoring(stream) as unknown as NodeJS.WriteStream;
    this.#instance = render(this.#element(), {
      stdout,
      stderr: stdout,
      stdin,
      // With CI in the environment Ink draws nothing, also on a terminal.
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      // A frame costs little here, and the echo of a key should not wait for the next thirtieth of a second.
      maxFps: 250,
      onRender: () => {
        this.#drawn = this.#layout;
        for (const resolve of this.#waiting.splice(0)) resolve();
      },
    });
  }

  /** Draws `layout` in place of the last one. */
  show(layout: Layout): void {
    this.#layout = layout;
    this.#stream.joined(() => {
      this.#instance.rerender(this.#element());
    });
  }

  /** Resolves when the layout last shown is on the screen, at once if it is. Ink may draw it a few milliseconds late. */
  shown(): Promise<void> | undefined {
    if (this.#drawn === this.#layout) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Prints whole lines above the live region. */
  print(lines: string): void {
    this.#stream.joined(() => {
      this.#printing = lines;
      this.#write(lines);
      this.#printing = undefined;
    });
  }

  /** Draws again what may have been overwritten. */
  redraw(): void {
    this.#instance.clear();
    this.show({ ...this.#layout });
  }

  /** Erases the live region, and leaves the cursor where the next program's output belongs. */
  unmount(): void {
    this.#instance.clear();
    // Ink draws what it still has pending once more, which would leave an empty line.
    this.#stream.discarding(() => {
      this.#instance.unmount();
    });
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Erases what was drawn if the terminal has folded it, and lets Ink draw it as if nothing were there. */
  readonly #narrowed = (): void => {
    const { columns } = this.#stream;
    const before = this.#columns;
    this.#columns = columns;
    if (columns >= before || this.#drawn === undefined || this.#drawn.rows.length === 0) return;
    const above = rowsAbove(this.#drawn, columns, reflowOf(process.env));
    this.#stream.write(`\r${above > 0 ? `\x1b[${String(above)}A` : ""}\x1b[J`);
    this.#stream.discarding(() => {
      this.#instance.clear();
    });
  };

  /** The stream as Ink gets it: what it draws is made to stand where Ink counts. */
  #anchoring(stream: TerminalStream): TerminalStream {
    const write: TerminalStream["write"] = (text, ...rest) =>
      stream.write(typeof text === "string" && text !== this.#printing ? anchored(text) : text, ...rest);
    return new Proxy(stream, {
      get(target, key) {
        if (key === "write") return write;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #element(): ReactElement {
    return createElement(Live, {
      layout: this.#layout,
      onWriter: (write) => {
        this.#write = write;
      },
    });
  }
}
