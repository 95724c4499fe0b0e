/**
 * The examples in doc comments and in the README run, line by line, as typed at a prompt. A line that ends in
 * `// value` must give that value.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import { OutputFilter } from "../../src/io/output-filter.ts";
import { bench } from "../../src/shell/helpers/bench.ts";
import { parse } from "../../src/shell/parse.ts";
import { Session } from "../../src/shell/session.ts";
import * as testing from "../../src/testing.ts";

/** The one helper of the prompt that has an example. */
const measuring = bench.make({} as never);

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Example {
  readonly where: string;
  readonly lines: readonly string[];
}

function examplesIn(file: string): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^( *\* |)```ts\n(.*?)^ *(?:\* )?```/gms)].map((match) => ({
    where: `${file}:${String(text.slice(0, match.index).split("\n").length)}`,
    lines: (match[2] ?? "")
      .split("\n")
      .map((line) => line.replace(/^ *\* ?/, ""))
      // The names are there already, as at a prompt.
      .filter((line) => line.trim() !== "" && !line.startsWith("import ")),
  }));
}

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => relative(root, join(root, "src", file)))
  .sort();
const examples = [...sources, "README.md"].flatMap(examplesIn);

test("there are examples", () => {
  expect(examples.length).toBeGreaterThan(10);
});

describe.each(examples)("the example at $where", ({ lines }) => {
  test("runs, and gives what it says", async () => {
    const node = await library.startNode({ sname: "docs", cookie: "docs", device: new testing.StringDevice() });
    try {
      const session = new Session({
        scope: node.scope,
        helpers: { ...library, ...testing, OutputFilter, bench: measuring },
      });
      await node.run(async () => {
        let statement = "";
        for (const line of lines) {
          statement += `${line}\n`;
          if ((await parse(statement)).kind === "incomplete") continue;
          const { value } = await (await session.prepare(statement)).run();
          const [, wanted] = /; \/\/ ([^A-Z\s].*)$/.exec(line) ?? [];
          if (wanted !== undefined) expect(library.inspect(value)).toBe(wanted);
          statement = "";
        }
        expect(statement).toBe("");
      });
    } finally {
      await node.stop();
    }
  });
});
