import { defmodule } from "../../process/kernel.ts";
import { MoebiError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Pid } from "../../term/pid.ts";
import { Bucket } from "./bucket.ts";
import { KV } from "./kv.ts";
import { Router } from "./router.ts";

/** What a client asks for. */
export type Request =
  | readonly ["create", bucket: string]
  | readonly ["put", bucket: string, key: string, value: string]
  | readonly ["get", bucket: string, key: string]
  | readonly ["delete", bucket: string, key: string];

/** What clients may say, and how many words follow. */
const COMMANDS = new Map([
  ["CREATE", 1],
  ["PUT", 3],
  ["GET", 2],
  ["DELETE", 2],
]);

/** The language of the store's clients. */
export const Command = defmodule("KV.Command", {
  /** What a line asks for. Throws `unknown_command`. */
  parse(line: string): Request {
    const [command = "", ...words] = line.trim().split(/\s+/);
    if (COMMANDS.get(command) !== words.length) throw new MoebiError("unknown_command", "The command is unknown");
    return [command.toLowerCase(), ...words] as unknown as Request;
  },

  /** Does it, and gives the answer as it is sent. Throws `not_found` for a bucket that is not there. */
  async run([command, name, key = "", value = ""]: Request): Promise<string> {
    if (command === "create") {
      await onItsNode("createBucket", name);
      return "OK\r\n";
    }
    const bucket = await onItsNode("lookupBucket", name);
    if (bucket === null) throw new MoebiError("not_found", `There is no bucket "${name}"`);
    switch (command) {
      case "put":
        await Bucket.put(bucket, key, value);
        return "OK\r\n";
      case "get":
        return `${shown(await Bucket.get(bucket, key))}\r\nOK\r\n`;
      case "delete":
        await Bucket.delete(bucket, key);
        return "OK\r\n";
    }
  },
});

/** Clients put texts; who is at the prompt may have put anything. */
function shown(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : inspect(value);
}

/** Asks the node that answers for a bucket. Where there is no routing table, each node answers for what it knows. */
async function onItsNode(fun: "createBucket" | "lookupBucket", bucket: string): Promise<Pid | null> {
  if (Router.table().length === 0) return KV[fun](bucket);
  return (await Router.route(bucket, KV, fun, [bucket])) as Pid | null;
}
