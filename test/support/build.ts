import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds `dist` if a source is newer, with the very check that `scripts/moebi` makes. */
export default function setup(): void {
  const command = 'set -eu; root=$1; . "$root/scripts/ensure.sh"; ensure_built';
  execFileSync("/bin/sh", ["-c", command, "sh", root], { stdio: "inherit" });
}
