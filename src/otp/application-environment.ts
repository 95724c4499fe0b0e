import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Runtime } from "../process/runtime.ts";

type Settings = Map<string, unknown>;

/** The settings of a node's applications. Values are copied in and out: nobody changes them by the way. */
export class ApplicationEnvironment {
  private readonly settings = new Map<string, Settings>();
  /** What has been configured: stronger than what an application brings, whenever that is loaded. */
  private readonly configured = new Map<string, Settings>();
  private readonly loaded = new Set<string>();

  get(app: string, key: string): { readonly value: unknown } | undefined {
    const own = this.settings.get(app);
    return own?.has(key) === true ? { value: copy(own.get(key)) } : undefined;
  }

  all(app: string): Record<string, unknown> {
    return copy(Object.fromEntries(this.settings.get(app) ?? []));
  }

  put(app: string, key: string, value: unknown, persistent = false): void {
    const own = copy(value);
    settingsOf(this.settings, app).set(key, own);
    if (persistent) settingsOf(this.configured, app).set(key, own);
  }

  delete(app: string, key: string, persistent = false): void {
    this.settings.get(app)?.delete(key);
    if (persistent) this.configured.get(app)?.delete(key);
  }

  /** Enters what an application brings itself, where nothing else has been configured. */
  load(app: string, env: Readonly<Record<string, unknown>>): void {
    this.loaded.add(app);
    const own = settingsOf(this.settings, app);
    const configured = this.configured.get(app);
    for (const [key, value] of Object.entries(env)) if (configured?.has(key) !== true) own.set(key, copy(value));
    for (const [key, value] of configured ?? []) own.set(key, value);
  }

  unload(app: string): void {
    this.loaded.delete(app);
    this.settings.delete(app);
  }

  /** Why there is no such setting, for those who need it. */
  missing(app: string, key: string): ArgumentError {
    const why =
      this.loaded.has(app) || this.settings.has(app)
        ? `configuration at ${inspect(key)} was not set`
        : "the application was not loaded nor configured";
    return new ArgumentError(
      `could not fetch application environment ${inspect(key)} for application ${inspect(app)} because ${why}`,
    );
  }
}

function settingsOf(all: Map<string, Settings>, app: string): Settings {
  let own = all.get(app);
  if (own === undefined) all.set(app, (own = new Map<string, unknown>()));
  return own;
}

const environments = new WeakMap<Runtime, ApplicationEnvironment>();

export function environmentOf(runtime: Runtime): ApplicationEnvironment {
  let own = environments.get(runtime);
  if (own === undefined) environments.set(runtime, (own = new ApplicationEnvironment()));
  return own;
}
