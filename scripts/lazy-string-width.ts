/**
 * The package string-width in what is bundled. Each copy of it (ink's, yargs', …) makes, as it is loaded, a regular
 * expression of all emoji, which costs some ten milliseconds and is of no use for plain text. Here it is loaded at the
 * first text that needs it.
 */
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import type stringWidth from "string-width";

type StringWidth = typeof stringWidth;

// ASCII and Latin-1 without controls and the soft hyphen: a column each.
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\xff]*$/;
// Colours take none. The row below the prompt has some from its first frame on.
const SGR = /\x1b\[[\d;]*m/g;

/** Does what `load()` gives does, and loads it when it must. */
export function lazyStringWidth(load: () => StringWidth): StringWidth {
  let real: StringWidth | undefined;
  return (text, options) => {
    if (typeof text === "string" && options?.ambiguousIsNarrow !== false) {
      const plain = options?.countAnsiEscapeCodes === true ? text : text.replace(SGR, "");
      if (PLAIN.test(plain)) return plain.length;
    }
    real ??= load();
    return real(text, options);
  };
}

const namespace = "lazy-string-width";

export const lazyWidths: Plugin = {
  name: namespace,
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, importer, kind, resolveDir, namespace: from }) => {
      if (kind !== "import-statement" || from === namespace) return undefined;
      const found = await resolve(path, { importer, kind: "require-call", resolveDir });
      return { path: found.path, namespace, errors: found.errors };
    });
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `import { lazyStringWidth } from ${JSON.stringify(fileURLToPath(import.meta.url))};
export default lazyStringWidth(() => require(${JSON.stringify(path)}).default);`,
      resolveDir: "/",
      loader: "js",
    }));
  },
};
