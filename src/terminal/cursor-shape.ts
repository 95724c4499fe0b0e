/** The shape of the terminal's cursor, by the mode of vi: the parameter of DECSCUSR. */
import type { EditorState } from "./state.ts";

/** What a terminal gives its cursor of itself. */
export const DEFAULT_SHAPE = 0;
const BLOCK = 2;
const BAR = 6;
const UNDERLINE = 4;

/** Of what is being edited, if anything is. */
export function shapeOf(state: EditorState | undefined): number {
  if (state?.options.editing !== "vi") return DEFAULT_SHAPE;
  if (state.vi.mode === "normal") return BLOCK;
  return state.vi.replaced === undefined ? BAR : UNDERLINE;
}
