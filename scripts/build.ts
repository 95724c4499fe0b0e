/**
 * Builds `dist/`. With `--js`, only what running needs: the JavaScript, in a fraction of a second.
 *
 *     dist/bin/moebi.js     the command: checks Node's version, then loads the rest
 *     dist/cli/main.js      the command line
 *     dist/cli/peer.js      the program of a peer node
 *     dist/index.js         the library, `import … from "moebi"`
 *     dist/testing.js       `import … from "moebi/testing"`
 *     dist/chunks/          what they share, and what they load only when needed (the terminal)
 *     dist/docs.json        what `h()` shows
 *     dist/builtins.json    the same of the language's own functions
 *     dist/types/           declarations
 *
 * The command and the library are outputs of one build and share their chunks. A file that a user loads with `-r`
 * imports "moebi" inside the command's process: with two builds it would get a second runtime, with no processes in it.
 */
import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { bareBuiltins } from "./builtins.ts";
import { fewChunks } from "./chunks.ts";
import { lazyWidths } from "./lazy-string-width.ts";
import { writeBuiltinDocs } from "./builtin-docs.ts";
import { writeDocs } from "./docs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const dayMs = 24 * 60 * 60 * 1000;

const options = {
  absWorkingDir: root,
  entryPoints: {
    index: "src/index.ts",
    testing: "src/testing.ts",
    "cli/main": "src/cli/main.ts",
    "cli/peer": "src/cli/peer.ts",
  },
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  metafile: true,
  // Less to read and parse at every start. Names stay: errors, functions and classes are shown by them.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
  // esbuild starts a native program that it finds beside itself. The others are optional, and tried for by what we bundle.
  external: ["esbuild", "react-devtools-core", "bufferutil", "utf-8-validate"],
  define: {
    "process.env.NODE_ENV": '"production"',
    "process.env.DEV": '"false"',
    // The layout engine of the terminal would load Node's whole HTTP client to read what it carries in itself.
    fetch: "undefined",
    "Intl.Segmenter": "LazySegmenter",
  },
  inject: ["scripts/lazy-segmenter.ts"],
  // CommonJS packages inside an ES module ask for Node's own modules with `require`.
  banner: {
    js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

async function buildJavaScript(): Promise<Metafile> {
  const { metafile } = await build({
    ...options,
    plugins: [bareBuiltins, lazyWidths, await fewChunks(options, "src/index.ts")],
  });
  await mkdir(join(dist, "bin"), { recursive: true });
  await copyFile(join(root, "src/cli/bin.js"), join(dist, "bin/moebi.js"));
  await chmod(join(dist, "bin/moebi.js"), 0o755);

  return metafile;
}

function buildDeclarations(): void {
  const tsc = join(root, "node_modules/typescript7/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  // It has said what is wrong. Without the stamp, the next start builds again.
  if (status !== 0) process.exit(1);
}

/** Removes chunks of earlier builds that are older than `ageMs`; a session that is running may yet load a younger one. */
async function pruneChunks(metafile: Metafile, ageMs: number): Promise<void> {
  const chunks = join(dist, "chunks");
  for (const name of await readdir(chunks).catch(() => [])) {
    if (`dist/chunks/${name}` in metafile.outputs) continue;
    const { mtimeMs } = await stat(join(chunks, name));
    if (Date.now() - mtimeMs > ageMs) await rm(join(chunks, name));
  }
}

/** The folder of the package that `path` is a file of: the last `node_modules/name` or `node_modules/@scope/name` in it; none for what a plugin made up, `name:path`. */
function packageFolder(path: string): string | undefined {
  return /^(?:[^:]*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

/** The licences of the packages that are part of the bundle ask to be passed on with it. */
async function writeNotices(metafile: Metafile): Promise<void> {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const folder = packageFolder(input);
      if (folder !== undefined) folders.add(folder);
    }
  }
  // Its declarations are where `dist/builtins.json` has its words from.
  folders.add("node_modules/typescript");
  const notices: string[] = [];
  for (const folder of [...folders].sort()) {
    const manifest = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")) as Record<string, unknown>;
    const file = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
    const text =
      file === undefined ? `Licence: ${String(manifest["license"])}` : await readFile(join(root, folder, file), "utf8");
    notices.push(`${String(manifest["name"])} ${String(manifest["version"])}\n\n${text.trim()}\n`);
  }
  await writeFile(join(dist, "THIRD-PARTY-LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
}

/** What `scripts/ensure.sh` compares sources with: as old as the moment the build began, so that an edit during it counts. */
async function stamp(startedMs: number): Promise<void> {
  const path = join(dist, ".built");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  await utimes(path, startedMs / 1000, startedMs / 1000);
}

const startedMs = Date.now();
const onlyJavaScript = process.argv.includes("--js");
const metafile = await buildJavaScript();
await pruneChunks(metafile, onlyJavaScript ? dayMs : 0);
if (!onlyJavaScript) {
  await rm(join(dist, "types"), { recursive: true, force: true });
  buildDeclarations();
  await writeNotices(metafile);
}
writeDocs(root);
writeBuiltinDocs(root);
await stamp(startedMs);
