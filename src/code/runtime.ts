/** What rewritten input calls while it runs. */

import { declare, type Environment, environmentOf, isModule } from "./environment.ts";
import { importFrom } from "./import.ts";
import { type Instruments, instrumentsOf, rememberUnit, type Unit } from "./registry.ts";
import { type Accessor, atSite, lineAt, type SiteArguments } from "./site.ts";

/** The outcome of an input: its value, and whether it is one to print (a definition's is not). */
export interface Evaluated {
  readonly value: unknown;
  readonly shown: boolean;
}

/** What {@link Runtime} needs of code that arrived from elsewhere, too. */
export interface Support extends Instruments {
  readonly import: typeof importFrom;
  /** `typeof name`, without an error for a name that does not exist. */
  peek(name: string): unknown;
  /** What is called where `fn` stands: `fn`, told of the place if that is what it wants. */
  at(fn: unknown, ...site: SiteArguments): unknown;
}

/** The support any evaluated code needs. */
export function supportOf(unit: Unit, scope: () => object): Support {
  return {
    ...instrumentsOf(unit),
    import: importFrom,
    peek: (name) => (name in scope() ? (scope() as Record<string, unknown>)[name] : undefined),
    at: (fn, start, fun, argument, self, locals) =>
      atSite(fn, () => {
        const { text, source = text, shown = source, file = "moebi(fn)", firstLine = 1 } = unit;
        const line = firstLine + lineAt(text, start);
        return { file, line, source: shown, firstLine, fun, argument, self, locals, scope: scope() };
      }),
  };
}

/** The `$$` of one input. */
export interface Runtime extends Support {
  /** Assigning to a property defines a variable (or module) that may be assigned again. */
  readonly let: object;
  /** Assigning to a property defines a constant (or module). */
  readonly const: object;
  /** `var name`: there it is, whatever its value was. */
  declare(name: string): void;
  /** Lets a class be used by name while its static parts are initialised. */
  early(name: string, value: unknown): void;
  /** Undoes every `early` whose definition did not come to an end. */
  abandon(): void;
  /** Takes a value in, and says whether it has to be waited for. */
  promised(value: unknown): boolean;
  take(): unknown;
  shown(value: unknown): Evaluated;
  declared(value: unknown, name: string): Evaluated;
  hidden(value: unknown): Evaluated;
}

/** Makes the support for one input of a session whose variables are the own properties of `scope`. */
export function createRuntime(unit: Unit, scope: object): Runtime {
  const early = new Map<string, PropertyDescriptor | undefined>();
  let taken: unknown;

  const define = (name: string, value: unknown, constant: boolean): true => {
    settleEarly(name);
    const environment = environmentOf(scope);
    if (environment !== undefined && isModule(name, value)) defineModule(environment, name, value);
    else if (constant) defineConstant(scope, name, value);
    else declare(scope, name, value);
    return true;
  };
  const defineModule = (environment: Environment, name: string, value: object): void => {
    environment.defineModule(name, value);
    rememberUnit(value, unit);
    // A variable of that name would stand in front of the module.
    Reflect.deleteProperty(scope, name);
  };
  const settleEarly = (name: string): void => {
    if (!early.has(name)) return;
    const before = early.get(name);
    early.delete(name);
    if (before === undefined) Reflect.deleteProperty(scope, name);
    else Object.defineProperty(scope, name, before);
  };
  const definer = (constant: boolean): object =>
    new Proxy(Object.create(null) as object, {
      set: (_target, name, value) => define(String(name), value, constant),
    });

  return {
    ...supportOf(unit, () => scope),
    let: definer(false),
    const: definer(true),
    declare(name) {
      // For a capitalised name the definition decides what it is.
      if (!Object.hasOwn(scope, name) && !/^\p{Lu}/u.test(name)) declare(scope, name, undefined);
    },
    early(name, value) {
      if (!early.has(name)) early.set(name, Object.getOwnPropertyDescriptor(scope, name));
      declare(scope, name, value);
    },
    abandon() {
      for (const name of [...early.keys()]) settleEarly(name);
    },
    promised(value) {
      taken = value;
      return (
        ((typeof value === "object" && value !== null) || typeof value === "function") &&
        typeof (value as { then?: unknown }).then === "function"
      );
    },
    take() {
      const value = taken;
      taken = undefined;
      return value;
    },
    shown: (value) => ({ value, shown: true }),
    declared: (value, name) => ({ value, shown: !isModule(name, value) }),
    hidden: (value) => ({ value, shown: false }),
  };
}

const constants = new WeakSet<object>();

/** Makes `name` of `scope` stand for a variable of somebody else's, which is read and assigned through these. */
export function declareAccess(scope: object, name: string, [read, assign]: Accessor): void {
  const get = (): unknown => read();
  constants.add(get);
  const set = (value: never): unknown => assign(value);
  Object.defineProperty(scope, name, { get, set, enumerable: true, configurable: true });
}

function defineConstant(scope: object, name: string, value: unknown): void {
  const get = (): unknown => value;
  constants.add(get);
  Object.defineProperty(scope, name, {
    get,
    set() {
      throw new TypeError("Assignment to constant variable.");
    },
    enumerable: true,
    configurable: true,
  });
}

/**
 * The value of a property without running anything of the user's: `undefined` if it is not there, hidden behind a
 * getter, or `holder` is a proxy and would have to be asked.
 */
export function valueOfVariable(descriptor: PropertyDescriptor): { readonly value: unknown } | undefined {
  if ("value" in descriptor) return { value: descriptor.value };
  if (descriptor.get === undefined || !constants.has(descriptor.get)) return undefined;
  try {
    return { value: descriptor.get() };
  } catch {
    // Declared further down.
    return undefined;
  }
}
