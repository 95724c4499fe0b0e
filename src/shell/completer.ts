/** Tab, where a session is: what the text says, and what only the node, the host or the disk can tell. */
import { readdir } from "node:fs/promises";
import { builtinModules } from "node:module";
import { types } from "node:util";
import { nameServerOf } from "../node/global/name-server.ts";
import { connectionsOf } from "../node/node-module.ts";
import { NameService } from "../node/name-service/name-service.ts";
import { hostOf } from "../node/node-name.ts";
import { applicationNames } from "../otp/application-spec.ts";
import { exportsOf } from "../process/modules.ts";
import type { Runtime } from "../process/runtime.ts";
import { NONODE } from "../term/pid.ts";
import { complete, type Completion, type Names, type Offer, offer, type Surroundings } from "./complete.ts";
import { type Cursor, cursorIn } from "./cursor.ts";
import type { Members } from "./declared-types.ts";
import { documentation, type Documentation } from "./docs.ts";
import { eventsAt } from "./event-names.ts";
import { type Expected, expectedIn } from "./expected.ts";
import { wantedAt, type Wanted } from "./expected-type.ts";
import { fullPath } from "./helpers/full-path.ts";
import { documentFor, documentOfValue, helperNames } from "./helpers/index.ts";
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
    const again = before === this.#last;
    const [names, surroundings] = await this.#surroundings(before);
    const completion = complete(before, names, { ...surroundings, again });
    this.#last = before + completion.insert;
    return completion;
  }

  /** All that may stand behind `before`, for a program. Never fails for want of an answer. */
  async offer(before: string): Promise<Offer> {
    return offer(before, ...(await this.#surroundings(before)));
  }

  async #surroundings(before: string): Promise<[Names, Surroundings]> {
    const { runtime, session } = this.#options;
    const cursor = cursorIn(before);
    const { quoted } = cursor;
    const context = { runtime, session: () => session };
    const documentOf = (value: unknown): Documentation | undefined =>
      typeof value === "function" && !types.isProxy(value) ? documentOfValue(context, value) : undefined;
    const names: Names = {
      layers: () => session.layers(),
      types: session.types,
      signatureOf: (fn) => documentOf(fn)?.signature,
      libraryType: (name) => membersOf(documentation().get(name)),
    };
    const expected = expectedIn(cursor);
    const wanted =
      expected.kind === "anything" || expected.kind === "text"
        ? this.#typed(cursor, names, (name) => documentFor(context, name))
        : undefined;
    const texts =
      quoted === undefined ? [] : (wanted?.texts ?? (await this.#texts(wanted?.expected ?? expected, quoted.text)));
    return [names, { texts, document: (name) => documentFor(context, name), documentOf }];
  }

  /** What types say that may stand inside the quotes, or the names of an emitter's events. */
  #typed(cursor: Cursor, names: Names, document: (name: string) => Documentation | undefined): Wanted | undefined {
    const events = eventsAt(cursor, names);
    return events === undefined ? wantedAt(cursor, { document, declared: names.types }) : { texts: events };
  }

  async #texts(expected: Expected, typed: string): Promise<readonly string[]> {
    const { runtime } = this.#options;
    const { modules } = runtime;
    switch (expected.kind) {
      case "node":
        return this.#nodes(true);
      case "anything":
        // It may be a node; who has typed nothing yet has not said so.
        return typed === "" ? [] : this.#nodes(false);
      case "application":
        return applicationNames(runtime);
      case "import":
        return imports(typed);
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

/** What a type of the library has, as its documentation lists it. */
function membersOf(documented: Documentation | undefined): Members | undefined {
  return documented?.options && new Map(documented.options.map(([name, type]) => [name, type]));
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

/** What `import … from "` may name. */
async function imports(typed: string): Promise<string[]> {
  if (/^[./~]/u.test(typed)) return withinTime(paths(typed, "path"), []);
  const library = ["moebi", "moebi/testing"];
  if (typed === "") return [...library, "node:", "./"];
  return [...library, ...builtinModules.map((name) => (name.startsWith("node:") ? name : `node:${name}`))];
}

async function withinTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const { promise: late, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  const first = await Promise.race([answer.catch(() => otherwise), late]);
  clearTimeout(timer);
  return first;
}
