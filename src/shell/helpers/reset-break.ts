import { breakPointsOf, functionAmong } from "../break-points.ts";
import type { Helper } from "./context.ts";

/** A break point that stops no call. */
export const resetBreak: Helper = {
  name: "resetBreak",
  usage: ["resetBreak(1)", "resetBreak(Kate.sayName)", 'resetBreak(Kate, "sayName")'],
  doc:
    'Has no further call stop at a break point, given by its number or by the function; the break point stays. Gives "ok", or ' +
    '"not_found". Throws badarg for what is no function of a module.',
  make:
    ({ runtime }) =>
    (...args: readonly unknown[]) => {
      const [first] = args;
      const point = breakPointsOf(runtime).find(typeof first === "number" ? first : functionAmong(runtime, args).name);
      if (point === undefined) return "not_found";
      point.stops = 0;
      return "ok";
    },
};
