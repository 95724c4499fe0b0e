import { expect, test } from "vitest";
import { View, type Shared } from "../../src/terminal/view.ts";

/** A terminal that only tells what was asked of it. */
function told() {
  const asked: unknown[][] = [];
  const tell =
    (name: string) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return Promise.resolve(null);
    };
  const terminal = {
    kind: "terminal",
    columns: 100,
    rows: 30,
    ...Object.fromEntries(
      ["write", "readLine", "readStatement", "setPrompts", "setAside", "show", "close"].map((name) => [
        name,
        tell(name),
      ]),
    ),
  } as unknown as Shared;
  return { asked, terminal };
}

test("a view reads and is shown as itself, and prints as everybody", async () => {
  const { asked, terminal } = told();
  const view = new View(terminal, 3);
  const prompts = { first: "> ", continuation: "| " };
  await view.readLine("Name: ");
  await view.readStatement(prompts);
  view.setPrompts(prompts);
  void view.setAside();
  view.show();
  await view.write("hello\n");
  expect(asked).toEqual([
    ["readLine", "Name: ", undefined, 3],
    ["readStatement", prompts, undefined, 3],
    ["setPrompts", prompts, 3],
    ["setAside", 3],
    ["show", 3],
    ["write", "hello\n"],
  ]);
  expect([view.columns, view.rows, view.kind]).toEqual([100, 30, "terminal"]);
});

test("closing a view leaves the terminal open", async () => {
  const { asked, terminal } = told();
  await new View(terminal, 1).close();
  expect(asked).toEqual([]);
});
