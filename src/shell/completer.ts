/** Tab, where a session is: what the text says, and what only the node, the host or the disk can tell. */
import { readdir } from "node:fs/promises";
import { nameServerOf } from "../node/global/name-server.ts";
import { connectionsOf } from "../node/node-module.ts";
import { NameService } from "../node/name-service/name-service.ts";
import { hostOf } from "../node/node-name.ts";
import { exportsOf } from "../process/modules.ts";
import type { Runtime } from "../process/runtime.ts";
import { NONODE } from "../term/pid.ts";
import { complete, type Completion } from "./complete.ts";
import { cursorIn } from "./cursor.ts";
import { documentation } from "./docs.ts";
import { type Expected, expectedIn } from "./expected.ts";
import { fullPath } from "./helpers/full-path.ts";
import { documentFor, helperNames } from "./helpers/index.ts";
import type { Session } from "./session.ts";

/** The host's list of nodes and the disk are not waited for longer. */
const PATIENCE_MS = 200;
/** Files that can be loaded. */
const CODE = /\.[cm]?[jt]sx?$/u;

export interface CompleterOptions {
  readonly runtime: Runtime;
  readonly session: Session;
  /** The nodes of this host by their short names; asked of the name service unless told. */
  readonly localNames?: () => Promise<readonly string[]>;
}

export class Completer {
  readonly #options: CompleterOptions;
  #last: string | undefined;

  constructor(options: CompleterOptions) {
    this.#options = options;
  }

  /** What a Tab offers behind `before`; at the second of two, signatures and types as well. Never fails for want of an answer. */
  async complete(before: string): Promise<Completion> {
    const { runtime, session } = this.#options;
    const again = before === this.#last;
    const cursor = cursorIn(before);
    const { quoted } = cursor;
    const texts = quoted === undefined ? [] : await this.#texts(expectedIn(cursor), quoted.text);
    const completion = complete(before, session, {
      texts,
      again,
      document: (name) => documentFor({ runtime, session: () => session }, name),
    });
    this.#last = before + completion.insert;
    return completion;
  }

  async #texts(expected: Expected, typed: string): Promise<readonly string[]> {
    const { runtime } = this.#options;
    const { modules } = runtime;
    switch (expected.kind) {
      case "node":
      case "anything":
        return this.#nodes(expected.kind === "node");
      case "name":
        return [...runtime.names.keys()];
      case "global":
        return (nameServerOf(runtime)?.table.names() ?? []).filter((name) => typeof name === "string");
      case "module":
        return modules.allNames();
      case "documented":
        return [...new Set([...documentation().keys(), ...helperNames(), "v", ...modules.allNames()])];
      case "function": {
        const module = modules.get(expected.module);
        return module === undefined ? [] : exportsOf(module);
      }
      case "path":
      case "folder":
        return withinTime(paths(typed, expected.kind), []);
      case "text":
        return [];
    }
  }

  /** This node, those it is connected to, and those that the host knows. */
  async #nodes(asked: boolean): Promise<readonly string[]> {
    const { runtime, localNames = namesOfHost } = this.#options;
    if (runtime.name === NONODE) return [];
    const host = hostOf(runtime.name);
    const found = asked ? await withinTime(localNames(), []) : [];
    const connected = connectionsOf(runtime)?.list("connected") ?? [];
    return [...new Set([runtime.name, ...connected, ...found.map((name) => `${name}@${host}`)])];
  }
}

async function namesOfHost(): Promise<readonly string[]> {
  const service = new NameService({});
  try {
    return (await service.names()).map(({ name }) => name);
  } finally {
    await service.close();
  }
}

/** Files and folders below the folder that is typed; folders end with a slash. Hidden ones only if asked for. */
async function paths(typed: string, kind: "path" | "folder"): Promise<string[]> {
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  const hidden = typed.slice(folder.length).startsWith(".");
  const entries = await readdir(fullPath(folder === "" ? "." : folder), { withFileTypes: true });
  return entries
    .filter((entry) => hidden || !entry.name.startsWith("."))
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() || (kind === "path" && CODE.test(entry.name)))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
}

async function withinTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const { promise: late, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  const first = await Promise.race([answer.catch(() => otherwise), late]);
  clearTimeout(timer);
  return first;
}
