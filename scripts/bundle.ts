/** Bundles programs that run beside the product, so that they start and weigh as it does for who installs it. */
import { build } from "esbuild";

/** Writes each entry as one file of JavaScript, with what they share in others, to `outdir`. */
export async function bundle(entryPoints: string[], outdir: string): Promise<void> {
  await build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["esbuild", "node-pty", "bufferutil", "utf-8-validate"],
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
  });
}
