import { ask } from "../../io/ask.ts";
import { current } from "../../process/context.ts";
import { hasCode } from "../../term/error.ts";
import type { Helper } from "./context.ts";
import { print, PRINTED } from "./print.ts";

/** An empty screen. */
export const clear: Helper = {
  name: "clear",
  usage: ["clear()"],
  doc: "Clears the screen. Says so where there is none, as with output that goes to a file.",
  make: () => async () => {
    const process = current();
    try {
      await ask(process, process.leader, ["clear"]);
    } catch (error) {
      if (!hasCode(error, "enotsup")) throw error;
      return print("There is no screen to clear: this shell's output is not a terminal");
    }
    return PRINTED;
  },
};
