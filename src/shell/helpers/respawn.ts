import { current } from "../../process/context.ts";
import type { Helper } from "./context.ts";

/** A new process for the shell. */
export const respawn: Helper = {
  name: "respawn",
  usage: ["respawn()"],
  doc: "Ends the shell's process and goes on with a new one: another pid, an empty mailbox, no links. Variables stay.",
  make:
    ({ respawn: end }) =>
    () => {
      end();
      // Throws, as this process is no more: otherwise the new shell would begin with a value of the old one.
      current();
    },
};
