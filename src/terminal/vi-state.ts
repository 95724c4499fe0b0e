import type { Key } from "./keys.ts";

/** A search for a character in the line: `f`, `F`, `t` or `T`. */
export interface ViFind {
  readonly kind: string;
  readonly character: string;
}

/** What vi's keys need to know from one to the next. */
export interface ViState {
  readonly mode: "insert" | "normal";
  /** The keys of a command that is not whole yet, `2d` of `2dw`. */
  readonly pending: string;
  /** The register that was named for the command that comes: `a`, of `"ap`. */
  readonly register: string | undefined;
  /** What was taken into registers by name. Whole lines end with a newline. */
  readonly registers: ReadonlyMap<string, string>;
  readonly find: ViFind | undefined;
  /** The keys of the last change, which `.` does again. */
  readonly change: readonly Key[];
  /** The keys of a change that goes on while text is inserted. */
  readonly recording: readonly Key[] | undefined;
  /** What `R` has typed over, while it does. */
  readonly replaced: readonly string[] | undefined;
  /** What was searched for last, which `n` and `N` look for again. */
  readonly query: string | undefined;
  /** The places that `m` has marked. */
  readonly marks: ReadonlyMap<string, number>;
  /** To older entries, by `/`, or to newer ones, by `?`. */
  readonly direction: -1 | 1;
}

/** A prompt begins in insert mode, as one comes to it to type. */
export const initialVi: ViState = {
  mode: "insert",
  pending: "",
  register: undefined,
  registers: new Map(),
  find: undefined,
  change: [],
  recording: undefined,
  replaced: undefined,
  query: undefined,
  marks: new Map(),
  direction: -1,
};
