/** What a person may set about the prompt: by `configure({...})`, in the settings file, in the menu, and for the life of the node. */
import { ArgumentError } from "../term/error.ts";
import { inspect, type InspectOptions } from "../term/inspect.ts";
import { nearest } from "../term/nearest.ts";
import { checkKeys } from "./editor-commands.ts";
import { type Background, backgroundIn } from "../term/palette.ts";
import type { Runtime } from "../process/runtime.ts";

export interface Settings {
  readonly editing: "emacs" | "vi";
  readonly colors: boolean;
  readonly background: "auto" | Background;
  readonly depth: number;
  readonly maxEntries: number;
  readonly maxText: number;
  readonly pager: boolean;
  readonly suggestions: boolean;
  readonly completeWhileTyping: boolean;
  readonly statusLine: boolean;
  readonly nodeEvents: boolean;
  readonly nodeLabels: boolean;
  readonly autoReload: boolean;
  readonly prompt: string;
  readonly escapeDelay: number;
  readonly historySize: number;
  readonly keys: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: Settings = {
  editing: "emacs",
  colors: true,
  background: "auto",
  depth: 6,
  maxEntries: 100,
  maxText: 10_000,
  pager: true,
  suggestions: true,
  completeWhileTyping: false,
  statusLine: true,
  nodeEvents: false,
  nodeLabels: false,
  autoReload: false,
  prompt: "moebi(%node)%counter> ",
  escapeDelay: 50,
  historySize: 10_000,
  keys: {},
};

/** What a setting is about and may be. */
export interface About {
  /** What it does, in less than a line. */
  readonly meaning: string;
  /**
   * Whose it is: the terminal's, whichever node's shell is used there; the shell's, which a terminal gives to those it
   * opens on other nodes; or the node's.
   */
  readonly of: "terminal" | "shell" | "node";
  /** The values there are, where they are few. */
  readonly choices?: readonly unknown[];
  /** By how much a key changes a number. */
  readonly step?: number;
}

const SWITCH = [true, false];

export const ABOUT: Readonly<Record<keyof Settings, About>> = {
  editing: { of: "terminal", choices: ["emacs", "vi"], meaning: "The keys of the editor" },
  colors: {
    of: "shell",
    choices: SWITCH,
    meaning: "Whether input, results and errors are coloured; NO_COLOR and dumb terminals go first",
  },
  background: {
    of: "terminal",
    choices: ["auto", "dark", "light"],
    meaning: "What the colours are to be read on; auto is what COLORFGBG says, or colours for both",
  },
  depth: { of: "shell", step: 1, meaning: "How many levels of nesting of a result are shown" },
  maxEntries: { of: "shell", step: 10, meaning: "How many entries of a list or an object are shown" },
  maxText: { of: "shell", step: 1000, meaning: "How many characters of a text are shown" },
  pager: {
    of: "shell",
    choices: SWITCH,
    meaning: "Whether a result longer than the screen is folded; more() shows all",
  },
  suggestions: {
    of: "terminal",
    choices: SWITCH,
    meaning: "Whether the rest of an earlier statement is offered, dim, behind the cursor",
  },
  completeWhileTyping: {
    of: "terminal",
    choices: SWITCH,
    meaning: "Whether what Tab would list appears while you type; Tab then goes into that list",
  },
  statusLine: {
    of: "terminal",
    choices: SWITCH,
    meaning: "Whether the line below the prompt tells of node, peers and messages",
  },
  nodeEvents: {
    of: "terminal",
    choices: SWITCH,
    meaning: "Whether nodes that come and go are told of in lines above the prompt",
  },
  nodeLabels: {
    of: "terminal",
    choices: SWITCH,
    meaning: "Whether lines that other nodes print begin with the node's name",
  },
  autoReload: {
    of: "node",
    choices: SWITCH,
    meaning: "Whether loaded files that have changed are loaded again before a statement",
  },
  prompt: { of: "shell", meaning: "The prompt; %node and %counter stand for the node and the number" },
  escapeDelay: {
    of: "terminal",
    step: 10,
    meaning: "Milliseconds for which Escape waits, as it may begin a key: more on slow lines",
  },
  historySize: { of: "terminal", step: 1000, meaning: "How many statements the history keeps" },
  keys: { of: "terminal", meaning: 'Keys of your own, such as { "ctrl+o": "newline" }' },
};

/** The names of the settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[];

/** The settings of a node's shells, and who wants to know when they change. */
export class SettingsStore {
  current: Settings = DEFAULT_SETTINGS;
  private readonly listeners = new Set<(settings: Settings) => void>();
  private readonly afar: boolean;

  /** @param afar whether the terminal is another node's, so that the settings of a terminal are not among these */
  constructor(afar = false) {
    this.afar = afar;
  }

  /** Changes some of them; the others stay. Throws `badarg` for a name or a value that is none, and changes nothing. */
  configure(changes: Partial<Settings>): Partial<Settings> {
    for (const [name, value] of Object.entries(changes)) {
      checkSetting(name, value);
      if (!this.has(name as keyof Settings))
        throw new ArgumentError(`"${name}" is a setting of your terminal, not of a shell here: F2 changes it`);
    }
    this.current = { ...this.current, ...changes };
    for (const listener of [...this.listeners]) listener(this.current);
    return this.all;
  }

  /** Takes those that are known here: another program, older or newer, says them. */
  adopt(settings: unknown): void {
    for (const [name, value] of Object.entries(settings ?? {})) {
      try {
        this.configure({ [name]: value as unknown });
      } catch {
        // The others hold.
      }
    }
  }

  /** All that there are here, as they are. */
  get all(): Partial<Settings> {
    return Object.fromEntries(Object.entries(this.current).filter(([name]) => this.has(name as keyof Settings)));
  }

  private has(name: keyof Settings): boolean {
    return !this.afar || ABOUT[name].of !== "terminal";
  }

  /** Calls back at each change. Gives a function that ends it. */
  subscribe(listener: (settings: Settings) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Calls back when one setting has another value. Gives a function that ends it. */
  follow(name: keyof Settings, listener: () => void): () => void {
    let value = this.current[name];
    return this.subscribe((settings) => {
      const before = value;
      value = settings[name];
      if (value !== before) listener();
    });
  }
}

const stores = new WeakMap<Runtime, SettingsStore>();

/** The settings of a node. */
export function settingsOf(runtime: Runtime): SettingsStore {
  let store = stores.get(runtime);
  if (store === undefined) stores.set(runtime, (store = new SettingsStore()));
  return store;
}

/** What is behind the text by these settings and a terminal's environment, `undefined` if it is not known. */
export function backgroundOf(
  { background }: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Background | undefined {
  return background === "auto" ? backgroundIn(env) : background;
}

/** How results are printed by these settings, where there are colours or not. */
export function inspectOptionsOf({ colors, depth, maxEntries, maxText }: Settings, coloured: boolean): InspectOptions {
  return {
    depth,
    maxItems: maxEntries,
    maxStringLength: maxText,
    custom: true,
    ...(coloured && colors && { colors: true }),
  };
}

/** Throws `badarg` for a setting that there is not, or a value that it can't have. */
export function checkSetting(name: string, value: unknown): void {
  if (!Object.hasOwn(DEFAULT_SETTINGS, name)) {
    const meant = nearest(name, SETTING_NAMES);
    const hint = meant === undefined ? `there are ${SETTING_NAMES.join(", ")}` : `did you mean ${meant}?`;
    throw new ArgumentError(`There is no setting "${name}"; ${hint}`);
  }
  const setting = name as keyof Settings;
  if (!fits(setting, value))
    throw new ArgumentError(`The setting "${name}" is ${wanted(setting)}, not ${inspect(value)}`);
  if (setting === "keys") checkKeys(value as Settings["keys"]);
}

/** What a setting has to be, in words: `true or false`. */
export function wanted(name: keyof Settings): string {
  const { choices } = ABOUT[name];
  if (choices !== undefined) return choices.map((choice) => inspect(choice)).join(" or ");
  if (name === "keys") return 'an object such as { "ctrl+o": "newline" }';
  if (name === "escapeDelay") return "a number of milliseconds from 0";
  return typeof DEFAULT_SETTINGS[name] === "number" ? "a number from 0, or Infinity" : "a text";
}

function fits(name: keyof Settings, value: unknown): boolean {
  const { choices } = ABOUT[name];
  if (choices !== undefined) return choices.includes(value);
  if (name === "keys")
    return (
      typeof value === "object" &&
      value !== null &&
      Object.values(value).every((command) => typeof command === "string")
    );
  if (typeof DEFAULT_SETTINGS[name] !== "number") return typeof value === "string";
  return typeof value === "number" && value >= 0 && (name !== "escapeDelay" || value < Infinity);
}
