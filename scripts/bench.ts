/**
 * Measures what the design is for, side by side in one run: moebi between two processes, bare `ws` with the same
 * payloads, and Erlang where it is installed (with Elixir's shell and tasks, where that is). Machines are noisy: read the
 * ratios, not the figures.
 *
 *     npm run bench                       three rounds
 *     npm run bench -- 5 4                five rounds of four times the work
 *     npm run bench -- 3 1 local call_    only the rows whose key contains one of these
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Options } from "./bench/main.ts";
import { bundle } from "./bundle.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [rounds = "3", scale = "1", ...only] = process.argv.slice(2);

// Both sides run as bundles, as they do for who installs moebi: with TypeScript to strip, file by file, a node takes
// longer to start than a mesh to form.
const { status } = spawnSync(process.execPath, ["scripts/build.ts", "--js"], { stdio: "inherit" });
if (status !== 0) process.exit(1);
await bundle(["scripts/bench/main.ts", "scripts/bench/peer.ts"], "node_modules/.cache/bench");
const { main } = (await import(new URL("../node_modules/.cache/bench/main.js", import.meta.url).href)) as {
  main(options: Options): Promise<void>;
};
await main({
  rounds: Number(rounds),
  scale: Number(scale),
  wanted: (key) => only.length === 0 || only.some((part) => key.includes(part)),
});
process.exit();
