import type { Helper } from "./context.ts";
import { print } from "./print.ts";

/** The directory the program is in. */
export const pwd: Helper = {
  name: "pwd",
  usage: ["pwd()"],
  doc: "Prints the directory the program is in.",
  make: () => () => print(process.cwd()),
};
