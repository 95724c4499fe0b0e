/** How results and errors look at the terminal that a shell is used at. */
import type { InspectOptions } from "../term/inspect.ts";
import type { StackFrame, ThrownOptions } from "../process/format-exit.ts";
import type { IoRequest } from "../io/io-protocol.ts";
import { cropped, type Statements } from "./excerpt.ts";
import { fitted } from "./fitted.ts";
import { inspectOptionsOf, type SettingsStore } from "./settings.ts";

/** Columns in front of the line that an error points at, its number not counted, and one behind it. */
const EXCERPT_MARGIN = 10;
/** What is shown of such a line, however narrow the terminal. */
const LEAST_EXCERPT = 20;

export interface PresentationOptions {
  readonly settings: SettingsStore;
  readonly colors: boolean;
  /** What has been typed. */
  readonly statements: Statements;
  /** Asks the terminal's group leader. */
  ask(request: IoRequest): Promise<unknown>;
}

export class Presentation {
  private readonly options: PresentationOptions;

  constructor(options: PresentationOptions) {
    this.options = options;
  }

  /** By the settings as they are now. */
  get inspect(): InspectOptions {
    const { settings, colors } = this.options;
    return inspectOptionsOf(settings.current, colors);
  }

  /** The text of a result, as much of it as fits. */
  value(value: unknown): Promise<string> {
    const { pager } = this.options.settings.current;
    return fitted(value, { inspect: this.inspect, pager, geometry: (of) => this.geometry(of) });
  }

  /** On a terminal an error shows the line it points at, as much of it as fits; what pipes get stays as it is. */
  async thrown(): Promise<ThrownOptions> {
    const { statements } = this.options;
    const options = { ...this.inspect, place: (frame: StackFrame) => statements.place(frame), belowStatement: true };
    const columns = (await this.geometry("rows")) === undefined ? undefined : await this.geometry("columns");
    if (columns === undefined) return options;
    return {
      ...options,
      excerpt: (frame) => {
        const excerpt = statements.excerpt(frame);
        const room = columns - EXCERPT_MARGIN - String(excerpt?.line).length;
        return excerpt && cropped(excerpt, Math.max(LEAST_EXCERPT, room));
      },
    };
  }

  /** The size of the terminal, `undefined` where there is none. */
  private async geometry(of: "rows" | "columns"): Promise<number | undefined> {
    const size = await this.options.ask(["get_geometry", of]).catch(() => undefined);
    return typeof size === "number" ? size : undefined;
  }
}
