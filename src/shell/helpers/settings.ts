import { ask } from "../../io/ask.ts";
import { current } from "../../process/context.ts";
import { hasCode } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { docTable } from "../doc-page.ts";
import { ABOUT, type Settings } from "../settings.ts";
import type { Helper } from "./context.ts";
import { print, PRINTED, width } from "./print.ts";

/** The menu of settings. */
export const settings: Helper = {
  name: "settings",
  usage: ["settings()"],
  doc:
    "Shows all settings of the prompt on the whole screen, to be changed there, as the key F2 does: arrows choose, Enter " +
    "changes, s saves them into settings.json, q leaves. They are those of the terminal it is typed at, whichever node's " +
    "shell that is. Prints them where there is no screen, and how to change them.",
  make:
    ({ settings: store }) =>
    async () => {
      const process = current();
      try {
        await ask(process, process.leader, ["settings"]);
        return PRINTED;
      } catch (error) {
        // A leader of another kind knows nothing of it.
        if (!hasCode(error, "enotsup") && !hasCode(error, "request")) throw error;
      }
      const rows = Object.entries(store.all).map(
        ([name, value]) =>
          [`${name}: ${inspect(value, { breakLength: Infinity })}`, ABOUT[name as keyof Settings].meaning] as const,
      );
      return print(
        ...docTable(rows, { columns: await width() }),
        "",
        "There is no screen for a menu here: configure({ depth: 3 }) changes a setting for as long as the node runs,",
        "~/.config/moebi/settings.json holds for good what it says.",
      );
    },
};
