import { homedir } from "node:os";
import { expect, test } from "vitest";
import { configFolder } from "../../src/cli/config-folder.ts";

test.each([
  [{ XDG_CONFIG_HOME: "/etc/me", HOME: "/home/me" }, "/etc/me/moebi"],
  [{ XDG_CONFIG_HOME: "relative", HOME: "/home/me" }, "/home/me/.config/moebi"],
  [{ HOME: "/home/me" }, "/home/me/.config/moebi"],
  [{}, `${homedir()}/.config/moebi`],
])("with %j settings are in %s", (env, folder) => {
  expect(configFolder(env)).toBe(folder);
});
