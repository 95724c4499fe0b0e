/** The menu of settings, pure: what is chosen, what is being typed, and what keys do. */
import { ABOUT, checkSetting, DEFAULT_SETTINGS, SETTING_NAMES, type Settings } from "../shell/settings.ts";
import { bufferOf, sourceOf } from "./buffer.ts";
import { createEditor, step, type EditorState } from "./editor.ts";
import type { Key } from "./keys.ts";
import type { Screen } from "./layout.ts";

type Name = keyof Settings;

export interface MenuModel {
  readonly screen: Screen;
  readonly settings: Settings;
  /** The row that is chosen. */
  readonly selected: number;
  /** The value that is being typed. */
  readonly entry: EditorState | undefined;
  /** Said until the next key: what is wrong with what was typed, or what was done. */
  readonly notice: { readonly text: string; readonly wrong: boolean } | undefined;
}

/** What is to be done besides. */
export type MenuEffect =
  | { readonly type: "change"; readonly changes: Partial<Settings> }
  | { readonly type: "save" }
  | { readonly type: "leave" };

export type Pressed = readonly [model: MenuModel, effect?: MenuEffect];

export function createMenu(settings: Settings, screen: Screen): MenuModel {
  return { screen, settings, selected: 0, entry: undefined, notice: undefined };
}

/** The setting that is chosen. */
export function chosenOf({ selected }: MenuModel): Name {
  return SETTING_NAMES[selected] ?? "editing";
}

/** A value as it is shown, and as it is typed. */
export function valueText(value: Settings[Name]): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, undefined, 1).replace(/\n\s*/gu, " ");
}

/** What a key, pressed at `now` milliseconds, does. */
export function pressed(before: MenuModel, key: Key, now: number): Pressed {
  const model: MenuModel = { ...before, notice: undefined };
  if (model.entry !== undefined) return typed(model, model.entry, key, now);
  if (key.type === "paste") return [model];
  const name = key.type === "chord" ? key.chord : key.text;
  const last = SETTING_NAMES.length - 1;
  switch (name) {
    case "q":
    case "Q":
    case "escape":
    case "ctrl+c":
    case "ctrl+d":
    case "f2":
      return [model, { type: "leave" }];
    case "up":
    case "k":
    case "ctrl+p":
    case "shift+tab":
      return [{ ...model, selected: Math.max(0, model.selected - 1) }];
    case "down":
    case "j":
    case "ctrl+n":
    case "tab":
      return [{ ...model, selected: Math.min(last, model.selected + 1) }];
    case "home":
    case "g":
    case "pageup":
      return [{ ...model, selected: 0 }];
    case "end":
    case "G":
    case "pagedown":
      return [{ ...model, selected: last }];
    case "s":
    case "ctrl+s":
      return [model, { type: "save" }];
    case "d":
      return changed(model, DEFAULT_SETTINGS[chosenOf(model)]);
    case "enter":
    case " ":
    case "shift+space":
      return entered(model);
    case "right":
    case "l":
      return stepped(model, 1);
    case "left":
    case "h":
      return stepped(model, -1);
    default:
      return typedAtOnce(model, name, now);
  }
}

/** A digit begins a number. */
function typedAtOnce(model: MenuModel, name: string, now: number): Pressed {
  if (!/^\d$/u.test(name) || typeof model.settings[chosenOf(model)] !== "number") return [model];
  const entry = step(createEditor("line"), { type: "text", text: name }, now).state;
  return [{ ...model, entry }];
}

function entered(model: MenuModel): Pressed {
  const name = chosenOf(model);
  if (ABOUT[name].choices !== undefined) return stepped(model, 1);
  const entry = { ...createEditor("line"), buffer: bufferOf(valueText(model.settings[name])) };
  return [{ ...model, entry }];
}

/** The next of a few values, or a number by one step. */
function stepped(model: MenuModel, direction: 1 | -1): Pressed {
  const name = chosenOf(model);
  const { choices, step: by = 0 } = ABOUT[name];
  const value = model.settings[name];
  if (choices !== undefined) {
    const next = (choices.indexOf(value) + direction + choices.length) % choices.length;
    return changed(model, choices[next]);
  }
  if (typeof value !== "number") return direction > 0 ? entered(model) : [model];
  // Nothing is next to infinity.
  return value === Infinity ? [model] : changed(model, Math.max(0, value + by * direction));
}

function changed(model: MenuModel, value: unknown): Pressed {
  const name = chosenOf(model);
  const changes = { [name]: value } as Partial<Settings>;
  return [
    { ...model, settings: { ...model.settings, ...changes } },
    { type: "change", changes },
  ];
}

/** A key while a value is typed: those of the line editor; Enter takes it if it fits, Escape leaves all as it was. */
function typed(model: MenuModel, entry: EditorState, key: Key, now: number): Pressed {
  const without: MenuModel = { ...model, entry: undefined };
  if (key.type === "chord" && (key.chord === "escape" || key.chord === "ctrl+c" || key.chord === "ctrl+g"))
    return [without];
  // There is no history here to be searched.
  if (key.type === "chord" && key.chord === "ctrl+r") return [model];
  const flat: Key = key.type === "paste" ? { ...key, text: key.text.replace(/[\r\n]+/gu, " ").trim() } : key;
  const { state, effects } = step(entry, flat, now);
  if (effects.some(({ type }) => type === "end")) return [without];
  if (!effects.some(({ type }) => type === "submit")) return [{ ...model, entry: state }];
  const name = chosenOf(model);
  const value = parsed(name, sourceOf(entry.buffer));
  const problem = value === undefined ? `${name} can't be "${sourceOf(entry.buffer)}"` : problemOf(name, value);
  return problem === undefined ? changed(without, value) : [{ ...model, notice: { text: problem, wrong: true } }];
}

/** The value that was typed; `undefined` for what is none. */
function parsed(name: Name, text: string): unknown {
  if (typeof DEFAULT_SETTINGS[name] === "string") return text;
  const trimmed = text.trim();
  if (typeof DEFAULT_SETTINGS[name] === "number")
    return /^(?:\d+(?:_\d+)*|Infinity)$/u.test(trimmed) ? Number(trimmed.replaceAll("_", "")) : undefined;
  try {
    return JSON.parse(trimmed === "" ? "{}" : trimmed);
  } catch {
    return undefined;
  }
}

function problemOf(name: Name, value: unknown): string | undefined {
  try {
    checkSetting(name, value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
