import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The folder of a person's settings: `moebi` in `$XDG_CONFIG_HOME`, or in `~/.config`. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  const config = env["XDG_CONFIG_HOME"];
  // A relative path is to be ignored, says the XDG specification.
  return join(config && isAbsolute(config) ? config : join(env["HOME"] || homedir(), ".config"), "moebi");
}
