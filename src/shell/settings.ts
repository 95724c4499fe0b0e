/** What a person may set about the prompt: by `configure({...})`, in the settings file, and for the life of the node. */
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { checkKeys } from "./editor-commands.ts";
import type { Runtime } from "../process/runtime.ts";

export interface Settings {
  /** The keys of the editor. */
  readonly editing: "emacs" | "vi";
  /** Whether results, errors and input are coloured. What `NO_COLOR` or a dumb terminal says goes first. */
  readonly colors: boolean;
  /** How results are printed: nesting, entries and characters shown. */
  readonly depth: number;
  readonly maxEntries: number;
  readonly maxText: number;
  /** Whether what is longer than the screen is shown page by page. */
  readonly pager: boolean;
  /** Whether the rest of a line that was typed before is offered, dim, behind the cursor. */
  readonly suggestions: boolean;
  /** Whether the line below the prompt tells of the node, its peers and the mailbox. */
  readonly statusLine: boolean;
  /** Whether nodes that come and go are told of in lines above the prompt. Not unless asked for, as in IEx. */
  readonly nodeEvents: boolean;
  /** Whether lines that other nodes print begin with the node's name. Their colour tells it as well, where there are colours. */
  readonly nodeLabels: boolean;
  /** The prompt, with `%node` and `%counter`. */
  readonly prompt: string;
  /** How long Escape waits, in milliseconds, in case it begins a key's sequence: more for slow connections. */
  readonly escapeDelay: number;
  /** How many statements the history keeps. */
  readonly historySize: number;
  /** Keys of one's own: a chord (`"ctrl+o"`) and what it does (`"newline"`). */
  readonly keys: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: Settings = {
  editing: "emacs",
  colors: true,
  depth: 6,
  maxEntries: 100,
  maxText: 10_000,
  pager: true,
  suggestions: true,
  statusLine: true,
  nodeEvents: false,
  nodeLabels: false,
  prompt: "moebi(%node)%counter> ",
  escapeDelay: 50,
  historySize: 10_000,
  keys: {},
};

/** The settings of a node's shells, and who wants to know when they change. */
export class SettingsStore {
  current: Settings = DEFAULT_SETTINGS;
  private readonly listeners = new Set<(settings: Settings) => void>();

  /** Changes some of them; the others stay. Throws `badarg` for a name or a value that is none, and changes nothing. */
  configure(changes: Partial<Settings>): Settings {
    for (const [name, value] of Object.entries(changes)) check(name, value);
    this.current = { ...this.current, ...changes };
    for (const listener of [...this.listeners]) listener(this.current);
    return this.current;
  }

  /** Calls back at each change. Gives a function that ends it. */
  subscribe(listener: (settings: Settings) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const stores = new WeakMap<Runtime, SettingsStore>();

/** The settings of a node. */
export function settingsOf(runtime: Runtime): SettingsStore {
  let store = stores.get(runtime);
  if (store === undefined) stores.set(runtime, (store = new SettingsStore()));
  return store;
}

function check(name: string, value: unknown): void {
  if (!Object.hasOwn(DEFAULT_SETTINGS, name)) {
    throw new ArgumentError(`There is no setting "${name}"; there are ${Object.keys(DEFAULT_SETTINGS).join(", ")}`);
  }
  const wanted = wantedOf(name as keyof Settings, value);
  if (wanted !== undefined) throw new ArgumentError(`The setting "${name}" is ${wanted}, not ${inspect(value)}`);
  if (name === "keys") checkKeys(value as Settings["keys"]);
}

/** What a setting has to be, if it is not. */
function wantedOf(name: keyof Settings, value: unknown): string | undefined {
  if (name === "editing") return value === "emacs" || value === "vi" ? undefined : '"emacs" or "vi"';
  if (name === "keys") {
    const texts =
      typeof value === "object" && value !== null && Object.values(value).every((to) => typeof to === "string");
    return texts ? undefined : 'an object such as { "ctrl+o": "newline" }';
  }
  if (name === "escapeDelay")
    return typeof value === "number" && value >= 0 && value < Infinity ? undefined : "a number of milliseconds from 0";
  const kind = typeof DEFAULT_SETTINGS[name];
  if (kind === "number") return typeof value === "number" && value >= 0 ? undefined : "a number from 0, or Infinity";
  return typeof value === kind ? undefined : kind === "boolean" ? "true or false" : "a text";
}
