import { Application } from "../../otp/application.ts";
import { environmentName } from "../../otp/config.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";

/**
 * The port for clients: that of the environment variable `PORT`, else of the setting `port`, else 4040 in tests and 4050
 * otherwise, so that a program under test and one in use do not meet. Throws `badarg` for what is no port, and for a
 * `MOEBI_ENV` that there is not.
 */
export function portFromSettings(): number {
  const ofEnvironment = environmentName() === "test" ? 4040 : 4050;
  const port = process.env["PORT"] ?? Application.getEnv("kv", "port", ofEnvironment);
  const number = port === "" ? NaN : Number(port);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new ArgumentError(`The port of kv (PORT) is a number from 0 to 65535, not ${inspect(port)}`);
}

/** The nodes to connect to: those of the environment variable `NODES`, `foo@localhost,bar@localhost`, else of the setting `nodes`. */
export function nodesFromSettings(): readonly NodeName[] {
  const nodes = process.env["NODES"]?.split(",") ?? (Application.getEnv("kv", "nodes", []) as readonly string[]);
  return nodes.map((name) => name.trim()).filter((name) => name !== "") as NodeName[];
}
