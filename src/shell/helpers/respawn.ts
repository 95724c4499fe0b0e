import { current } from "../../process/context.ts";
import type { Helper } from "./context.ts";
import { PRINTED } from "./print.ts";

/** A new process for the shell. */
export const respawn: Helper = {
  name: "respawn",
  usage: ["respawn()"],
  doc:
    "Ends the shell's process and goes on with a new one: another pid, an empty mailbox, no links. Variables stay. Where " +
    "another process is looked into, that goes on.",
  make:
    ({ respawn: end }) =>
    () => {
      end();
      // Throws, if the process was ended, as this process is no more: otherwise the new shell would begin with a value of the old one.
      current();
      return PRINTED;
    },
};
