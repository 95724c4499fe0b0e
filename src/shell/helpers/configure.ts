import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Settings } from "../settings.ts";
import type { Helper } from "./context.ts";

/** What a person sets about the prompt, for as long as the node runs. */
export const configure: Helper = {
  name: "configure",
  usage: ['configure({ editing: "vi", depth: 3 })', "configure()"],
  doc:
    "Changes settings of the prompt, for all shells of this node and as long as it runs, and gives all as they are then; " +
    "without an argument, as they are. settings() says what each means. The same keys in ~/.config/moebi/settings.json " +
    "hold from the start. In a shell on another node those of how results are printed, for that shell alone; the " +
    "terminal's are changed by settings(). Throws badarg for a name that is no setting and a value that does not fit; " +
    "nothing is changed then.",
  make:
    ({ settings }) =>
    (changes: Partial<Settings> = {}) => {
      if (typeof changes !== "object" || changes === null || Array.isArray(changes))
        throw new ArgumentError(`configure takes settings, such as { depth: 3 }, not ${inspect(changes)}`);
      return settings.configure(changes);
    },
};
