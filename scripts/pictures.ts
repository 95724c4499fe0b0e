/**
 * Makes the pictures that the README shows, from real programs on real terminals:
 *
 *     node scripts/pictures.ts
 *
 * `scripts/pictures/chat.svg` is the demo's stage after its tour, `remsh.svg` a shell of another node, `observer.svg` the
 * observer. Build first: they show what is in `dist`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AT_ONCE, Cast } from "./theatre/cast.ts";
import type { Cell } from "./theatre/cells.ts";
import type { Pane } from "./theatre/pane.ts";
import { compose, layout } from "./theatre/stage.ts";
import { svgOf } from "./theatre/svg.ts";
import { TOUR } from "./theatre/tour.ts";

const folder = fileURLToPath(new URL("pictures", import.meta.url));
const STAGE = { columns: 166, rows: 24 };

async function picture(name: string, title: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  await writeFile(join(folder, `${name}.svg`), svgOf(rows, title));
  console.log(`scripts/pictures/${name}.svg`);
}

const rowsOf = (pane: Pane): Cell[][] => Array.from({ length: pane.rows }, (_, row) => pane.row(row));

await mkdir(folder, { recursive: true });
{
  await using cast = await Cast.start(layout(STAGE, 3).pane);
  await cast.ready();
  for (const step of TOUR) await cast.play(step, AT_ONCE);
  const shown = cast.panes.map((pane) => ({ name: pane.name, row: (row: number) => pane.row(row) }));
  await picture("chat", "Chat between three nodes", compose(STAGE, shown, 0, "Three nodes, three terminals"));
}
{
  const size = { columns: 100, rows: 24 };
  await using cast = await Cast.start(size);
  await cast.ready();
  const alex = cast.of("alex");
  const service = "const Orders = { pending: () => [{ id: 7, total: 12.5 }, { id: 8, total: 40 }] }";
  await cast.play(
    { caption: "", who: "kate", type: service, then: [["kate", /^moebi\(kate@localhost\)2> ?$/m]] },
    AT_ONCE,
  );
  const visitor = cast.visit("kate@localhost", size);
  await visitor.until(/^moebi\(kate@localhost\)1> ?$/m);
  for (const [number, statement] of ["Orders.pending()", 'IO.puts("printed here")'].entries()) {
    visitor.type(`${statement}\r`);
    await visitor.until(new RegExp(`^moebi\\(kate@localhost\\)${String(number + 2)}> ?$`, "m"));
  }
  await picture("remsh", "A shell on another node", rowsOf(visitor));

  alex.type('for (const name of ["kate", "moebi"]) await Node.connect(`${name}@localhost`)\r');
  await alex.until(/^moebi\(alex@localhost\)2> ?$/m);
  alex.type("observer()\r");
  await alex.until(/^q leave/m);
  await alex.until(/kate@localhost +connected +[\d.]+ m?s/);
  await picture("observer", "The observer", rowsOf(alex));
}
