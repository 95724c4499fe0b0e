import { describe, expect, test } from "vitest";
import { Runtime } from "../../src/process/runtime.ts";
import { DEFAULT_SETTINGS, settingsOf, SettingsStore } from "../../src/shell/settings.ts";

describe("SettingsStore.configure()", () => {
  test("changes what it names, and tells who wants to know", () => {
    const store = new SettingsStore();
    const seen: string[] = [];
    const end = store.subscribe(({ editing }) => seen.push(editing));
    expect(store.configure({ editing: "vi" })).toEqual({ ...DEFAULT_SETTINGS, editing: "vi" });
    end();
    store.configure({ editing: "emacs" });
    expect(seen).toEqual(["vi"]);
  });

  test.each([
    [{ edting: "vi" }, 'There is no setting "edting"; did you mean editing?'],
    [{ other: "vi" }, 'There is no setting "other"; there are editing, '],
    [{ editing: "vim" }, 'The setting "editing" is "emacs" or "vi", not "vim"'],
    [{ colors: "yes" }, 'The setting "colors" is true or false'],
    [{ depth: -1 }, 'The setting "depth" is a number from 0'],
    [{ escapeDelay: Infinity }, 'The setting "escapeDelay" is a number of milliseconds'],
    [{ prompt: 1 }, 'The setting "prompt" is a text'],
    [{ keys: { "ctrl+o": 1 } }, 'The setting "keys" is an object'],
  ])("refuses %j, and changes nothing", (changes, message) => {
    const store = new SettingsStore();
    expect(() => store.configure({ colors: false, ...(changes as object) })).toThrow(message);
    expect(store.current).toBe(DEFAULT_SETTINGS);
  });
});

describe("settingsOf()", () => {
  test("gives each node its own", () => {
    const [one, other] = [new Runtime(), new Runtime()];
    settingsOf(one).configure({ editing: "vi" });
    expect([settingsOf(one).current.editing, settingsOf(other).current.editing]).toEqual(["vi", "emacs"]);
  });
});

describe("a store of settings for a terminal of another node", () => {
  test("has none of the terminal's, and says where they are", () => {
    const store = new SettingsStore(true);
    expect(store.configure({ depth: 2 })).toMatchObject({ depth: 2, colors: true });
    expect(store.all).not.toHaveProperty("editing");
    expect(() => store.configure({ depth: 3, editing: "vi" })).toThrow(
      '"editing" is a setting of your terminal, not of a shell here: F2 changes it',
    );
    expect(store.current.depth).toBe(2);
  });
});

describe("SettingsStore.follow()", () => {
  test("tells of another value of one setting, until it is ended", () => {
    const store = new SettingsStore();
    let told = 0;
    const end = store.follow("prompt", () => told++);
    for (const change of [{ depth: 1 }, { prompt: "> " }, { prompt: "> " }, { prompt: "$ " }]) store.configure(change);
    end();
    store.configure({ prompt: "# " });
    expect(told).toBe(2);
  });
});
