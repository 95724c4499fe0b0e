import { current } from "../../process/context.ts";
import { inspect } from "../../term/inspect.ts";
import { IO } from "../../io/io.ts";
import type { Helper } from "./context.ts";

/** What the shell's mailbox holds. */
export const flush: Helper = {
  name: "flush",
  usage: ["flush()"],
  doc: 'Prints the messages in the shell\'s mailbox, in order, and drops them. Gives "ok".',
  make: () => async () => {
    const { mailbox } = current();
    const messages = mailbox.toArray();
    mailbox.clear();
    if (messages.length > 0) await IO.write(messages.map((message) => `${inspect(message)}\n`).join(""));
    return "ok";
  },
};
