import { breakPointsOf, functionAmong } from "../break-points.ts";
import type { Helper } from "./context.ts";

/** A break point. */
export const setBreak: Helper = {
  name: "setBreak",
  usage: ["setBreak(Kate.sayName)", "setBreak(Kate.sayName, 3)", 'setBreak(Kate, "sayName", 3)'],
  doc:
    "Has the next call of a function of a module of this node stop, or the next so many, in whichever process, as pry() " +
    "stops: its arguments are variables, continue() runs it with them. A method is named beside its class, a server's callback for " +
    'instance: setBreak(Counter, "handleCall"). Gives the break point\'s number. A function that is not ' +
    "async gives a promise when it is stopped. Defining the module anew ends it. Throws badarg for what is no such function.",
  make:
    ({ runtime }) =>
    (...args: readonly unknown[]) => {
      const { name, rest } = functionAmong(runtime, args);
      return breakPointsOf(runtime).set(name, (rest[0] ?? 1) as number);
    },
};
